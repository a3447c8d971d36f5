package ws_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/server/ws"
)

// TestReferenceClient runs graphql-ws, the client that the protocol's authors wrote, against us.
func TestReferenceClient(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	folder := filepath.Join("testdata", "interop")
	run := func(name string, args ...string) {
		t.Helper()
		command := exec.CommandContext(ctx, name, args...)
		command.Dir = folder
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); errors.Is(err, os.ErrNotExist) {
		run("npm", "ci", "--no-audit", "--no-fund")
	}
	run("node", "interop.mjs", open(t, ws.Config{}, people).url)
}
