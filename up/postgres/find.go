package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// oldest is the first major version whose features and defaults we rely on.
const oldest = 15

// binaries is an installation of PostgreSQL.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// find looks for the newest installation, or, for a cluster that exists, for one of its own major version: no other can read
// its files. major 0 means any.
func find(major int) (binaries, error) {
	var best binaries
	for _, dir := range candidates() {
		found, err := inspect(dir)
		if err != nil || found.major < oldest || (major != 0 && found.major != major) {
			continue
		}
		if found.major > best.major {
			best = found
		}
	}
	switch {
	case best.dir != "":
		return best, nil
	case major != 0:
		return binaries{}, fmt.Errorf("the database was made by PostgreSQL %d, which is not installed: install the package postgresql-%d", major, major)
	default:
		return binaries{}, fmt.Errorf("PostgreSQL %d or newer is not installed: install the package postgresql, or give DATABASE_URL", oldest)
	}
}

// candidates are the folders where distributions and people put the programs.
func candidates() []string {
	var dirs []string
	if path, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/lib64/pgsql/bin"} {
		found, _ := filepath.Glob(pattern) // fails only for a malformed pattern
		dirs = append(dirs, found...)
	}
	if answer, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(answer)))
	}
	return dirs
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func inspect(dir string) (binaries, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, err
	}
	answer, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return binaries{}, err
	}
	match := versionNumber.FindSubmatch(answer)
	if match == nil {
		return binaries{}, errors.New("it does not tell its version")
	}
	major, err := strconv.Atoi(string(match[1]))
	return binaries{dir: dir, major: major}, err
}
