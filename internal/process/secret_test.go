package process_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jagawarga/jagawarga/internal/process"
)

func TestManyWhoMakeASecretGetTheSame(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "secrets")
	secrets := make([][]byte, 16)
	var running sync.WaitGroup
	for n := range secrets {
		running.Go(func() {
			var err error
			if secrets[n], err = process.Secret(dir, "identity/pepper", 32); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	for _, secret := range secrets {
		if len(secret) != 32 || !bytes.Equal(secret, secrets[0]) {
			t.Errorf("%d bytes, or others than the first got", len(secret))
		}
	}
	for path, mode := range map[string]os.FileMode{"identity": 0o700, "identity/pepper": 0o600} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "identity"))
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files, %v: drafts are left behind", len(entries), err)
	}
}

func TestASecretOfAnotherLengthIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := process.Secret(dir, "key", 16); err != nil {
		t.Fatal(err)
	}
	if _, err := process.Secret(dir, "key", 32); err == nil {
		t.Error("16 bytes pass for 32")
	}
}

func TestAPasswordWrittenByHand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "db"), []byte("by hand\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := process.Password(dir, "db"); err != nil || got != "by hand" {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "empty"), []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := process.Password(dir, "empty"); err == nil {
		t.Error("an empty password is let through")
	}
}
