// Package figures lets tests tell what they measured to whoever runs `make test`, which prints it at the end: Go hides what passing
// tests say.
package figures

import (
	"fmt"
	"os"
	"testing"
)

// File is the variable that names the file to which figures are added; unset, they are in the test's log alone.
const File = "JAGAWARGA_FIGURES"

// Tell notes a figure, a line that can be understood by itself.
func Tell(t testing.TB, format string, args ...any) {
	t.Helper()
	line := fmt.Sprintf(format, args...)
	t.Log(line)
	path := os.Getenv(File)
	if path == "" {
		return
	}
	// One short write to a file opened for appending is not torn by other tests' writes.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = file.WriteString(line + "\n")
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		t.Errorf("figures: %v", err)
	}
}
