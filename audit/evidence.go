package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"os"
	"path/filepath"
)

// side says whose knowledge a piece of evidence is.
type side int

const (
	reportSide   side = iota // reports, streams, blobs, logs: must know nothing of people
	identitySide             // accounts: must know nothing of reports
	bothSides                // raw files in which both databases are mixed
)

// Evidence is one thing that was seized.
type evidence struct {
	kind string // a line of the report: "core database", "logs"...
	name string
	side side
	// anonymous: it holds what belongs to anonymous reports alone, so that nothing at all of an account may be in it. The rest of the
	// report side holds public reports too, and those have a reporter.
	anonymous bool
	read      func() ([]byte, error)
}

func said(kind, name string, s side, anonymous bool, data []byte) evidence {
	return evidence{kind, name, s, anonymous, func() ([]byte, error) { return data, nil }}
}

// files is every file below a directory, as it lies on the disk.
func files(kind, dir string, s side, anonymous bool) ([]evidence, error) {
	var all []evidence
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		all = append(all, evidence{kind, name, s, anonymous, func() ([]byte, error) { return os.ReadFile(path) }})
		return nil
	})
	return all, err
}

// opened is what compressed streams inside the data hold, wherever they begin.
func opened(data []byte) (contents [][]byte) {
	const most = 64 << 20
	try := func(at int, open func(io.Reader) (io.ReadCloser, error)) {
		stream, err := open(bytes.NewReader(data[at:]))
		if err != nil {
			return
		}
		if content, _ := io.ReadAll(io.LimitReader(stream, most)); len(content) >= shortest { // a broken end spoils nothing before it
			contents = append(contents, content)
		}
	}
	for at := 0; at+shortest <= len(data); at++ {
		switch {
		case data[at] == 0x1f && data[at+1] == 0x8b && data[at+2] == 8:
			try(at, func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) })
		case data[at] == 0x78 && (data[at+1] == 0x01 || data[at+1] == 0x9c || data[at+1] == 0xda):
			try(at, zlib.NewReader)
		}
	}
	return contents
}
