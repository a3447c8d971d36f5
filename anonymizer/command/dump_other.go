//go:build !linux

package command

import "syscall"

// forbidDumps keeps what is in memory from reaching a disk when the process crashes.
func forbidDumps() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
