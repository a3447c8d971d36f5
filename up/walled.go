package up

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/up/child"
)

// walledStop is how long a walled service may take to end before it is killed.
const walledStop = 600 * time.Millisecond

// startWalled starts both and returns once they listen.
func (s *system) startWalled(ctx context.Context) error {
	var tasks []process.Named
	var waiting []*guarded
	for _, name := range []string{ServiceIdentity, ServiceAnonymizer} {
		named, err := s.walled(name)
		if err != nil {
			return err
		}
		// Three failures: one may be the socket of an earlier process that is just dying.
		service := guard(named, s.checks[name], 3)
		tasks, waiting = append(tasks, service.Named), append(waiting, service)
	}
	s.parts.Start(tasks...)
	return awaitAll(ctx, waiting)
}

// walled makes the task of a service that runs as a program of its own. Its environment is made from nothing: the addresses and
// passwords of others are not in it.
func (s *system) walled(service string) (process.Named, error) {
	cfg, err := s.instance.Config(service)
	if err != nil {
		return process.Named{}, err
	}
	path, args, err := walledProgram(service)
	if err != nil {
		return process.Named{}, err
	}
	program, err := child.New(child.Config{
		Path: path, Args: args, Env: append(cfg.Env(), s.environmentOf(service)...),
		Stdout: os.Stderr, Stderr: os.Stderr, // our own standard output has one line
		Stop: []child.Step{{Signal: syscall.SIGTERM, Wait: walledStop}},
	})
	if err != nil {
		return process.Named{}, err
	}
	return process.Named{Name: service, Task: program}, nil
}

// walledProgram is the program of that name beside our own, or our own with `serve`.
func walledProgram(service string) (path string, args []string, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, fmt.Errorf("find the program %s: %w", service, err)
	}
	beside := filepath.Join(filepath.Dir(self), service)
	if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
		return beside, nil, nil
	}
	return self, []string{"serve", service}, nil
}

// environmentOf adds what is for every program, and the settings that carry the service's own name, JAGAWARGA_IDENTITY_... or
// JAGAWARGA_ANONYMIZER_....
func (s *system) environmentOf(service string) []string {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	own := "JAGAWARGA_" + strings.ToUpper(service) + "_"
	for _, variable := range s.opts.Environ {
		name, _, _ := strings.Cut(variable, "=")
		if name == observe.EnvLogLevel || name == "TMPDIR" || strings.HasPrefix(name, own) {
			env = append(env, variable)
		}
	}
	return env
}

// dial is the check that somebody listens on a unix socket given as unix:///path.
func dial(address string) observe.Check {
	return func(ctx context.Context) error {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "unix", strings.TrimPrefix(address, "unix://"))
		if err != nil {
			return err
		}
		return conn.Close()
	}
}
