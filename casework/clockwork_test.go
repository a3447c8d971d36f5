package casework_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// late is an office with reports of every visibility that are due, and the clockwork that takes them up.
func late(t *testing.T, n int) (office, *casework.Desk, []civic.ReportID) {
	o := newOffice(t)
	var ids []civic.ReportID
	for i := range n {
		ids = append(ids, o.File(coretest.Visibility([]civic.Visibility{civic.Public, civic.Private, civic.Anonymous}[i%3])).ID)
	}
	now := coretest.Monday.Add(5 * 24 * time.Hour)
	o.SetClock(func() time.Time { return now })
	return o, o.Desk(o.Store(roles.Escalator), casework.Config{}), ids
}

// A batch leaves of each report what a step by hand leaves, but for who acted and why.
func TestABatchLeavesWhatAStepByHandLeaves(t *testing.T) {
	t.Parallel()
	o, clock, ids := late(t, 7)
	byHand := ids[0]
	done[*civic.Report](t)(o.Desk(o.rows, casework.Config{}).Escalate(t.Context(), o.Officer("jalan"), byHand, "mendesak"))
	pending := o.Count("SELECT coalesce(max(id), 0) FROM audit_pending")
	if n := done[int](t)(clock.Climb(t.Context(), ids...)); n != 6 {
		t.Fatalf("%d climbed", n)
	}
	for what, sql := range map[string]string{
		"report": `SELECT to_jsonb(r) - ARRAY['id','number','visibility','reporter_id','receipt_hash','salt']::text[] FROM reports r
			WHERE r.id::text = $1`,
		"history": `SELECT jsonb_agg(to_jsonb(t) - ARRAY['id','report_id','message']::text[] ORDER BY t.at, t.kind DESC) FROM timeline t
			WHERE t.report_id::text = $1`,
		"audit": `SELECT jsonb_agg(to_jsonb(a) - ARRAY['id','report_id','actor']::text[]) FROM audit a
			WHERE a.report_id::text = $1 AND a.action = 'escalate'`,
		"news": `SELECT jsonb_agg(o.event - ARRAY['report','visibility','message','by']::text[]) FROM outbox o
			WHERE o.event->>'report' = $1 AND o.event->>'kind' = 'ESCALATED'`,
	} {
		got := func(id civic.ReportID) (told string) {
			key := id.UUIDString()
			if what == "news" {
				key = id.String()
			}
			if err := o.Admin.QueryRow(t.Context(), sql, key).Scan(&told); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			return told
		}
		want := got(byHand)
		for i, id := range ids[1:] {
			if left := got(id); left != want {
				t.Errorf("%s of report %d:\n%s\nby hand:\n%s", what, i+1, left, want)
			}
		}
	}
	if n := o.Count("SELECT sum(cardinality(lines)) FROM audit_pending WHERE id > $1", pending); n != 6 {
		t.Errorf("%d lines wait for the ledger", n)
	}
	if n := o.Count("SELECT count(*) FROM audit a JOIN audit_pending p ON a.id = ANY (p.lines) WHERE p.id > $1 AND a.actor = 'system'", pending); n != 6 {
		t.Errorf("%d of them are in the audit", n)
	}
}

// All of a batch or none of it: what one report spoils leaves no trace of the others.
func TestABatchIsAllOrNone(t *testing.T) {
	t.Parallel()
	o, clock, ids := late(t, 5)
	before := o.traces()
	for _, table := range []string{"timeline", "audit"} {
		o.Exec("ALTER TABLE " + table + " ADD CONSTRAINT spoiled CHECK (report_id <> '" + ids[3].UUIDString() + "') NOT VALID")
		if n, err := clock.Climb(t.Context(), ids...); n != 0 || err == nil {
			t.Errorf("%s: %d climbed, %v", table, n, err)
		}
		if after := o.traces(); after != before || o.Count("SELECT count(*) FROM reports WHERE escalation_level > 0") != 0 {
			t.Errorf("%s: there were %+v, there are %+v", table, before, after)
		}
		if n := done[int](t)(clock.Climb(t.Context(), slices.Concat(ids[:3], ids[4:])...)); n != 4 {
			t.Errorf("%s: %d of the others climbed", table, n)
		}
		o.Exec("ALTER TABLE " + table + " DROP CONSTRAINT spoiled")
		o.Exec("UPDATE reports SET escalation_level = 0, escalated_to = NULL, escalated_since = NULL, status = 'RECEIVED', next_due_at = response_due_at")
		before = o.traces()
	}
}

// Nobody waits for whoever is at a report, and what is not due, or not there, is passed over.
func TestABatchPassesOver(t *testing.T) {
	t.Parallel()
	o, clock, ids := late(t, 4)
	nowhere := civic.ReportID{UUID: civic.NamedUUID("nowhere")}
	held, err := o.Admin.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(t.Context(), "UPDATE reports SET upvotes = 1 WHERE id = $1", ids[1].Bytes()); err != nil {
		t.Fatal(err)
	}
	if n := done[int](t)(clock.Climb(t.Context(), append(ids, nowhere)...)); n != 3 {
		t.Errorf("%d climbed while somebody was at the fourth", n)
	}
	if err := held.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{1, 0} {
		if n := done[int](t)(clock.Climb(t.Context(), append(ids, nowhere, ids[0])...)); n != want {
			t.Errorf("look %d: %d climbed, want %d", i+1, n, want)
		}
	}
	if n := done[int](t)(clock.Climb(t.Context())); n != 0 {
		t.Errorf("%d of none climbed", n)
	}
	if n := o.Count("SELECT count(*) FROM timeline WHERE kind = 'ESCALATED'"); n != 4 {
		t.Errorf("%d steps in all", n)
	}
}
