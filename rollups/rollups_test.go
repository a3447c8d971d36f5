package rollups_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/rollups"
)

// dump is all that is kept, as text.
func dump(t *testing.T, c *coretest.Core) string {
	t.Helper()
	rows, err := c.Admin.Query(context.Background(), "SELECT r::text FROM rollups AS r ORDER BY department_id, kind, grain, period, key")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func zoneOf(c *coretest.Core) func() *time.Location {
	return func() *time.Location { return c.City.Calendar.Zone }
}

func drain(t *testing.T, c *coretest.Core, rows *store.Store) {
	t.Helper()
	if err := rollups.New(rollups.Config{}, rows, zoneOf(c)).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// sudden breaks a transaction off after some queries, as a crash does.
type sudden struct {
	left atomic.Int64
	stop func()
}

func (s *sudden) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if s.left.Add(-1) == 0 {
		s.stop()
	}
	return ctx
}

func (s *sudden) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// changes are what may happen to a report, whichever verb does it.
var changes = []string{
	"status = 'IN_PROGRESS', answered_at = coalesce(answered_at, $2), clock_stopped_at = NULL",
	"status = 'RESOLVED', resolved_at = $2, answered_at = coalesce(answered_at, $2)",
	"status = 'IN_PROGRESS', resolved_at = NULL, reopened = reopened + 1",
	"status = 'CLOSED', closed_at = $2", "status = 'REJECTED', closed_at = $2, resolved_at = NULL",
	"status = 'AWAITING_REPORTER', clock_stopped_at = $2", "priority = 'HIGH'",
	"resolution_due_at = $2::timestamptz + interval '1 hour'", "response_due_at = $2::timestamptz + interval '2 hours'",
	"department_id = (SELECT id FROM departments WHERE code = 'sosial'), assignee_id = NULL",
	"category_id = (SELECT id FROM categories WHERE code = 'banjir')", "district_id = (SELECT min(id::text)::uuid FROM districts)",
	"assignee_id = (SELECT min(id::text)::uuid FROM officers)", "escalation_level = escalation_level + 1, status = 'ESCALATED'",
}

// What is kept is what is counted from the rows, after any order of changes, repeats and crashes.
func TestKeptIsRebuilt(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	now := coretest.Monday
	c.SetClock(func() time.Time { return now })
	crash := new(sudden)
	crash.stop = func() {}
	steady, shaky := c.Store(roles.Ingest), c.StoreWith(roles.Ingest, store.Config{Queries: crash})
	drain(t, c, steady)
	var filed []civic.ReportID
	crashed := 0
	rapid.Check(t, func(r *rapid.T) {
		one := func() civic.ReportID { return rapid.SampledFrom(filed).Draw(r, "report") }
		file := func(*rapid.T) {
			visibility := rapid.SampledFrom([]civic.Visibility{civic.Public, civic.Private, civic.Anonymous}).Draw(r, "visibility")
			code := rapid.SampledFrom([]string{"jalan-rusak", "banjir"}).Draw(r, "category")
			filed = append(filed, c.File(c.Of(code), coretest.Visibility(visibility), coretest.At(now)).ID)
		}
		file(r)
		r.Repeat(map[string]func(*rapid.T){
			"file": file,
			"change": func(r *rapid.T) {
				id, change := one(), rapid.SampledFrom(changes).Draw(r, "change")
				arguments := []any{id.Bytes()}
				if strings.Contains(change, "$2") {
					arguments = append(arguments, now)
				}
				c.Exec("WITH word AS (INSERT INTO rollup_pending (reports) VALUES (ARRAY[$1::uuid])) UPDATE reports SET "+change+" WHERE id = $1::uuid", arguments...)
			},
			"rate": func(r *rapid.T) {
				c.Exec(`WITH word AS (INSERT INTO rollup_pending (reports) VALUES (ARRAY[$1::uuid])) INSERT INTO ratings VALUES ($1::uuid, $2, '', $3)
					ON CONFLICT (report_id) DO UPDATE SET score = excluded.score`, one().Bytes(), rapid.IntRange(1, 5).Draw(r, "score"), now)
			},
			"climb": func(r *rapid.T) {
				c.Exec(`WITH word AS (INSERT INTO rollup_pending (reports) VALUES (ARRAY[$1::uuid])) INSERT INTO timeline (id, report_id, kind, at, status)
					VALUES (gen_random_uuid(), $1::uuid, 'ESCALATED', $2, 'ESCALATED')`, one().Bytes(), now)
			},
			"repeat": func(r *rapid.T) {
				id := one().Bytes()
				c.Exec("INSERT INTO rollup_pending (reports) VALUES (ARRAY[$1::uuid, $1::uuid]), (ARRAY[$1::uuid])", id)
			},
			"pass": func(r *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 40*60).Draw(r, "minutes")) * time.Minute)
			},
			"keep": func(r *rapid.T) {
				if _, err := steady.KeepRollups(t.Context(), c.City.Calendar.Zone, rapid.IntRange(1, 4).Draw(r, "most")); err != nil {
					t.Fatal(err)
				}
			},
			"crash": func(r *rapid.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				crash.stop = stop
				crash.left.Store(int64(rapid.IntRange(1, 14).Draw(r, "queries")))
				if _, err := shaky.KeepRollups(ctx, c.City.Calendar.Zone, 3); err != nil {
					crashed++
				}
			},
		})
		drain(t, c, steady)
		kept := dump(t, c)
		if _, err := steady.RebuildRollups(t.Context(), c.City.Calendar.Zone); err != nil {
			t.Fatal(err)
		}
		if rebuilt := dump(t, c); kept != rebuilt {
			t.Fatalf("kept:\n%s\nrebuilt:\n%s", kept, rebuilt)
		}
		if sum, all := c.Count("SELECT sum(received) FROM rollups WHERE kind = 0 AND grain = 3 AND department_id = $1", [16]byte{}),
			c.Count("SELECT count(*) FROM reports"); sum != all {
			t.Fatalf("%d are counted of %d", sum, all)
		}
	})
	if crashed == 0 {
		t.Error("nothing ever crashed: the test shows less than it says")
	}
}

// Whatever changes what is counted of a report leaves word of it: the verbs' own statements do.
func TestTheStatementsLeaveWord(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	keeper := c.Store(roles.Ingest)
	drain(t, c, keeper)
	waiting := func(after string) {
		t.Helper()
		if c.Count("SELECT count(*) FROM rollup_pending") == 0 {
			t.Errorf("%s leaves no word", after)
		}
		drain(t, c, keeper)
	}
	report := c.File(c.Of("jalan-rusak"))
	waiting("filing")
	desk, officer := c.Desk(c.Store(roles.Server), casework.Config{}), c.Officer("jalan")
	if _, err := desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""); err != nil {
		t.Fatal(err)
	}
	waiting("a change of status")
	inProgress := c.Count("SELECT statuses[3] FROM rollups WHERE department_id = $1 AND kind = 0 AND grain = 1", demo.DepartmentID("jalan").Bytes())
	if inProgress != 1 {
		t.Errorf("%d in progress", inProgress)
	}
	late := report.Clock.ResolutionDue.Add(time.Minute)
	c.SetClock(func() time.Time { return late })
	drain(t, c, keeper) // nobody touched it: time alone made it late
	if n := c.Count("SELECT overdue FROM rollups WHERE department_id = $1 AND kind = 0 AND grain = 1", demo.DepartmentID("jalan").Bytes()); n != 1 {
		t.Errorf("%d overdue", n)
	}
}

// changing finds statements that change reports or what is counted with them.
var changing = regexp.MustCompile(`(?:UPDATE|INSERT INTO|DELETE FROM)\s+(?:reports|ratings)\b`)

// No statement that changes what is counted may forget to leave word.
func TestEveryStatementLeavesWord(t *testing.T) {
	t.Parallel()
	// What these change is not counted: support, people, and words.
	silent := map[string]bool{
		"CountUpvotes": true, "RaiseUpvotes": true, "ForgetReporter": true, "EraseRatings": true, "EraseReports": true,
	}
	files, err := filepath.Glob("../internal/store/query/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range strings.Split(string(text), "-- name: ")[1:] {
			name, _, _ := strings.Cut(statement, " ")
			if !changing.MatchString(statement) || silent[name] {
				continue
			}
			if found++; !strings.Contains(statement, "rollup_pending") {
				t.Errorf("%s in %s changes reports and leaves no word of it in rollup_pending", name, filepath.Base(file))
			}
		}
	}
	if found < 5 {
		t.Errorf("%d statements were found: the test looks for the wrong thing", found)
	}
}
