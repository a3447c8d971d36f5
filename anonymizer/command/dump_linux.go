package command

import "golang.org/x/sys/unix"

// forbidDumps keeps what is in memory from reaching a disk when the process crashes, and other processes of the same user from reading it.
func forbidDumps() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
