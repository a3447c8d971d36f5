package process

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Secret returns the n bytes kept in the file dir/name, which is made from crypto/rand on first use. name may hold slashes.
// Directories are made 0700 and the file 0600. Of several processes that make the same secret at once one wins and all get
// its bytes; a crash leaves either the whole secret or none.
func Secret(dir, name string, n int) ([]byte, error) {
	secret, err := File(dir, name, func() ([]byte, error) {
		fresh := make([]byte, n)
		rand.Read(fresh) // never fails: crypto/rand ends the program instead
		return fresh, nil
	})
	if err == nil && len(secret) != n {
		return nil, fmt.Errorf("secret %s has %d bytes instead of %d", filepath.Join(dir, name), len(secret), n)
	}
	return secret, err
}

// Password is like Secret for text: 256 random bits as base64url. A file written by hand may end with a line break.
func Password(dir, name string) (string, error) {
	text, err := File(dir, name, func() ([]byte, error) {
		fresh := make([]byte, 32)
		rand.Read(fresh)
		return []byte(base64.RawURLEncoding.EncodeToString(fresh)), nil
	})
	if err != nil {
		return "", err
	}
	password := strings.TrimRight(string(text), "\r\n")
	if password == "" {
		return "", fmt.Errorf("secret %s is empty", filepath.Join(dir, name))
	}
	return password, nil
}

// File returns the content of the file dir/name, which is what fresh gives on first use. It keeps Secret's promises: of several
// processes one wins, and what is there is never changed. fresh may take its time.
func File(dir, name string, fresh func() ([]byte, error)) ([]byte, error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	content, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return content, err
	}
	made, err := fresh()
	if err != nil {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	// Written and synced under another name, then linked to its own, which fails if somebody else was faster.
	draft, err := os.CreateTemp(folder, ".draft-") // 0600
	if err != nil {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(made)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	if err := syncDir(folder); err != nil {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	return os.ReadFile(path)
}

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
