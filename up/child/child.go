// Package child runs another program as a task: it starts with the task, is asked to end and then made to end with it, and
// dies when we are killed. Linux only.
package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// pipeDelay is how long output may be waited for when the program has gone and something it started still holds the pipe.
const pipeDelay = 200 * time.Millisecond

// A Step of stopping: a signal, and how long to wait for its effect.
type Step struct {
	Signal syscall.Signal
	Wait   time.Duration
}

// Config is a program and how it lives and ends.
type Config struct {
	Path string
	Args []string // without the program's name
	// Env is the whole environment: nothing is inherited.
	Env []string
	// Dir is the working directory. Default "/".
	Dir string
	// Stdout and Stderr get the output. Nil: thrown away.
	Stdout, Stderr *os.File
	// Credential is the user to run as. Nil: ourselves.
	Credential *syscall.Credential
	// Capabilities are kept by a program that runs as another user.
	Capabilities []uintptr
	// Stop is gone through when the task is to end; SIGKILL follows the last step. Default SIGTERM and 1 s.
	Stop []Step
	// Orphaned is the signal the program gets when we die without having stopped it. Default SIGKILL.
	Orphaned syscall.Signal
	// Started is called with the process id.
	Started func(pid int)
}

// Program is the task.
type Program struct{ cfg Config }

// New checks the configuration; nothing is started before Run.
func New(cfg Config) (*Program, error) {
	if cfg.Path == "" {
		return nil, errors.New("child: no program given")
	}
	if cfg.Env == nil {
		cfg.Env = []string{}
	}
	if cfg.Dir == "" {
		cfg.Dir = "/"
	}
	if cfg.Stop == nil {
		cfg.Stop = []Step{{syscall.SIGTERM, time.Second}}
	}
	if cfg.Orphaned == 0 {
		cfg.Orphaned = syscall.SIGKILL
	}
	if cfg.Started == nil {
		cfg.Started = func(int) {}
	}
	return &Program{cfg: cfg}, nil
}

// Run starts the program and returns when it has ended: nil if it ended well or because ctx is done.
func (p *Program) Run(ctx context.Context) error {
	command := exec.Command(p.cfg.Path, p.cfg.Args...)
	command.Env, command.Dir, command.WaitDelay = p.cfg.Env, p.cfg.Dir, pipeDelay
	// A nil *os.File in an io.Writer is not nil.
	if p.cfg.Stdout != nil {
		command.Stdout = p.cfg.Stdout
	}
	if p.cfg.Stderr != nil {
		command.Stderr = p.cfg.Stderr
	}
	command.SysProcAttr = &syscall.SysProcAttr{
		Setpgid:   true, // Ctrl-C in a terminal is for us: we stop our children in order
		Pdeathsig: p.cfg.Orphaned, Credential: p.cfg.Credential, AmbientCaps: p.cfg.Capabilities,
	}
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		// The kernel sends Orphaned when the thread that started the program ends, not the process: this one stays until then.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			ended <- command.Wait()
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start %s: %w", p.cfg.Path, err)
	}
	p.cfg.Started(command.Process.Pid)
	select {
	case err := <-ended:
		return failure(p.cfg.Path, err)
	case <-ctx.Done():
	}
	for _, step := range p.cfg.Stop {
		_ = command.Process.Signal(step.Signal) // fails only if it has ended meanwhile
		select {
		case <-ended:
			return nil
		case <-time.After(step.Wait):
		}
	}
	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // its whole group
	<-ended
	return nil
}

// failure leaves out what Wait says about pipes: the program's own end is what counts.
func failure(path string, err error) error {
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	return fmt.Errorf("%s ended: %w", path, err)
}
