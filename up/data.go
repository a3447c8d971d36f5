package up

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The data directory:
//
//	lock        held while `up` runs; says by which process
//	postgres/   the private cluster
//	nats/       the broker's store, encrypted
//	blobs/      pictures and films, sealed
//	secrets/    passwords and keys
//	run/        up.json: where things listen; sockets, if their paths are not too long
type dataDir struct {
	path    string // absolute, without symbolic links
	sockets string
	lock    *os.File
}

func (d *dataDir) postgres() string { return filepath.Join(d.path, "postgres") }
func (d *dataDir) nats() string     { return filepath.Join(d.path, "nats") }

// InUseError says that another `up` runs on the data directory.
type InUseError struct {
	Data string
	Pid  int // 0: unknown
}

func (e *InUseError) Error() string {
	holder := "another jagawarga up"
	if e.Pid != 0 {
		holder += fmt.Sprintf(" (process %d)", e.Pid)
	}
	return fmt.Sprintf("the data directory %s is in use by %s: stop it first, or choose another directory with --data", e.Data, holder)
}

// openData makes what is missing and takes the lock, which the kernel gives back when this process ends, however it ends.
func openData(path string) (*dataDir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	path, err := canonical(path)
	if err != nil {
		return nil, err
	}
	data := &dataDir{path: path, sockets: socketDir(path)}
	if data.lock, err = takeLock(path); err != nil {
		return nil, err
	}
	if err := data.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("data directory: %w", err), data.lock.Close())
	}
	return data, nil
}

func (d *dataDir) prepare() error {
	for _, secret := range []string{d.nats(), secretsIn(d.path)} {
		if err := ownDirectory(secret, 0o700); err != nil {
			return err
		}
	}
	passable := fs.FileMode(0o700)
	if os.Getuid() == 0 { // the user postgres passes through; it cannot list or write
		passable = 0o711
		if err := openToPass(d.path); err != nil {
			return err
		}
	}
	return errors.Join(ownDirectory(runIn(d.path), passable), ownDirectory(d.sockets, passable))
}

// close gives the lock back.
func (d *dataDir) close() error {
	var err error
	if d.sockets != runIn(d.path) {
		err = os.RemoveAll(d.sockets)
	}
	return errors.Join(err, d.lock.Close())
}

func secretsIn(data string) string { return filepath.Join(data, "secrets") }
func runIn(data string) string     { return filepath.Join(data, "run") }
func lockIn(data string) string    { return filepath.Join(data, "lock") }

// RunDir is where the sockets of the system on a data directory are.
func RunDir(data string) (string, error) {
	path, err := canonical(data)
	if err != nil {
		return "", err
	}
	return socketDir(path), nil
}

// maxSocketPath leaves room below the 107 bytes that a unix socket's path may have.
const maxSocketPath = 100

// socketDir is run in the data directory, or a short name in the system's directory for temporary files when that is too long.
func socketDir(data string) string {
	dir := runIn(data)
	if len(filepath.Join(dir, "postgres", ".s.PGSQL.5432")) <= maxSocketPath {
		return dir
	}
	digest := sha256.Sum256([]byte(data))
	return filepath.Join(os.TempDir(), "jagawarga-"+hex.EncodeToString(digest[:8]))
}

func canonical(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return path, nil
}

// ownDirectory makes a directory with mode and refuses one that somebody else has put there: in a directory for temporary
// files anybody may.
func ownDirectory(path string, mode fs.FileMode) error {
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	var stat unix.Stat_t
	if err := unix.Lstat(path, &stat); err != nil {
		return err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR || int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s is not a directory of ours", path)
	}
	return os.Chmod(path, mode)
}

// openToPass lets others pass through a directory of ours to what is open to them below.
func openToPass(path string) error {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil || int(stat.Uid) != os.Getuid() {
		return err
	}
	return os.Chmod(path, fs.FileMode(stat.Mode&0o777|0o111))
}

// takeLock uses a lock of the open file (F_OFD_SETLK): children do not inherit it, and others can ask about it without taking
// it.
func takeLock(data string) (*os.File, error) {
	file, err := os.OpenFile(lockIn(data), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	whole := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}
	err = unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, &whole)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		text, _ := io.ReadAll(io.LimitReader(file, 20))
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0 if it is just being written
		return nil, errors.Join(&InUseError{Data: data, Pid: pid}, file.Close())
	}
	if err == nil {
		err = errors.Join(file.Truncate(0), writeAt(file, strconv.Itoa(os.Getpid())+"\n"))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the data directory: %w", err), file.Close())
	}
	return file, nil
}

func writeAt(file *os.File, text string) error {
	_, err := file.WriteAt([]byte(text), 0)
	return err
}

// locked says whether some process holds the lock.
func locked(data string) (bool, error) {
	file, err := os.Open(lockIn(data))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	whole := unix.Flock_t{Type: unix.F_RDLCK, Whence: io.SeekStart}
	if err := unix.FcntlFlock(file.Fd(), unix.F_OFD_GETLK, &whole); err != nil {
		return false, err
	}
	return whole.Type != unix.F_UNLCK, nil
}
