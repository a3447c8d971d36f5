package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticksPerSecond of /proc/PID/stat: Linux has shown 100 on every machine that Go runs on.
const ticksPerSecond = 100

// processor is the time a process itself has used so far.
func processor(pid int) (time.Duration, error) { return used(pid, 11, 13) } // utime, stime

// used adds up some of the fields of /proc/PID/stat, counted from the state on.
func used(pid, from, to int) (time.Duration, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	var ticks int64
	for _, field := range fields[from:to] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond, nil
}

// stat returns the fields of /proc/PID/stat from the state on; the name before it may hold anything.
func stat(pid int) ([]string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	end := bytes.LastIndexByte(content, ')')
	if end < 0 {
		return nil, fmt.Errorf("/proc/%d/stat: unknown form", pid)
	}
	fields := strings.Fields(string(content[end+1:]))
	if len(fields) < 15 {
		return nil, fmt.Errorf("/proc/%d/stat: unknown form", pid)
	}
	return fields, nil
}

// family is the processor time of a process and of all below it, alive or ended.
func family(pid int) (time.Duration, error) {
	total, err := used(pid, 11, 15) // with cutime and cstime, those of the children that have ended
	if err != nil {
		return 0, err
	}
	for _, child := range children(pid) {
		if used, err := family(child); err == nil { // a backend may end while it is counted
			total += used
		}
	}
	return total, nil
}

// children are the processes whose parent is pid.
func children(pid int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []int
	for _, entry := range entries {
		child, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if fields, err := stat(child); err == nil && fields[1] == strconv.Itoa(pid) {
			found = append(found, child)
		}
	}
	return found
}

// resident is the memory in use that no file backs.
func resident(pid int) (int64, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if value, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no RssAnon", pid)
}

// settle waits until the processes have next to nothing to do, so that what one round left behind does not weigh on the next.
func settle(ctx context.Context, pids ...int) error {
	const (
		look  = 500 * time.Millisecond
		quiet = 25 * time.Millisecond // of processor time within one look
		limit = 60
	)
	last := time.Duration(-1)
	for range limit {
		var now time.Duration
		for _, pid := range pids {
			used, err := family(pid)
			if err != nil {
				return err
			}
			now += used
		}
		if last >= 0 && now-last <= quiet*time.Duration(len(pids)) {
			return nil
		}
		last = now
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(look):
		}
	}
	return fmt.Errorf("the processes %v do not come to rest", pids)
}
