package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// The shell waits for the end of its input, which it reaches when the test process is gone, kill -9 included, and cleans up. Nothing of
// it may hold the test's own output open: go test would wait for that.
const guardian = `
"$1/initdb" --no-sync -U postgres -A trust -E UTF8 --locale=C -D "$2/data" >"$2/log" 2>&1 </dev/null || exit 1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
	-c max_connections=400 -c shared_buffers=64MB -c max_prepared_transactions=0 >>"$2/log" 2>&1 </dev/null &
cat >/dev/null
kill -QUIT $!
wait
rm -rf "$2"
`

// startCluster returns an administrator's URL once the cluster answers.
func startCluster() (string, error) {
	bin, err := findPostgreSQL()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "pgtest") // short: the path of a unix socket has at most 107 bytes
	if err != nil {
		return "", err
	}
	command := exec.Command("/bin/sh", "-c", guardian, "sh", bin, dir)
	command.Dir = "/"
	// A group of its own: Ctrl-C in a terminal ends the tests, and their end ends the cluster.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		if command.SysProcAttr.Credential, err = postgresUser(); err != nil {
			return "", err
		}
		if err := os.Chown(dir, int(command.SysProcAttr.Credential.Uid), int(command.SysProcAttr.Credential.Gid)); err != nil {
			return "", err
		}
	}
	input, err := command.StdinPipe() // never closed here
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", errors.Join(err, input.Close())
	}
	gone := make(chan struct{})
	go func() { _ = command.Wait(); close(gone) }()
	address := (&url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode(),
	}).String()
	if err := waitFor(address, gone); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return "", fmt.Errorf("PostgreSQL for the tests did not start: %w\n%s", err, bytes.TrimSpace(log))
	}
	return address, nil
}

func waitFor(address string, gone <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, address)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-gone:
			return errors.New("it ended")
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// findPostgreSQL returns the folder that holds initdb and postgres, of the newest version if there are several.
func findPostgreSQL() (string, error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	newest, newestVersion := "", 0
	for _, folder := range folders {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if _, missing := os.Stat(filepath.Join(folder, "initdb")); err == nil && missing == nil && version > newestVersion {
			newest, newestVersion = folder, version
		}
	}
	if newest != "" {
		return newest, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("the tests need PostgreSQL 15 or newer: install its server package, or set " + envServer + " to an administrator's URL")
}

func postgresUser() (*syscall.Credential, error) {
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root, and there is no user to run it as: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
