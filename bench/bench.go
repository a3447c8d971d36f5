package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// bench is both systems, running on one database.
type bench struct {
	raw, ours *server
	// postmaster is the database server's process.
	postmaster int
	program    string
	data       string
	numbers    []string
	tokens     []string
	countedUp  bool // the figures are those of what was seeded
	log        io.Writer
}

const (
	// citizens is how many people report; none of them more than the limits allow.
	citizens = 16
	// sample is how many different reports are asked for.
	sample = 1000
)

// open starts both systems and fills the database; whoever gets a bench closes it.
func open(ctx context.Context, program string, reports int, log io.Writer) (_ *bench, err error) {
	b := &bench{program: program, log: log}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.data, err = os.MkdirTemp("", "jagawarga-bench"); err != nil {
		return nil, err
	}
	if b.ours, err = startOurs(ctx, program, b.data); err != nil {
		return nil, err
	}
	if b.postmaster, err = postmaster(b.ours.pid); err != nil {
		return nil, err
	}
	reader, writer, voter, err := databases(b.data)
	if err != nil {
		return nil, err
	}
	b.say("writing %d reports", reports)
	if err = seed(ctx, writer, reports); err != nil {
		return nil, fmt.Errorf("fill the database: %w", err)
	}
	if b.numbers, err = numbers(ctx, reader, sample); err != nil {
		return nil, err
	}
	if b.tokens, err = signIn(ctx, b.ours.address, citizens); err != nil {
		return nil, err
	}
	b.raw, err = startRaw(ctx, reader, writer, voter)
	return b, err
}

// close stops what runs and removes the data.
func (b *bench) close() {
	for _, server := range []*server{b.raw, b.ours} {
		if server != nil {
			if err := server.stop(); err != nil {
				b.say("stopping: %v", err)
			}
		}
	}
	if b.data != "" {
		if err := os.RemoveAll(b.data); err != nil {
			b.say("%v", err)
		}
	}
}

func (b *bench) say(format string, arguments ...any) {
	fmt.Fprintf(b.log, "bench: "+format+"\n", arguments...)
}

// reading is the processor time used until some moment.
type reading struct{ server, database time.Duration }

func (r reading) since(earlier reading) reading {
	return reading{r.server - earlier.server, r.database - earlier.database}
}

func (b *bench) meter(on *server) (reading, error) { return meter(on.pid, b.postmaster) }

// meter reads what a process and the database server have used so far.
func meter(pid, postmaster int) (reading, error) {
	server, err := processor(pid)
	database, failed := family(postmaster)
	return reading{server, database}, errors.Join(err, failed)
}

func (b *bench) settle(ctx context.Context) error { return settle(ctx, b.raw.pid, b.ours.pid) }
