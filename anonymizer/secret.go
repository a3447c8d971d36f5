package anonymizer

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/internal/process"
)

const secretSize = 32

// vault is the directory with the anonymizer's secret files, each made on first use and readable by this service alone. Anonymizers
// that work side by side share one.
type vault struct {
	dir string

	mu   sync.Mutex
	days map[string][]byte // secrets of days, by date
}

func openVault(dir string) (*vault, error) {
	if dir == "" {
		return nil, errors.New("no directory for secrets")
	}
	return &vault{dir: dir, days: map[string][]byte{}}, os.MkdirAll(dir, 0o700)
}

func (v *vault) secret(name string) ([]byte, error) { return process.Secret(v.dir, name, secretSize) }

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
	secret, err := os.ReadFile(filepath.Join(v.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && len(secret) != secretSize {
		err = fmt.Errorf("secret %s has %d bytes", name, len(secret))
	}
	return secret, err
}

// retire destroys the secrets of days before yesterday: with them goes every way to make a receipt again from a client key.
func (v *vault) retire(now time.Time, zone *time.Location) error {
	oldest := now.In(zone).AddDate(0, 0, -1).Format(time.DateOnly)
	v.mu.Lock()
	defer v.mu.Unlock()
	for date := range v.days {
		if date < oldest {
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
		if !ok || !isDay || date >= oldest {
			continue
		}
		if removeErr := os.Remove(filepath.Join(v.dir, entry.Name())); !errors.Is(removeErr, fs.ErrNotExist) { // a neighbour may be faster
			err = errors.Join(err, removeErr)
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
