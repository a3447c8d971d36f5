package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// statements keeps what is sent to the database.
type statements struct {
	mu   sync.Mutex
	last pgx.TraceQueryStartData
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = data
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// pages is how much of the database a statement reads, as a role, and whether it goes through a whole table.
func pages(t *testing.T, c *coretest.Core, role string, statement pgx.TraceQueryStartData) (read int, whole bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.URL(role))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the statement's own error is the one that tells
	var told string
	if err := conn.QueryRow(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+statement.SQL, statement.Args...).Scan(&told); err != nil {
		t.Fatal(err)
	}
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	if err := json.Unmarshal([]byte(told), &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan.Hit + plans[0].Plan.Read, strings.Contains(told, "Seq Scan")
}

// Looking for what is due reads what is due: ten times as many open reports make it no dearer.
func TestLookingCostsWhatIsDue(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	sent := &statements{}
	rows := c.StoreWith(roles.Escalator, store.Config{Queries: sent})
	now := coretest.Monday
	open := func(n int, at time.Time) {
		t.Helper()
		c.Exec(`INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, answers, created_at,
				updated_at, response_due_at, resolution_due_at, next_due_at, warn_at, closes_at)
			SELECT gen_random_uuid(), gen_random_uuid()::text, 'Lampu padam', 'Gelap sekali.', 'PUBLIC', 'RECEIVED', 'NORMAL', c.id, c.department_id,
				'[]', $2, $2, $2, $2, $2, $2, $2
			FROM generate_series(1, $1::int) AS n, (SELECT id, department_id FROM categories ORDER BY code LIMIT 1) AS c`, n, at)
		c.Exec("VACUUM (ANALYZE) reports")
	}
	const due, little = 100, 12
	reads := map[string][]int{}
	look := func(want int) {
		t.Helper()
		for name, find := range map[string]func(context.Context, time.Time, []civic.ReportID, int) ([]civic.ReportID, error){
			"climb": rows.Due, "warn": rows.ToWarn, "close": rows.ToClose,
		} {
			found, err := find(t.Context(), now, []civic.ReportID{{UUID: newID()}}, 5000)
			if err != nil || len(found) != want {
				t.Fatalf("%s: %d found, want %d, %v", name, len(found), want, err)
			}
			read, whole := pages(t, c, roles.Escalator, sent.last)
			if whole || read > little+want {
				t.Errorf("%s: it reads %d pages to find %d, the whole table: %v", name, read, want, whole)
			}
			reads[name] = append(reads[name], read)
		}
	}
	open(2_000, now.Add(time.Hour))
	look(0)
	open(18_000, now.Add(2*time.Hour))
	look(0)
	open(due, now)
	look(due)
	if size := c.Count("SELECT relpages FROM pg_class WHERE relname = 'reports'"); size < 20*little {
		t.Fatalf("the table has %d pages: too few to tell", size)
	}
	t.Logf("pages read before 2,000 and 20,000 open reports, and with %d due: %v", due, reads)
}

// What is locked of a batch is found by key, however many reports there are, and what nothing is due for is left alone.
func TestLockDueLeavesOthersTheirs(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	rows := c.Store(roles.Escalator)
	now := coretest.Monday
	var ids []civic.ReportID
	for range 4 {
		ids = append(ids, c.File().ID)
	}
	c.Exec("UPDATE reports SET next_due_at = $1 WHERE id = ANY ($2)", now, [][16]byte{ids[0].Bytes(), ids[1].Bytes()})
	c.Exec("UPDATE reports SET next_due_at = NULL, warn_at = $1 WHERE id = $2", now, ids[2].Bytes())
	c.Exec("UPDATE reports SET next_due_at = $1, warn_at = NULL WHERE id = $2", now.Add(time.Microsecond), ids[3].Bytes())
	lock := func(tx *store.Tx) map[civic.ReportID]bool {
		t.Helper()
		found, err := tx.LockDue(t.Context(), ids, now)
		if err != nil {
			t.Fatal(err)
		}
		locked := map[civic.ReportID]bool{}
		for _, r := range found {
			locked[r.ID] = true
		}
		return locked
	}
	held, err := c.Admin.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(t.Context(), "SELECT id FROM reports WHERE id = $1 FOR UPDATE", ids[0].Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := rows.Change(t.Context(), civic.Scope{}, func(_ context.Context, tx *store.Tx) error {
		if locked := lock(tx); len(locked) != 2 || !locked[ids[1]] || !locked[ids[2]] {
			t.Errorf("locked are %v", locked)
		}
		return rows.Change(t.Context(), civic.Scope{}, func(_ context.Context, other *store.Tx) error {
			if locked := lock(other); len(locked) != 0 {
				t.Errorf("the second one locks %v", locked)
			}
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	if err := held.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := rows.Change(t.Context(), civic.Scope{}, func(_ context.Context, tx *store.Tx) error {
		if locked := lock(tx); len(locked) != 3 {
			t.Errorf("when nobody holds any, locked are %v", locked)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
