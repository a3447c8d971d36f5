package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// checkSecrets runs deploy/secrets/make in a folder of its own: it must make every secret that the compose file names.
func (d *deployment) checkSecrets(ctx context.Context, say sayer) {
	made, err := d.makeSecrets(ctx)
	if err != nil {
		say("deploy/secrets/make: %v", err)
		return
	}
	defer os.RemoveAll(made)
	folder := filepath.Join(d.root, "deploy", "secrets")
	for name, secret := range d.project.Secrets {
		if filepath.Dir(secret.File) != folder {
			say("secret %s: lies outside deploy/secrets", name)
		} else if _, err := os.Stat(filepath.Join(made, filepath.Base(secret.File))); err != nil {
			say("secret %s: deploy/secrets/make does not make it", name)
		}
	}
}

// makeSecrets returns a folder with fresh secrets; the caller removes it.
func (d *deployment) makeSecrets(ctx context.Context) (string, error) {
	script, err := os.ReadFile(filepath.Join(d.root, "deploy", "secrets", "make"))
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "secrets")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "make")
	if err := os.WriteFile(path, script, 0o700); err != nil {
		os.RemoveAll(folder)
		return "", err
	}
	if output, err := exec.CommandContext(ctx, "sh", path).CombinedOutput(); err != nil {
		os.RemoveAll(folder)
		return "", &scriptError{err: err, output: string(output)}
	}
	return folder, nil
}

// scriptError is a script's failure with what it printed.
type scriptError struct {
	err    error
	output string
}

func (e *scriptError) Error() string { return e.err.Error() + ": " + e.output }
