package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// climbs is what -only calls the measurement of the escalator, which has a system of its own.
const climbs = "escalation"

// backlog is a system with very many open reports, of which a tenth falls due at once.
type backlog struct {
	ours       *server
	postmaster int
	ingest     *pgxpool.Pool
	escalator  *pgxpool.Pool
	rows       *store.Store
	log        io.Writer
}

const (
	few      = 10_000 // open reports to compare with
	lookings = 200    // how often it is looked for what is due, where nothing is

	superuser = "postgres" // of the system's own cluster: who may make a checkpoint
)

// climbed measures the escalator before open reports, and writes a table and what became of the events.
func climbed(ctx context.Context, program string, open int, stdout, log io.Writer) (err error) {
	data, err := os.MkdirTemp("", "jagawarga-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data) //nolint:errcheck // a temporary directory
	b := &backlog{log: log}
	if b.ours, err = startOurs(ctx, program, data); err != nil {
		return err
	}
	defer func() {
		if failed := b.ours.stop(); err == nil {
			err = failed
		}
	}()
	if b.postmaster, err = postmaster(b.ours.pid); err != nil {
		return err
	}
	core, err := core(data)
	if err != nil {
		return err
	}
	super, err := pool(ctx, core, superuser)
	if err != nil {
		return err
	}
	defer super.Close()
	if b.ingest, err = pool(ctx, core, roles.Ingest); err != nil {
		return err
	}
	defer b.ingest.Close()
	if b.escalator, err = pool(ctx, core, roles.Escalator); err != nil {
		return err
	}
	defer b.escalator.Close()
	address, err := core.URL(roles.Escalator)
	if err != nil {
		return err
	}
	if b.rows, err = store.New(ctx, store.Config{URL: address, MaxConns: 2}); err != nil {
		return err
	}
	defer b.rows.Close()
	return b.measure(ctx, super, open, stdout)
}

func pool(ctx context.Context, core roles.Databases, role string) (*pgxpool.Pool, error) {
	address, err := core.URL(role)
	if err != nil {
		return nil, err
	}
	return pgxpool.New(ctx, address)
}

func (b *backlog) measure(ctx context.Context, super *pgxpool.Pool, open int, stdout io.Writer) error {
	due := open / 10
	later := time.Now().AddDate(0, 1, 0).Truncate(time.Second)
	forRaw := later.Add(time.Hour)
	b.say("writing %d open reports", open)
	if err := openUp(ctx, b.ingest, 0, few, later); err != nil {
		return err
	}
	lookFew, err := b.look(ctx, super)
	if err != nil {
		return err
	}
	if err := openUp(ctx, b.ingest, few, open-few-2*due, later); err != nil {
		return err
	}
	began := time.Now()
	if err := openUp(ctx, b.ingest, open-2*due, due, forRaw); err != nil {
		return err
	}
	took := time.Since(began)
	lookMany, err := b.look(ctx, super)
	if err != nil {
		return err
	}
	p := &pair{task: fmt.Sprintf("%d of %d open reports climb", due, open)}
	if err := b.climbRaw(ctx, &p.raw, forRaw, later); err != nil {
		return fmt.Errorf("raw: %w", err)
	}
	b.say("raw %.0f/s", p.raw.rate())
	// They fall due when all is written and the machine has come to rest.
	moment := time.Now().Add(3*took + time.Minute).Truncate(time.Second)
	if err := openUp(ctx, b.ingest, open-due, due, moment); err != nil {
		return err
	}
	if err := b.rest(ctx, super); err != nil {
		return err
	}
	flood, err := b.climbOurs(ctx, &p.ours, due, moment)
	if err != nil {
		return fmt.Errorf("ours: %w", err)
	}
	b.say("ours %.0f/s", p.ours.rate())
	write(stdout, []*pair{p}, fmt.Sprintf("%d open reports", open))
	fmt.Fprintf(stdout, "\nA look for what is due where nothing is: %.2f ms before %d open reports, %.2f ms before %d (medians). "+
		"After the last step the events took %.1f s more to the stream and the audit %.1f s more into the ledger; "+
		"the server's memory was %d MB before and %d MB at most.\n\n",
		milliseconds(lookFew), few, milliseconds(lookMany), open, flood.told.Seconds(), flood.sealed.Seconds(), flood.before>>20, flood.most>>20)
	return nil
}

// look is how long it takes to find nothing, as the median.
func (b *backlog) look(ctx context.Context, super *pgxpool.Pool) (time.Duration, error) {
	if err := b.rest(ctx, super); err != nil {
		return 0, err
	}
	times := make([]time.Duration, lookings)
	for i := range times {
		began := time.Now()
		found, err := b.rows.Due(ctx, time.Now(), nil, 1000)
		if err != nil {
			return 0, err
		}
		if len(found) > 0 {
			return 0, fmt.Errorf("%d reports are due too early", len(found))
		}
		times[i] = time.Since(began)
	}
	return quantile(times, 0.5), nil
}

// rest brings the database to where one that has run for a while has come by itself, so that what was written to prepare a measurement does
// not weigh on it.
func (b *backlog) rest(ctx context.Context, super *pgxpool.Pool) error {
	for _, statement := range []string{"VACUUM (ANALYZE) reports", "CHECKPOINT"} {
		if _, err := super.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return settle(ctx, b.ours.pid)
}

func (b *backlog) climbRaw(ctx context.Context, into *result, moment, next time.Time) error {
	ids, err := dueAt(ctx, b.ingest, moment)
	if err != nil {
		return err
	}
	before, err := meter(os.Getpid(), b.postmaster)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := climbRaw(ctx, b.escalator, ids, next); err != nil {
		return err
	}
	took := time.Since(began)
	after, err := meter(os.Getpid(), b.postmaster)
	into.add(len(ids), took, after.since(before), nil)
	return err
}

// flood is what the steps of many reports leave to others.
type flood struct {
	told, sealed time.Duration // from the last step until the last event was on the stream, and the last line in the ledger
	before, most int64         // bytes of the server's memory
}

// climbOurs waits for the moment and watches the running system. What is put off is part of the work, like elsewhere: processor time counts
// until the last event is told.
func (b *backlog) climbOurs(ctx context.Context, into *result, due int, moment time.Time) (f flood, err error) {
	if time.Now().After(moment) {
		return f, errors.New("the machine was too slow to be ready in time")
	}
	before, err := meter(b.ours.pid, b.postmaster)
	if err != nil {
		return f, err
	}
	if f.before, err = resident(b.ours.pid); err != nil {
		return f, err
	}
	if err := pause(ctx, time.Until(moment)); err != nil {
		return f, err
	}
	until := func(nothing string, arguments ...any) (time.Duration, error) {
		for left := true; left; {
			if err := b.ingest.QueryRow(ctx, "SELECT EXISTS ("+nothing+")", arguments...).Scan(&left); err != nil {
				return 0, err
			}
			memory, err := resident(b.ours.pid)
			if err != nil {
				return 0, err
			}
			f.most = max(f.most, memory)
			if err := pause(ctx, watchEvery); err != nil {
				return 0, err
			}
		}
		return time.Since(moment), nil
	}
	took, err := until("SELECT 1 FROM reports WHERE next_due_at <= $1", moment)
	if err != nil {
		return f, err
	}
	told, err := until("SELECT 1 FROM outbox")
	if err != nil {
		return f, err
	}
	sealed, err := until("SELECT 1 FROM audit_pending")
	if err != nil {
		return f, err
	}
	f.told, f.sealed = told-took, sealed-took
	after, err := meter(b.ours.pid, b.postmaster)
	into.add(due, took, after.since(before), nil)
	return f, err
}

// watchEvery is how often it is looked whether the work is done.
const watchEvery = 200 * time.Millisecond

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (b *backlog) say(format string, arguments ...any) {
	fmt.Fprintf(b.log, "bench: "+format+"\n", arguments...)
}
