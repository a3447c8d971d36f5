package blob_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jagawarga/jagawarga/internal/blob"
)

var noon = time.Date(2026, 11, 23, 12, 34, 56, 789, time.UTC)

func open(t *testing.T) (*blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	store, err := blob.Open(t.Context(), blob.Config{
		URL: "file://" + filepath.Join(dir, "blobs"), KeyFile: filepath.Join(dir, "secrets", "blobs.key"), Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store, dir
}

func put(t *testing.T, store *blob.Store, content []byte) string {
	t.Helper()
	name, err := blob.NewName(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), name, content); err != nil {
		t.Fatal(err)
	}
	return name
}

func random(n int) []byte {
	content := make([]byte, n)
	_, _ = rand.Read(content)
	return content
}

// What is read is what was put, from any place on, for sizes about the edges of segments.
func TestReading(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	const segment = 16 << 10
	for _, size := range []int{0, 1, segment - 57, segment - 56, segment - 55, segment, 3*segment - 40 - 3*16, 3*segment - 40 - 3*16 + 1, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			content := random(size)
			reader, err := store.Open(t.Context(), put(t, store, content))
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			if reader.Size() != int64(size) {
				t.Errorf("the size is %d", reader.Size())
			}
			if err := iotest.TestReader(reader, content); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	for _, name := range []string{strings.Repeat("0", 32), "", "../../etc/passwd", strings.Repeat("z", 32)} {
		if _, err := store.Open(t.Context(), name); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Files hold nothing of the content and tell no moment; nothing lies beside them.
func TestFilesTellNothing(t *testing.T) {
	t.Parallel()
	store, dir := open(t)
	secret := []byte("a whistleblower's garden gate")
	name := put(t, store, bytes.Repeat(secret, 5000))
	var files []string
	err := filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files = append(files, entry.Name())
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.ModTime().Equal(noon.Truncate(time.Hour)) || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%v %v", info.ModTime(), info.Mode())
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, secret[:8]) {
			t.Error("the content can be read")
		}
		return err
	})
	if err != nil || len(files) != 1 || files[0] != name {
		t.Errorf("%v, %v", files, err)
	}
}

// Whoever changes, shortens or swaps files is found out.
func TestTampering(t *testing.T) {
	t.Parallel()
	for what, tamper := range map[string]func(raw, other []byte) []byte{
		"changed":   func(raw, _ []byte) []byte { raw[len(raw)/2] ^= 1; return raw },
		"shortened": func(raw, _ []byte) []byte { return raw[:16<<10] },
		"cut":       func(raw, _ []byte) []byte { return raw[:len(raw)-3] },
		"swapped":   func(_, other []byte) []byte { return other },
		"emptied":   func(_, _ []byte) []byte { return nil },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			store, dir := open(t)
			path := func(name string) string { return filepath.Join(dir, "blobs", name[:2], name) }
			name, other := put(t, store, random(40_000)), put(t, store, random(40_000))
			raw, err1 := os.ReadFile(path(name))
			foreign, err2 := os.ReadFile(path(other))
			if err := errors.Join(err1, err2, os.WriteFile(path(name), tamper(raw, foreign), 0o600)); err != nil {
				t.Fatal(err)
			}
			reader, err := store.Open(t.Context(), name)
			if err == nil {
				_, err = io.ReadAll(reader)
				_ = reader.Close()
			}
			if err == nil {
				t.Error("it reads as if nothing had happened")
			}
		})
	}
}

// Drafts of a crash are listed, so that they can be cleared away, and are no blobs.
func TestListAndDelete(t *testing.T) {
	t.Parallel()
	store, dir := open(t)
	name := put(t, store, []byte("x"))
	if err := os.WriteFile(filepath.Join(dir, "blobs", name[:2], name+".tmp1"), []byte("sealed"), 0o600); err != nil {
		t.Fatal(err)
	}
	listed := func() (names []string) {
		err := store.List(t.Context(), func(l blob.Listed) bool {
			if l.Name != "" && !l.At.Equal(noon.Truncate(time.Hour)) {
				t.Errorf("at %v", l.At)
			}
			names = append(names, l.Name)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if got := listed(); len(got) != 2 || got[0]+got[1] != name {
		t.Errorf("listed %q", got)
	}
	for range 2 { // deleting twice is deleting
		var all []blob.Listed
		_ = store.List(t.Context(), func(l blob.Listed) bool { all = append(all, l); return true })
		for _, l := range all {
			if err := errors.Join(store.Delete(t.Context(), l), store.Delete(t.Context(), l)); err != nil {
				t.Error(err)
			}
		}
	}
	if got := listed(); len(got) != 0 {
		t.Errorf("left %q", got)
	}
}

// What breaks off leaves what was there before.
func TestPutIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	name := put(t, store, []byte("first"))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Put(gone, name, random(1<<20)); err == nil {
		t.Error("put without anybody waiting for it")
	}
	reader, err := store.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if content, err := io.ReadAll(reader); err != nil || string(content) != "first" {
		t.Errorf("%q, %v", content, err)
	}
}

func TestWithoutAKey(t *testing.T) {
	t.Parallel()
	store, err := blob.Open(t.Context(), blob.Config{URL: "mem://"})
	if err != nil {
		t.Fatal(err)
	}
	if store.Put(t.Context(), strings.Repeat("0", 32), nil) == nil {
		t.Error("it seals without a key")
	}
	if _, err := store.Open(t.Context(), strings.Repeat("0", 32)); err == nil {
		t.Error("it opens without a key")
	}
	for _, url := range []string{"", "/just/a/path", "ftp://x"} {
		if _, err := blob.Open(t.Context(), blob.Config{URL: url}); err == nil {
			t.Errorf("opened %q", url)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	store, err := blob.Open(b.Context(), blob.Config{URL: "file://" + dir + "/b", KeyFile: dir + "/k"})
	if err != nil {
		b.Fatal(err)
	}
	content, name := random(50<<20), strings.Repeat("0", 32)
	if err := store.Put(b.Context(), name, content); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		reader, err := store.Open(b.Context(), name)
		if err == nil {
			_, err = io.Copy(io.Discard, reader)
			_ = reader.Close()
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
