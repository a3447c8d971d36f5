package identity_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity"
)

func TestSigningKeysRotate(t *testing.T) {
	t.Parallel()
	c := start(t)
	old := c.signUp(t)
	oldKey := kid(t, old.AccessToken)

	c.clock.pass(30*24*time.Hour - time.Minute)
	c = c.restart(t)
	young, err := c.signIn(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if kid(t, young.AccessToken) != oldKey {
		t.Error("the key changed before its time")
	}

	c.clock.pass(time.Minute)
	c = c.restart(t)
	verifier := c.verifier(t)
	if _, err := verifier.Verify(t.Context(), young.AccessToken); err != nil { // it has fetched the new key with the old one
		t.Fatal(err)
	}
	same, err := c.signIn(t.Context(), password)
	if err != nil || kid(t, same.AccessToken) != oldKey {
		t.Errorf("the new key signs before everybody has it (%v)", err)
	}
	c.clock.pass(2 * time.Minute)
	fresh, err := c.signIn(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if kid(t, fresh.AccessToken) == oldKey {
		t.Error("the key did not change in time")
	}
	if err := c.stop(); err != nil { // the source of the keys is no longer needed
		t.Fatal(err)
	}
	for name, token := range map[string]string{"before": same.AccessToken, "after": fresh.AccessToken} {
		if _, err := verifier.Verify(t.Context(), token); err != nil {
			t.Errorf("a token from %s the rotation: %v", name, err)
		}
	}

	c.clock.pass(15*time.Minute + time.Second) // every token of the old key is dead
	c = c.restart(t)
	document, err := c.Keys(t.Context())
	if err != nil || strings.Contains(string(document), oldKey) || strings.Count(string(document), `"kid"`) != 1 {
		t.Errorf("published %s, %v", document, err)
	}
	files, err := os.ReadDir(filepath.Join(c.secrets, "signing"))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
}

func kid(t *testing.T, token string) string {
	t.Helper()
	return decode(t, strings.Split(token, ".")[0])["kid"].(string)
}

func TestSecretsAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	c := start(t)
	err := filepath.WalkDir(c.secrets, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Without the keys nobody would be found again: better not to start.
func TestOtherKeysAreRefused(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"hash.key", "fields.key"} {
		c := start(t)
		if err := c.stop(); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(c.secrets, lost)); err != nil {
			t.Fatal(err)
		}
		again := launch(t, c.admin, c.secrets, c.clock)
		eventually(t, func() error { // it answers until it has looked
			_, err := again.signIn(t.Context(), password)
			wantError(t, err, civic.CodeUnavailable, "identity.unavailable")
			if err := again.stopped(); err == nil {
				return os.ErrDeadlineExceeded
			}
			return nil
		})
		if err := again.stopped(); !strings.Contains(err.Error(), "other keys") {
			t.Errorf("without %s: %v", lost, err)
		}
	}
}

func TestNewChecksItsConfig(t *testing.T) {
	t.Parallel()
	if _, err := identity.New(identity.Config{}, nil, nil); err == nil {
		t.Error("no secrets directory was accepted")
	}
}
