package integration

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestEscalatorsAreKilled runs three escalators before thousands of reports that fall due and kills one after the other. Each report goes up
// the whole ladder, and nothing tells of a step twice.
func TestEscalatorsAreKilled(t *testing.T) {
	t.Parallel()
	const reports, levels = 3000, 3
	s := newServices(t)
	s.migrate(t)
	conn, err := pgx.Connect(t.Context(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	const escalator = "escalator 1" // all have the same environment
	running := make([]*Process, 3)
	for i := range running {
		running[i] = s.start(t, escalator)
	}
	// They fall due one after the other, so that somebody is at work whenever one is killed.
	if _, err := conn.Exec(t.Context(), `
		INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, answers, created_at, updated_at,
			response_due_at, resolution_due_at, next_due_at)
		SELECT gen_random_uuid(), 'KL-' || n, 'Lampu padam', 'Gelap sekali.', 'PUBLIC', 'RECEIVED', 'NORMAL', c.id, c.department_id, '[]', now(), now(),
			now() + n * interval '3 milliseconds', now() + interval '30 days', now() + n * interval '3 milliseconds'
		FROM generate_series(1, $1::int) AS n, (SELECT id, department_id FROM categories WHERE code = 'banjir') AS c`, reports); err != nil {
		t.Fatal(err)
	}
	count := func(sql string) (n int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return n
	}
	kills, began := 0, time.Now()
	for count("SELECT count(*) FROM reports WHERE escalation_level < 3") > 0 {
		if time.Since(began) > 4*patience {
			t.Fatalf("after %v some have not climbed", time.Since(began))
		}
		unlucky := rand.IntN(len(running))
		before := count("SELECT count(*) FROM timeline")
		running[unlucky].Kill()
		running[unlucky] = s.start(t, escalator)
		kills++
		eventually(t, "work goes on", func() error {
			if count("SELECT count(*) FROM timeline") == before && count("SELECT count(*) FROM reports WHERE next_due_at <= now()") > 0 {
				return errNotYet
			}
			return nil
		})
	}
	t.Logf("%d steps in %v, with %d kills", reports*levels, time.Since(began), kills)
	if kills < 3 {
		t.Errorf("only %d kills", kills)
	}
	for what, one := range map[string]string{
		"history": "SELECT report_id::text AS report, level FROM timeline WHERE kind = 'ESCALATED'",
		"events":  "SELECT event->>'report' AS report, (event->>'level')::integer AS level FROM outbox WHERE event->>'kind' = 'ESCALATED'",
	} {
		for level := 1; level <= levels; level++ {
			if n := count(fmt.Sprintf("SELECT count(*) FROM (SELECT report FROM (%s) AS steps WHERE level = %d GROUP BY report HAVING count(*) = 1) AS once", one, level)); n != reports {
				t.Errorf("%s: %d of %d reports have one step to level %d", what, n, reports, level)
			}
		}
		if n := count("SELECT count(*) FROM (" + one + ") AS steps"); n != reports*levels {
			t.Errorf("%s: %d steps in all", what, n)
		}
	}
	for what, sql := range map[string]string{
		"audit lines of reports that have one a level": "SELECT count(*) * 3 FROM (SELECT report_id FROM audit WHERE action = 'escalate' GROUP BY report_id HAVING count(*) = 3) AS r",
		"audit lines":                    "SELECT count(*) FROM audit WHERE action = 'escalate'",
		"lines that wait for the ledger": "SELECT count(DISTINCT p.line) FROM audit a JOIN (SELECT unnest(lines) AS line FROM audit_pending) AS p ON p.line = a.id WHERE a.action = 'escalate'",
	} {
		if n := count(sql); n != reports*levels {
			t.Errorf("%d %s", n, what)
		}
	}
	if n := count("SELECT count(*) - count(DISTINCT (event->>'report', event->>'level')) FROM outbox WHERE event->>'kind' = 'DUE_SOON'"); n != 0 {
		t.Errorf("%d departments were warned twice", n)
	}
}
