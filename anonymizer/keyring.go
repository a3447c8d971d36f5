package anonymizer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/process"
)

// What the keyring keeps among the secret files: the key of the log, pinned when the first log came; the log as last seen; and the key of
// each day, a file that is made once and never changed.
const (
	verifierFile = "token-log.verifier"
	logFile      = "token-log"
	keyFolder    = "token-keys"
	keySuffix    = ".der"
)

// keyring knows which key belongs to which day. It believes a log that is signed by the pinned key and holds all that it has seen
// before, and never two keys for one day: whoever issues tokens cannot mark a person by a key of their own, now or later.
type keyring struct {
	dir string

	mu       sync.Mutex
	verifier string // empty: the first log that comes is believed
	entries  []blindtoken.Entry
	days     map[string]blindtoken.Day        // by key id
	keys     map[string]*blindtoken.PublicKey // by id; those of days that are not over
}

// openKeyring reads what an earlier run has learnt. verifier, if it is not empty, stands instead of the pinned one.
func openKeyring(dir, verifier string) (*keyring, error) {
	k := &keyring{dir: dir, verifier: verifier, days: map[string]blindtoken.Day{}, keys: map[string]*blindtoken.PublicKey{}}
	if verifier != "" {
		if _, err := note.NewVerifier(verifier); err != nil {
			return nil, fmt.Errorf("key of the token log: %w", err)
		}
	} else if pinned, err := os.ReadFile(filepath.Join(dir, verifierFile)); err == nil {
		k.verifier = string(pinned)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	seen, err := os.ReadFile(filepath.Join(dir, logFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if k.entries, err = blindtoken.ParseEntries(strings.Split(strings.TrimSuffix(string(seen), "\n"), "\n")); err != nil && len(seen) > 0 {
		return nil, fmt.Errorf("%s: %w", logFile, err)
	}
	for _, entry := range k.entries {
		k.days[entry.KeyID] = entry.Day
		der, err := os.ReadFile(k.keyFile(entry.Day))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		key, err := blindtoken.ParsePublicKey(der)
		if err != nil || key.ID() != entry.KeyID {
			return nil, fmt.Errorf("the key of %s is not the one in the log", entry.Day)
		}
		k.keys[key.ID()] = key
	}
	return k, nil
}

func (k *keyring) keyFile(day blindtoken.Day) string {
	return filepath.Join(k.dir, keyFolder, string(day)+keySuffix)
}

// find is the key that signed a token, and its day. What is refused here may be another matter once the log has been learnt anew.
func (k *keyring) find(id string, now time.Time) (*blindtoken.PublicKey, blindtoken.Day, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	day, known := k.days[id]
	key := k.keys[id]
	switch {
	case known && day < blindtoken.OldestAt(now):
		return nil, "", civic.Invalid("token.keyId", "tokens.expired")
	case known && !day.Redeemable(now):
		return nil, "", civic.Invalid("token.keyId", "tokens.too_early")
	case key == nil:
		return nil, "", civic.Invalid("token.keyId", UnknownKey)
	}
	return key, day, nil
}

// UnknownKey is the key of the error for a token whose key this service has not heard of: LearnTokenKeys may help.
const UnknownKey = "tokens.unknown_key"

var (
	errPinned    = errors.New("the log of token keys is signed by another key than the one that was pinned")
	errRewritten = errors.New("the log of token keys has been rewritten: what was in it is no longer")
	errSecondKey = errors.New("the log of token keys names a second key for a day")
)

// learn takes a log over.
func (k *keyring) learn(log *blindtoken.Log, now time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	verifier := k.verifier
	if verifier == "" {
		verifier = log.Verifier
	}
	entries, keys, err := log.Open(verifier)
	if err != nil {
		return err
	}
	if common := min(len(entries), len(k.entries)); !slices.Equal(entries[:common], k.entries[:common]) {
		return errRewritten
	}
	if k.verifier == "" {
		pinned, err := process.File(k.dir, verifierFile, func() ([]byte, error) { return []byte(verifier), nil })
		if err != nil {
			return err
		}
		if string(pinned) != verifier { // a neighbour has heard another first
			return errPinned
		}
		k.verifier = verifier
	}
	return k.take(entries, keys, blindtoken.OldestAt(now))
}

func (k *keyring) take(entries []blindtoken.Entry, keys []*blindtoken.PublicKey, oldest blindtoken.Day) error {
	days := make(map[string]blindtoken.Day, len(entries))
	for _, entry := range entries {
		days[entry.KeyID] = entry.Day
	}
	for _, key := range keys {
		day := days[key.ID()]
		if day < oldest {
			continue
		}
		kept, err := process.File(k.dir, keyFolder+"/"+string(day)+keySuffix, func() ([]byte, error) { return key.DER(), nil })
		if err != nil {
			return err
		}
		if !bytes.Equal(kept, key.DER()) { // a neighbour has learnt another log
			return errSecondKey
		}
		k.keys[key.ID()] = key
	}
	if len(entries) <= len(k.entries) {
		return nil
	}
	if err := k.keep(entries); err != nil {
		return err
	}
	k.entries, k.days = entries, days
	return nil
}

// keep replaces the file of the log; a crash leaves the old one or the new one.
func (k *keyring) keep(entries []blindtoken.Entry) error {
	var text strings.Builder
	for _, entry := range entries {
		text.WriteString(entry.String() + "\n")
	}
	draft, err := os.CreateTemp(k.dir, ".draft-") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(text.String())
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), filepath.Join(k.dir, logFile))
}

// retire lets go of the keys of days before oldest. That they were there stays in the log.
func (k *keyring) retire(oldest blindtoken.Day) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id := range k.keys {
		if k.days[id] < oldest {
			delete(k.keys, id)
		}
	}
	files, err := os.ReadDir(filepath.Join(k.dir, keyFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = nil
	for _, file := range files {
		name, isKey := strings.CutSuffix(file.Name(), keySuffix)
		if !isKey || blindtoken.Day(name) >= oldest {
			continue
		}
		if removeErr := os.Remove(k.keyFile(blindtoken.Day(name))); !errors.Is(removeErr, fs.ErrNotExist) { // a neighbour may be faster
			err = errors.Join(err, removeErr)
		}
	}
	return err
}
