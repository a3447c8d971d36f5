package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jagawarga/jagawarga/up/child"
)

// initialize makes the cluster beside its place and moves it there when it is complete and on disk: what is cut off half-way
// is begun again the next time.
func (c *Cluster) initialize(ctx context.Context, programs binaries) error {
	if _, err := os.Stat(c.data()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	began := time.Now()
	draft, passwordFile := c.data()+".new", filepath.Join(c.cfg.Dir, "password.new")
	defer os.Remove(passwordFile)
	if err := c.write(passwordFile, c.password); err != nil {
		return err
	}
	var err error
	for _, locale := range []string{"C.UTF-8", "C"} { // not every system has the first
		if err = errors.Join(os.RemoveAll(draft), c.account.own(draft)); err != nil {
			return err
		}
		err = c.initdb(ctx, programs, "-D", draft, "-U", Superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
			"--encoding", "UTF8", "--locale", locale, "--data-checksums", "--no-sync")
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	if err == nil {
		err = c.initdb(ctx, programs, "-D", draft, "--sync-only") // once for all files is several times faster than each alone
	}
	if err != nil {
		return fmt.Errorf("make the PostgreSQL cluster: %w%s", err, c.lastWords())
	}
	if err := os.Rename(draft, c.data()); err != nil {
		return err
	}
	c.cfg.Log.Info("PostgreSQL cluster made", "version", programs.major, "seconds", time.Since(began).Seconds())
	return nil
}

func (c *Cluster) initdb(ctx context.Context, programs binaries, args ...string) error {
	output, err := os.Create(c.startLog())
	if err != nil {
		return err
	}
	defer output.Close()
	program, err := child.New(child.Config{
		Path: programs.path("initdb"), Args: args, Env: environment, Stdout: output, Stderr: output,
		Credential: c.account.credential, Capabilities: c.account.capabilities,
	})
	if err != nil {
		return err
	}
	return errors.Join(program.Run(ctx), ctx.Err())
}

// configure writes what the server reads at its start.
func (c *Cluster) configure() error {
	if err := c.account.own(c.logs()); err != nil {
		return err
	}
	hbaFile := filepath.Join(c.cfg.Dir, "pg_hba.conf")
	return errors.Join(
		c.write(hbaFile, hba),
		c.write(filepath.Join(c.cfg.Dir, "postgresql.conf"), configuration(map[string]string{
			"hba_file": hbaFile, "log_directory": c.logs(), "unix_socket_directories": c.cfg.SocketDir,
		})),
	)
}

// write replaces a file that the cluster's account alone may read.
func (c *Cluster) write(path, content string) error {
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return err
	}
	if c.account.credential == nil {
		return nil
	}
	return os.Chown(path, int(c.account.credential.Uid), int(c.account.credential.Gid))
}
