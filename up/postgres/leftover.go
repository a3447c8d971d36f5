package postgres

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const poll = 5 * time.Millisecond

// evict ends what an earlier postmaster left behind on the cluster, or the postmaster itself: a postmaster that was killed
// leaves its backends, and while one of them lives no new postmaster starts. The caller holds the lock of the data directory,
// so none of them can belong to anybody else.
func evict(ctx context.Context, cluster string) error {
	left := processesIn(cluster)
	if len(left) == 0 {
		return nil
	}
	postmaster, _ := readPidFile(cluster)
	if slices.Contains(left, postmaster.pid) {
		_ = syscall.Kill(postmaster.pid, syscall.SIGINT) // fast shutdown, if it is not under way already
		left = waitGone(ctx, cluster, 3*time.Second)
	}
	for _, signal := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGKILL} {
		for _, pid := range left {
			_ = syscall.Kill(pid, signal) // it may have gone by now
		}
		left = waitGone(ctx, cluster, 500*time.Millisecond)
	}
	if len(left) > 0 {
		return fmt.Errorf("processes %v of an earlier PostgreSQL on %s do not end", left, cluster)
	}
	return ctx.Err()
}

func waitGone(ctx context.Context, cluster string, patience time.Duration) (left []int) {
	deadline := time.Now().Add(patience)
	for {
		left = processesIn(cluster)
		if len(left) == 0 || ctx.Err() != nil || time.Now().After(deadline) {
			return left
		}
		time.Sleep(poll)
	}
}

// processesIn are the PostgreSQL processes that work in the cluster's directory. Zombies have no working directory and do not
// count. A process that is just ending has lost its program already and is still letting go of the shared memory, which a new
// postmaster would find in use: it counts until its directory is gone, too.
func processesIn(cluster string) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		dir, err := os.Readlink(filepath.Join("/proc", entry.Name(), "cwd"))
		if err != nil || dir != cluster {
			continue
		}
		program, err := os.Readlink(filepath.Join("/proc", entry.Name(), "exe"))
		if err != nil || strings.HasPrefix(filepath.Base(program), "postgres") { // "postgres (deleted)" after an upgrade
			pids = append(pids, pid)
		}
	}
	return pids
}

// pidFile is postmaster.pid: the process id on the first line, the state on the eighth.
type pidFile struct {
	pid   int
	ready bool
}

func readPidFile(cluster string) (pidFile, error) {
	content, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return pidFile{}, err
	}
	return pidFile{pid: pid, ready: len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"}, nil
}

// forgetDead removes a postmaster.pid whose number has meanwhile gone to a program that is no PostgreSQL of ours: PostgreSQL
// would take it for a running postmaster. A number that nobody has is left for PostgreSQL to judge, which also looks for
// leftover shared memory.
func forgetDead(cluster string) error {
	left, err := readPidFile(cluster)
	if err != nil || left.pid <= 0 || slices.Contains(processesIn(cluster), left.pid) {
		return nil
	}
	if syscall.Kill(left.pid, 0) == syscall.ESRCH {
		return nil
	}
	return os.Remove(filepath.Join(cluster, "postmaster.pid"))
}
