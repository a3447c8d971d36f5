package integration

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// programs is the directory with the programs; build fills it.
var programs string

// build makes the three programs once for all tests, and returns what removes them.
func build() (remove func(), err error) {
	if programs, err = os.MkdirTemp("", "jw"); err != nil {
		return nil, err
	}
	remove = func() { _ = os.RemoveAll(programs) }
	command := exec.Command("go", "build", "-o", programs+"/", "../cmd/...")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := command.CombinedOutput(); err != nil {
		remove()
		return nil, fmt.Errorf("build: %w\n%s", err, said)
	}
	return remove, nil
}

func program(name string) string { return filepath.Join(programs, name) }

// emptyPlace is a directory that does not exist yet, with a short path and parents that everybody may pass through: PostgreSQL runs as
// another user when the tests run as root.
func emptyPlace(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}
