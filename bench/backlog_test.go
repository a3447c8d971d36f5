package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/escalator"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// TestBacklog: what the benchmark writes is due when it says, and both the baseline and the escalator take all of it up.
func TestBacklog(t *testing.T) {
	t.Parallel()
	city := coretest.New(t)
	open := func(role string) *pgxpool.Pool {
		pool, err := pgxpool.New(t.Context(), city.URL(role))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		return pool
	}
	ingest, climber := open(roles.Ingest), open(roles.Escalator)
	const n = 600
	soon := time.Now().Add(time.Minute).Truncate(time.Second)
	raw, ours, later := soon, soon.Add(time.Minute), soon.AddDate(0, 1, 0)
	for i, moment := range []time.Time{raw, ours, later} {
		if err := openUp(t.Context(), ingest, i*n, n, moment); err != nil {
			t.Fatal(err)
		}
	}
	ids, err := dueAt(t.Context(), ingest, raw)
	if err != nil || len(ids) != n {
		t.Fatalf("%d are due, %v", len(ids), err)
	}
	if err := climbRaw(t.Context(), climber, ids, later); err != nil {
		t.Fatal(err)
	}
	if climbed := city.Count("SELECT count(*) FROM reports WHERE status = 'ESCALATED' AND next_due_at = $1", later); climbed != n {
		t.Errorf("raw: %d of %d climbed", climbed, n)
	}
	city.SetClock(func() time.Time { return ours })
	rows := city.Store(roles.Escalator)
	clockwork := escalator.New(escalator.Config{Now: func() time.Time { return ours }, Log: slog.New(slog.DiscardHandler)}, city.Desk(rows, casework.Config{}), rows)
	if steps, err := clockwork.Scan(t.Context()); err != nil || steps != (escalator.Steps{Climbed: n}) {
		t.Errorf("ours: %+v, %v", steps, err)
	}
}
