package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
)

// maxRecord is the most bytes one record may have. It is far above what a report may hold, and bounds the memory that a quotation
// mark which nobody closed can cost.
const maxRecord = 256 << 10

// record is one record of a CSV file (RFC 4180), or what is wrong with it, as the end of a sentence about it.
type record struct {
	line   int // where it begins
	fields []string
	fault  string
}

// recordReader reads records one by one. encoding/csv reads each, but does not find where it ends: after a quotation mark that
// nobody closed it would take all that follows for one field. Here a line that looks like the beginning of a record ends the
// broken one.
type recordReader struct {
	in     *bufio.Reader
	begins func(line []byte) bool
	line   int   // lines read
	read   int64 // bytes read
	ahead  []byte
	lost   bool // inside what is left of a record that was given up
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func newRecordReader(file io.Reader, begins func(line []byte) bool) *recordReader {
	in := bufio.NewReaderSize(file, 64<<10)
	if start, _ := in.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = in.Discard(len(byteOrderMark))
	}
	return &recordReader{in: in, begins: begins}
}

// next returns the next record; io.EOF after the last.
func (r *recordReader) next() (record, error) {
	for {
		line, err := r.nextLine()
		if err != nil {
			return record{}, err
		}
		if r.lost && !r.begins(line) || len(bytes.TrimRight(line, "\r\n")) == 0 {
			continue
		}
		r.lost = false
		rec := record{line: r.line}
		text, fault, err := r.toTheEnd(line)
		if err != nil {
			return record{}, err
		}
		if fault == "" {
			rec.fields, fault = parse(text)
		}
		rec.fault = fault
		return rec, nil
	}
}

// toTheEnd adds lines until every quotation mark is closed. A fault does not end the file: reading goes on at the next record.
func (r *recordReader) toTheEnd(first []byte) (text []byte, fault string, err error) {
	text = bytes.Clone(first)
	for open := odd(first); open; {
		line, err := r.nextLine()
		switch {
		case errors.Is(err, io.EOF):
			return nil, "has a quotation mark that is never closed", nil
		case err != nil:
			return nil, "", err
		case r.begins(line):
			r.ahead = bytes.Clone(line)
			return nil, "has a quotation mark that is never closed", nil
		}
		text = append(text, line...)
		open = open != odd(line)
		if len(text) > maxRecord {
			break
		}
	}
	if len(text) > maxRecord {
		r.lost = true
		return nil, "is longer than a report can be", nil
	}
	return text, "", nil
}

func odd(line []byte) bool { return bytes.Count(line, []byte{'"'})%2 == 1 }

func parse(text []byte) (fields []string, fault string) {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	fields, err := reader.Read()
	if err != nil {
		return nil, "has a quotation mark in the wrong place"
	}
	return fields, ""
}

// nextLine returns a line with its end. Of one that is longer than a record may be it returns a little more than that, and passes
// over the rest.
func (r *recordReader) nextLine() (line []byte, err error) {
	if r.ahead != nil {
		line, r.ahead = r.ahead, nil
		return line, nil
	}
	for {
		part, err := r.in.ReadSlice('\n')
		r.read += int64(len(part))
		if len(line) <= maxRecord {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
		case err != nil:
			return nil, err
		}
		r.line++
		return line, nil
	}
}
