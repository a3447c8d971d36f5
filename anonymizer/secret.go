package anonymizer

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const secretSize = 32

// vault is the directory with the anonymizer's secret files, each made on first use and readable by this service alone. Anonymizers
// that work side by side share one.
type vault struct {
	dir    string
	random io.Reader

	mu   sync.Mutex
	days map[string][]byte // secrets of days, by date
}

func openVault(dir string, random io.Reader) (*vault, error) {
	if dir == "" {
		return nil, errors.New("no directory for secrets")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &vault{dir: dir, random: random, days: map[string][]byte{}}, nil
}

// file returns the content of a secret file, made by fresh if it is not there. Two who make it at once get the same.
func (v *vault) file(name string, fresh func() ([]byte, error)) ([]byte, error) {
	path := filepath.Join(v.dir, name)
	content, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return content, err
	}
	if content, err = fresh(); err != nil {
		return nil, err
	}
	draft, err := os.CreateTemp(v.dir, ".new-*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(content)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// secret is 32 random bytes kept under name.
func (v *vault) secret(name string) ([]byte, error) {
	text, err := v.file(name, func() ([]byte, error) {
		var secret [secretSize]byte
		if _, err := io.ReadFull(v.random, secret[:]); err != nil {
			return nil, err
		}
		return []byte(hex.EncodeToString(secret[:]) + "\n"), nil
	})
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	return parseSecret(name, text)
}

func parseSecret(name string, text []byte) ([]byte, error) {
	secret, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(secret) != secretSize {
		return nil, fmt.Errorf("secret %s: not %d bytes in hexadecimal", name, secretSize)
	}
	return secret, nil
}

const (
	dayPrefix = "day-"
	daySuffix = ".secret"
)

// day is the secret of the day that t falls on in zone, made on first use.
func (v *vault) day(t time.Time, zone *time.Location) ([]byte, error) {
	date := t.In(zone).Format(time.DateOnly)
	v.mu.Lock()
	defer v.mu.Unlock()
	if secret, ok := v.days[date]; ok {
		return secret, nil
	}
	secret, err := v.secret(dayPrefix + date + daySuffix)
	if err == nil {
		v.days[date] = secret
	}
	return secret, err
}

// pastDay is the secret of a day that may be gone; nil if it is.
func (v *vault) pastDay(t time.Time, zone *time.Location) ([]byte, error) {
	name := dayPrefix + t.In(zone).Format(time.DateOnly) + daySuffix
	text, err := os.ReadFile(filepath.Join(v.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseSecret(name, text)
}

// retire destroys the secrets of days before yesterday: with them goes every way to make a receipt again from a client key.
func (v *vault) retire(now time.Time, zone *time.Location) error {
	oldest := now.In(zone).AddDate(0, 0, -1).Format(time.DateOnly)
	v.mu.Lock()
	defer v.mu.Unlock()
	for date, secret := range v.days {
		if date < oldest {
			clear(secret)
			delete(v.days, date)
		}
	}
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		date, ok := strings.CutPrefix(entry.Name(), dayPrefix)
		date, isDay := strings.CutSuffix(date, daySuffix)
		if ok && isDay && date < oldest {
			err = errors.Join(err, os.Remove(filepath.Join(v.dir, entry.Name())))
		}
	}
	return err
}

// derive is the one way secrets become other values here: HMAC-SHA-256 with the purpose first.
func derive(secret []byte, purpose string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
