package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// account is whom the cluster runs as: ourselves, or the user postgres when we are root, as whom PostgreSQL refuses to run.
type account struct {
	credential   *syscall.Credential // nil: ourselves
	capabilities []uintptr
}

// forCluster finds the account and sees to it that it can reach dir, whose ancestors must exist.
//
// A data directory under a closed one, such as /root or what mktemp -d makes, is out of reach for the user postgres. Then it
// is started with CAP_DAC_READ_SEARCH, which lets it pass through directories (and read files) of others, but write nothing.
// No role of ours can make use of that: reading files through SQL takes a superuser.
func forCluster(dir string) (account, error) {
	if os.Getuid() != 0 {
		return account{}, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		return account{}, errors.New("PostgreSQL refuses to run as root and there is no user postgres on this machine: " +
			"run as another user, install the distribution's PostgreSQL package, or give DATABASE_URL")
	}
	uid, uidErr := strconv.ParseUint(owner.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(owner.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return account{}, err
	}
	found := account{credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	closed, err := closedAncestor(dir, uint32(uid), uint32(gid))
	if err != nil || closed == "" {
		return found, err
	}
	if !mayGrant(unix.CAP_DAC_READ_SEARCH) {
		return account{}, fmt.Errorf("PostgreSQL runs as the user postgres, for whom %s is closed: "+
			"allow passing through it (chmod o+x %s) or choose another data directory", closed, closed)
	}
	found.capabilities = []uintptr{unix.CAP_DAC_READ_SEARCH}
	return found, nil
}

// hold makes path a directory of ours that the account can pass through but not write to: so it cannot lead us astray, who may
// be root, with a link in the place of a file.
func (a account) hold(path string) error {
	mode := fs.FileMode(0o700)
	if a.credential != nil {
		mode = 0o711
	}
	if err := os.MkdirAll(path, mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// own makes path a directory of the account that nobody else may enter.
func (a account) own(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// closedAncestor returns the first directory on the way to path that the user may not pass through, or "".
func closedAncestor(path string, uid, gid uint32) (string, error) {
	var stat unix.Stat_t
	for _, dir := range ancestors(path) {
		if err := unix.Stat(dir, &stat); err != nil {
			return "", fmt.Errorf("look at %s: %w", dir, err)
		}
		pass := uint32(unix.S_IXOTH)
		switch {
		case stat.Uid == uid:
			pass = unix.S_IXUSR
		case stat.Gid == gid:
			pass = unix.S_IXGRP
		}
		if stat.Mode&pass == 0 {
			return dir, nil
		}
	}
	return "", nil
}

// ancestors are the directories above path, the root first.
func ancestors(path string) []string {
	var dirs []string
	for path != "/" {
		path = filepath.Dir(path)
		dirs = append([]string{path}, dirs...)
	}
	return dirs
}

// mayGrant says whether we hold a capability that we could hand on. Containers often go without.
func mayGrant(capability int) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return false
	}
	return data[capability/32].Permitted&(1<<(capability%32)) != 0
}
