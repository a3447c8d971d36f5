package blob

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// directory is a place on this machine. Drafts are made where the blob will be, not in the folder for everybody's temporary files, and
// are sealed like blobs; nothing about a blob is written beside it.
type directory struct{ path string }

func openDirectory(path string) (*directory, *blob.Bucket, error) {
	bucket, err := fileblob.OpenBucket(path, &fileblob.Options{
		CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	return &directory{path}, bucket, err
}

// settle brings a blob, and the names that lead to it, to the disk, and takes its time off it.
func (d *directory) settle(key string, hour time.Time) error {
	file := filepath.Join(d.path, filepath.FromSlash(key))
	folder := filepath.Dir(file)
	return errors.Join(os.Chtimes(file, hour, hour), synced(file), os.Chtimes(folder, hour, hour), synced(folder), synced(d.path))
}

func synced(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// private keeps others on this machine out of a draft, and so of the blob. S3 knows no such thing.
func private(as func(any) bool) error {
	var draft *os.File
	if !as(&draft) {
		return nil
	}
	return draft.Chmod(0o600)
}
