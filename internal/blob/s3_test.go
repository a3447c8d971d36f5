package blob_test

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/jagawarga/jagawarga/internal/blob"
)

// A bucket of S3 keeps blobs as a directory does, and is told neither content nor kind.
func TestS3(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "somebody")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	objects := s3mem.New()
	if err := objects.CreateBucket("pictures"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(objects).Server())
	t.Cleanup(server.Close)
	store, err := blob.Open(t.Context(), blob.Config{
		URL: "s3://pictures?region=us-east-1&use_path_style=true&endpoint=" + server.URL, KeyFile: t.TempDir() + "/key",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	content := bytes.Repeat([]byte("garden gate "), 10_000)
	name := put(t, store, content)
	object, err := objects.GetObject("pictures", name[:2]+"/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(object.Contents)
	_ = object.Contents.Close()
	if err != nil || bytes.Contains(raw, []byte("garden")) || object.Metadata["Content-Type"] != "application/octet-stream" {
		t.Errorf("%v, %v", object.Metadata, err)
	}
	reader, err := store.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := iotest.TestReader(reader, content); err != nil {
		t.Error(err)
	}
	var listed []blob.Listed
	if err := store.List(t.Context(), func(l blob.Listed) bool { listed = append(listed, l); return true }); err != nil {
		t.Fatal(err)
	}
	if len(listed) != 1 || listed[0].Name != name || time.Since(listed[0].At) > time.Hour {
		t.Fatalf("%+v", listed)
	}
	if err := store.Delete(t.Context(), listed[0]); err != nil {
		t.Error(err)
	}
	if _, err := store.Open(t.Context(), name); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("after its end: %v", err)
	}
	if _, err := store.Open(t.Context(), strings.Repeat("0", 32)); err == nil {
		t.Error("what was never put opens")
	}
}
