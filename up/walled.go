package up

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/up/child"
)

// walledStop is how long a walled service may take to end before it is killed.
const walledStop = 600 * time.Millisecond

// startWalled starts both and returns once they answer.
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
		Path: path, Args: args, Env: append(cfg.Env(), s.environmentOf(service, cfg)...),
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

// environmentOf adds what is for every program, the settings that carry the service's own name, JAGAWARGA_IDENTITY_... or
// JAGAWARGA_ANONYMIZER_..., and for who keeps pictures in a bucket how to sign in there.
func (s *system) environmentOf(service string, cfg process.Config) []string {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	own := "JAGAWARGA_" + strings.ToUpper(service) + "_"
	for _, variable := range s.opts.Environ {
		name, _, _ := strings.Cut(variable, "=")
		if name == observe.EnvLogLevel || name == "TMPDIR" || strings.HasPrefix(name, own) ||
			strings.HasPrefix(cfg.Blobs, "s3:") && strings.HasPrefix(name, "AWS_") {
			env = append(env, variable)
		}
	}
	return env
}

// serving is the check that a walled service answers calls, by the health protocol of gRPC. One that does not speak it, but
// answers, will do.
func serving(address string) observe.Check {
	return func(ctx context.Context) error {
		conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		defer conn.Close()
		reply, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		switch {
		case status.Code(err) == codes.Unimplemented:
			return nil
		case err != nil:
			return errors.New("not answering")
		case reply.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING:
			return errors.New("not ready for calls")
		}
		return nil
	}
}
