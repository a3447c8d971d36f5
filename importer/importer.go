// Package importer takes in what older systems have kept: it reads a file of theirs record by record, moves each onto this city's
// categories and map, and writes them as public history, in batches. A record that breaks a rule is set aside with its line and the
// reason, and the rest goes on. Nothing is imported twice, however often the file is read, because ids come from the older
// system's own.
//
// It needs the file and the database alone, holds one batch in memory, and may run beside everything else.
package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// batchSize is how many reports one transaction writes.
const batchSize = 500

// Config is what an import may be told; zero values are the defaults.
type Config struct {
	Format string           // one of Formats
	Now    func() time.Time // time.Now; nothing is filed or closed later
	// Reject is told of every record that was set aside; an error ends the import. Default: nobody is told.
	Reject func(Reject) error
	// Progress is called after every batch with the bytes read so far. Default: nobody.
	Progress func(read int64, counts Counts)
}

// Reject is a record that was set aside.
type Reject struct {
	Line   int    // of the file, where the record begins; the first is 1
	Key    string // the older system's own; empty if it cannot be read
	Reason string // a sentence that repeats nothing of the record
}

// Counts is how an import went.
type Counts struct {
	Imported int
	Skipped  int // were here already
	Rejected int
	// Redated counts the imported that were closed before they were filed: they stand as closed when they were filed.
	Redated int
}

func (c Counts) String() string {
	return fmt.Sprintf("imported %d skipped %d rejected %d", c.Imported, c.Skipped, c.Rejected)
}

// Desk turns history into rows.
type Desk interface {
	ImportHistory(casework.History) (civic.Arrival, error)
}

// Records writes rows: all of them or none, telling which were new.
type Records interface {
	TakeIn(ctx context.Context, arrivals []civic.Arrival) (fresh []bool, err error)
}

// format reads the records of one kind of file.
type format struct {
	begins func(line []byte) bool // recognises the first line of a record
	open   func(header []string, city *civic.City, now time.Time) (reader, error)
}

// reader makes history of one record. Its errors say what is wrong without repeating it.
type reader interface {
	key(fields []string) string
	history(fields []string) (casework.History, error)
}

var formats = map[string]format{"sf311": {begins: beginsSF311, open: openSF311}}

// Formats are the names of the formats, sorted.
func Formats() []string {
	var names []string
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Importer imports one file.
type Importer struct {
	cfg     Config
	format  format
	city    *civic.City
	desk    Desk
	records Records

	counts Counts
	batch  []entry
}

// entry is one report on its way in.
type entry struct {
	line    int
	key     string
	redated bool
	arrival civic.Arrival
}

// New makes an importer.
func New(cfg Config, city *civic.City, desk Desk, records Records) (*Importer, error) {
	f, known := formats[cfg.Format]
	if !known {
		return nil, fmt.Errorf("unknown format %q: there is %s", cfg.Format, strings.Join(Formats(), ", "))
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Reject == nil {
		cfg.Reject = func(Reject) error { return nil }
	}
	if cfg.Progress == nil {
		cfg.Progress = func(int64, Counts) {}
	}
	return &Importer{cfg: cfg, format: f, city: city, desk: desk, records: records}, nil
}

// Run imports the whole file. The counts are right also beside an error: what they name is written, and running again goes on.
func (i *Importer) Run(ctx context.Context, file io.Reader) (Counts, error) {
	records := newRecordReader(file, i.format.begins)
	header, err := records.next()
	switch {
	case errors.Is(err, io.EOF):
		return i.counts, errors.New("the file is empty")
	case err != nil:
		return i.counts, fmt.Errorf("read: %w", err)
	case header.fault != "":
		return i.counts, fmt.Errorf("the file is no table of the format %s: its first line %s", i.cfg.Format, header.fault)
	}
	source, err := i.format.open(header.fields, i.city, i.cfg.Now())
	if err != nil {
		return i.counts, err
	}
	for {
		rec, err := records.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return i.counts, errors.Join(fmt.Errorf("read: %w", err), i.flush(ctx, records.read))
		}
		if rec.fault == "" && len(rec.fields) != len(header.fields) {
			rec.fault = fmt.Sprintf("has %d columns instead of %d", len(rec.fields), len(header.fields))
		}
		if err := i.take(rec, source); err != nil {
			return i.counts, err
		}
		if len(i.batch) == batchSize {
			if err := i.flush(ctx, records.read); err != nil {
				return i.counts, err
			}
		}
	}
	return i.counts, i.flush(ctx, records.read)
}

// take puts a record into the batch or aside.
func (i *Importer) take(rec record, source reader) error {
	if rec.fault != "" {
		return i.reject(rec.line, "", "the record "+rec.fault)
	}
	key := source.key(rec.fields)
	history, err := source.history(rec.fields)
	if err != nil {
		return i.reject(rec.line, key, sentence(err))
	}
	arrival, err := i.desk.ImportHistory(history)
	if err != nil {
		return i.reject(rec.line, key, sentence(err))
	}
	redated := history.ClosedAt != nil && history.ClosedAt.Before(history.FiledAt)
	i.batch = append(i.batch, entry{line: rec.line, key: key, redated: redated, arrival: arrival})
	return nil
}

func (i *Importer) reject(line int, key, reason string) error {
	i.counts.Rejected++
	if err := i.cfg.Reject(Reject{Line: line, Key: key, Reason: reason}); err != nil {
		return fmt.Errorf("write down a reject: %w", err)
	}
	return nil
}

// sentence is what people read of an error about a record.
func sentence(err error) string {
	var known *civic.Error
	if !errors.As(err, &known) {
		return err.Error()
	}
	said := locale.Text(locale.English, known.Key, known.Args)
	if known.Field != "" {
		said = known.Field + ": " + said
	}
	return said
}
