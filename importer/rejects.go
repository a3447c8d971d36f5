package importer

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strconv"
)

// RejectFile is a CSV file of what was set aside: line, key, reason. It tells of one import: what an earlier one has left is
// replaced, or removed when there is nothing to write.
type RejectFile struct {
	path string
	file *os.File
	csv  *csv.Writer
}

// NewRejectFile touches nothing yet.
func NewRejectFile(path string) *RejectFile { return &RejectFile{path: path} }

// Add writes one line.
func (r *RejectFile) Add(reject Reject) error {
	if r.file == nil {
		file, err := os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		r.file, r.csv = file, csv.NewWriter(file)
		if err := r.csv.Write([]string{"line", "key", "reason"}); err != nil {
			return err
		}
	}
	return r.csv.Write([]string{strconv.Itoa(reject.Line), reject.Key, reject.Reason})
}

// Close writes what is still in memory. It follows an import, also one that failed.
func (r *RejectFile) Close() error {
	if r.file == nil {
		if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	r.csv.Flush()
	return errors.Join(r.csv.Error(), r.file.Close())
}
