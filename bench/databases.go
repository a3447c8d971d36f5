package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jagawarga/jagawarga/migrations/roles"
)

// databases are the addresses of the core database for the role that sees public rows alone, the one that takes reports in, and the one that
// acts for citizens.
// The baseline enters as these too: both systems are under the same row-level security.
func databases(data string) (reader, writer, voter string, err error) {
	core, err := core(data)
	if err != nil {
		return "", "", "", err
	}
	if reader, err = core.URL(roles.Public); err != nil {
		return "", "", "", err
	}
	if writer, err = core.URL(roles.Ingest); err != nil {
		return "", "", "", err
	}
	voter, err = core.URL(roles.Server)
	return reader, writer, voter, err
}

// core is the running system's core database.
func core(data string) (roles.Databases, error) {
	content, err := os.ReadFile(filepath.Join(data, "run", "up.json"))
	if err != nil {
		return roles.Databases{}, err
	}
	var running struct{ Database string }
	if err := json.Unmarshal(content, &running); err != nil {
		return roles.Databases{}, fmt.Errorf("up.json: %w", err)
	}
	return roles.Private(running.Database, filepath.Join(data, "secrets"))
}
