package importer_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/importer"
)

func TestRejectFileTellsOfOneImport(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rejects.csv")
	first := importer.NewRejectFile(path)
	for _, r := range []importer.Reject{{Line: 3, Key: "77", Reason: `no "date"`}, {Line: 9, Reason: "a, b"}} {
		if err := first.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(path)
	if want := "line,key,reason\n3,77,\"no \"\"date\"\"\"\n9,,\"a, b\"\n"; err != nil || string(written) != want {
		t.Errorf("%q, %v; want %q", written, err, want)
	}
	if err := importer.NewRejectFile(path).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an import without rejects leaves the file of an earlier one: %v", err)
	}
}

func TestRejectFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if err := importer.NewRejectFile(filepath.Join(t.TempDir(), "no", "rejects.csv")).Add(importer.Reject{}); err == nil {
		t.Error("no error")
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		terminal bool
		size     int64
		want     string
	}{
		"plain": {false, 200, " 50%  30 records, 10 a second, 2 rejected\n" + " 75%  40 records, 7 a second, 2 rejected\n"},
		"pipe":  {false, 0, "30 records, 10 a second, 2 rejected\n" + "40 records, 7 a second, 2 rejected\n"},
		"terminal": {true, 200, "\r[##################------------]  60%  20 records, 20 a second, 2 rejected\x1b[K" +
			"\r[###############---------------]  50%  30 records, 10 a second, 2 rejected\x1b[K" +
			"\r[######################--------]  75%  40 records, 7 a second, 2 rejected\x1b[K" + "\r\x1b[K"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(0, 0)
			var out strings.Builder
			progress := importer.NewProgress(&out, test.terminal, test.size, func() time.Time { return now })
			show := func(at time.Duration, read int64, counts importer.Counts) {
				now = time.Unix(0, 0).Add(at)
				progress.Show(read, counts)
			}
			show(time.Millisecond, 20, importer.Counts{Imported: 1}) // too soon for anybody
			show(time.Second, 120, importer.Counts{Imported: 18, Rejected: 2})
			show(3*time.Second, 100, importer.Counts{Imported: 18, Skipped: 10, Rejected: 2})
			show(6*time.Second, 150, importer.Counts{Imported: 28, Skipped: 10, Rejected: 2})
			progress.End()
			if out.String() != test.want {
				t.Errorf("%q\nwant %q", out.String(), test.want)
			}
		})
	}
}
