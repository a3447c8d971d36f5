package importer

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strconv"
)

// RejectFile is a CSV file of what was set aside: line, key, reason. It is made when there is something to write.
type RejectFile struct {
	path string
	file *os.File
	csv  *csv.Writer
}

// NewRejectFile removes what an earlier import has left at path, so that the file tells of this one alone.
func NewRejectFile(path string) (*RejectFile, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &RejectFile{path: path}, nil
}

// Add writes one line.
func (r *RejectFile) Add(reject Reject) error {
	if r.file == nil {
		file, err := os.OpenFile(r.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
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

// Close writes what is still in memory.
func (r *RejectFile) Close() error {
	if r.file == nil {
		return nil
	}
	r.csv.Flush()
	return errors.Join(r.csv.Error(), r.file.Close())
}
