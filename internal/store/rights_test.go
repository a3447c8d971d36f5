package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// walled is a city with eight reports: each visibility and a hidden one, at the roads unit (own) and at the drains unit (other). All but
// the anonymous ones are budi's, who supports the public ones; everything has a comment, a note and a step of history.
type walled struct {
	*coretest.Core
	reports map[string]civic.ReportID
	ids     map[civic.UUID]string
}

func newWalled(t *testing.T) walled {
	w := walled{coretest.New(t), map[string]civic.ReportID{}, map[civic.UUID]string{}}
	for side, code := range map[string]string{"own": "jalan-rusak", "other": "banjir"} {
		for kind, visibility := range map[string]civic.Visibility{
			"public": civic.Public, "hidden": civic.Public, "private": civic.Private, "anonymous": civic.Anonymous,
		} {
			id := w.File(w.Of(code), coretest.Visibility(visibility)).ID
			w.reports[kind+"-"+side], w.ids[id.UUID] = id, kind+"-"+side
			w.Exec("UPDATE reports SET hidden = $2 WHERE id = $1", id.Bytes(), kind == "hidden")
			w.Exec("INSERT INTO comments VALUES ($1, $2, 'x', 'CITIZEN', NULL, NULL, now())", newID().Bytes(), id.Bytes())
			w.Exec("INSERT INTO internal_notes VALUES ($1, $2, 'x', $3, now())", newID().Bytes(), id.Bytes(), w.Officer("jalan").Officer.Bytes())
			w.Exec("INSERT INTO refusals VALUES ($1, $2, now())", id.Bytes(), demo.DepartmentID("sosial").Bytes())
			w.Exec("INSERT INTO ratings VALUES ($1, 3, 'x', now())", id.Bytes())
			w.Exec("INSERT INTO followers VALUES ($1, $2, now())", id.Bytes(), coretest.Citizen("budi").Citizen.Bytes())
			if kind == "public" {
				w.Exec("INSERT INTO upvotes VALUES ($1, $2, now())", id.Bytes(), coretest.Citizen("budi").Citizen.Bytes())
			}
		}
	}
	return w
}

func newID() civic.UUID { return civic.NewUUIDv4(randomness{}) }

// who is somebody at the database: a role and what the server told the database about the caller.
type who struct {
	role     string
	settings map[string]string
	// What must be possible. A list of reports by name; "all" is the eight, "-" is refused whatever the row.
	sees, changes, discusses, notes, supports string
}

const (
	everybody = "public-other public-own"
	all       = "all"
	refused   = "-"
)

func people(w walled) map[string]who {
	departments := func(code string) map[string]string {
		var ids []string
		for _, id := range w.City.Below(demo.DepartmentID(code)) {
			ids = append(ids, id.UUIDString())
		}
		return map[string]string{"app.departments": strings.Join(ids, ",")}
	}
	citizen := func(name string) map[string]string {
		return map[string]string{"app.citizen": coretest.Citizen(name).Citizen.UUIDString()}
	}
	receipt := map[string]string{"app.receipt": hexOf(coretest.ReceiptOf(w.reports["anonymous-own"]))}
	mine := "hidden-other hidden-own private-other private-own public-other public-own"
	own := "anonymous-own hidden-own private-own public-own"
	ownAndPublic := "anonymous-own hidden-own private-own public-other public-own"
	return map[string]who{
		"the public pool":           {roles.Public, nil, everybody, refused, refused, refused, refused},
		"the public pool, lying":    {roles.Public, departments("walikota"), everybody, refused, refused, refused, refused},
		"a stranger":                {roles.Server, nil, everybody, "", everybody, "", ""},
		"another citizen":           {roles.Server, citizen("siti"), everybody, "", everybody, "", ""},
		"the reporter":              {roles.Server, citizen("budi"), mine, mine, mine, "", everybody},
		"an officer of the unit":    {roles.Server, departments("jalan"), ownAndPublic, own, ownAndPublic, own, ""},
		"an officer above":          {roles.Server, departments("infrastruktur"), all, all, all, all, ""},
		"an officer of another":     {roles.Server, departments("kesehatan"), everybody, "", everybody, "", ""},
		"an anonymous reporter":     {roles.Server, receipt, "anonymous-own " + everybody, "anonymous-own", "anonymous-own " + everybody, "", ""},
		"a wrong receipt":           {roles.Server, map[string]string{"app.receipt": "00"}, everybody, "", everybody, "", ""},
		"a voter":                   {roles.Server, map[string]string{"app.voters": coretest.Citizen("budi").Citizen.UUIDString()}, everybody, everybody, everybody, "", everybody},
		"ingest":                    {roles.Ingest, nil, all, refused, refused, "", refused},
		"the escalator":             {roles.Escalator, nil, all, all, refused, refused, refused},
		"ingest, lying":             {roles.Ingest, departments("walikota"), all, refused, refused, "", refused},
		"the escalator, lying":      {roles.Escalator, citizen("budi"), all, all, refused, refused, refused},
		"settings that are cleared": {roles.Server, map[string]string{"app.departments": "", "app.citizen": "", "app.receipt": "", "app.voters": ""}, everybody, "", everybody, "", ""},
	}
}

func TestWhoSeesAndChangesWhat(t *testing.T) {
	t.Parallel()
	w := newWalled(t)
	note := w.Officer("jalan").Officer.Bytes()
	for name, p := range people(w) {
		db := w.as(t, p)
		check := func(what, want string, got func(id civic.ReportID) int) {
			t.Helper()
			var may []string
			no := 0
			for report, id := range w.reports {
				switch n := got(id); n {
				case 0:
				case -1:
					no++
				default:
					may = append(may, report)
				}
			}
			slices.Sort(may)
			found := strings.Join(may, " ")
			switch {
			case len(may) == len(w.reports):
				found = all
			case no == len(w.reports):
				found = refused
			}
			if found != want {
				t.Errorf("%s %s: %q, want %q", name, what, found, want)
			}
		}
		// Children are read by whoever reads the report; who has no business with them at all is refused.
		reads := p.sees
		if p.role == roles.Ingest || p.role == roles.Escalator {
			reads = refused
		}
		counts, locks, refusals := reads, p.changes, p.notes
		if p.role == roles.Ingest {
			counts = all                  // when there was a step, the score of a rating, that nobody is named as an author; and no words
			locks, refusals = "", refused // of what is over it erases some things, and here nothing is
		}
		check("sees", p.sees, func(id civic.ReportID) int { return db.rows("SELECT 1 FROM reports WHERE id = $1", id.Bytes()) })
		check("changes", p.changes, func(id civic.ReportID) int {
			return db.rows("UPDATE reports SET status = 'VERIFIED' WHERE id = $1", id.Bytes())
		})
		check("locks", locks, func(id civic.ReportID) int {
			return db.rows("SELECT 1 FROM reports WHERE id = $1 FOR UPDATE", id.Bytes())
		})
		check("reads history of", counts, func(id civic.ReportID) int { return db.rows("SELECT 1 FROM timeline WHERE report_id = $1", id.Bytes()) })
		check("reads comments on", counts, func(id civic.ReportID) int { return db.rows("SELECT 1 FROM comments WHERE report_id = $1", id.Bytes()) })
		check("comments on", wholly(p.discusses), func(id civic.ReportID) int {
			return db.rows("INSERT INTO comments VALUES ($1, $2, 'x', 'CITIZEN', NULL, NULL, now())", newID().Bytes(), id.Bytes())
		})
		history := wholly(p.discusses)
		if p.role == roles.Ingest || p.role == roles.Escalator {
			history = all // their work is to write it
		}
		check("writes history of", history, func(id civic.ReportID) int {
			return db.rows("INSERT INTO timeline VALUES ($1, $2, 'COMMENTED', now(), 'RECEIVED', NULL, '', NULL)", newID().Bytes(), id.Bytes())
		})
		check("reads notes on", p.notes, func(id civic.ReportID) int {
			return db.rows("SELECT 1 FROM internal_notes WHERE report_id = $1", id.Bytes())
		})
		noting := wholly(p.notes)
		if p.role == roles.Ingest {
			noting = all // what an officer noted at the counter
		}
		check("writes notes on", noting, func(id civic.ReportID) int {
			return db.rows("INSERT INTO internal_notes VALUES ($1, $2, 'x', $3, now())", newID().Bytes(), id.Bytes(), note)
		})
		// Who refused is the department's to know, like its notes; a rating is seen with its report, and given by its reporter alone.
		check("reads refusals of", refusals, func(id civic.ReportID) int { return db.rows("SELECT 1 FROM refusals WHERE report_id = $1", id.Bytes()) })
		check("refuses", wholly(refusals), func(id civic.ReportID) int {
			return db.rows("INSERT INTO refusals VALUES ($1, $2, now())", id.Bytes(), demo.DepartmentID("air").Bytes())
		})
		check("reads ratings of", counts, func(id civic.ReportID) int { return db.rows("SELECT 1 FROM ratings WHERE report_id = $1", id.Bytes()) })
		rates, follows := "", ""
		if p.role != roles.Server {
			rates, follows = refused, refused
		}
		if p.settings["app.citizen"] == coretest.Citizen("budi").Citizen.UUIDString() && p.role == roles.Server {
			rates, follows = "hidden-other hidden-own private-other private-own public-other public-own", all
		}
		check("rates", rates, func(id civic.ReportID) int {
			return db.rows("UPDATE ratings SET score = 5 WHERE report_id = $1", id.Bytes())
		})
		check("sees followers of", follows, func(id civic.ReportID) int {
			return db.rows("SELECT 1 FROM followers WHERE report_id = $1", id.Bytes())
		})
		check("sees votes for", p.supports, func(id civic.ReportID) int { return db.rows("SELECT 1 FROM upvotes WHERE report_id = $1", id.Bytes()) })
	}
}

// wholly: an insert that is allowed for no row is refused for all.
func wholly(names string) string {
	if names == "" {
		return refused
	}
	return names
}

// What nobody who serves may do, whatever the row.
func TestWhatNoServiceMay(t *testing.T) {
	t.Parallel()
	w := newWalled(t)
	id, citizen := w.reports["public-own"].Bytes(), coretest.Citizen("siti").Citizen
	mayor := map[string]string{"app.departments": w.City.Departments[0].ID.UUIDString(), "app.citizen": citizen.UUIDString(), "app.voters": citizen.UUIDString()}
	w.Exec("INSERT INTO audit VALUES ($1, now(), 'system', 'x', NULL, '{}')", newID().Bytes())
	w.Exec("INSERT INTO outbox (event, created_at) VALUES ('{}', now())")
	every := []string{roles.Server, roles.Public, roles.Ingest, roles.Escalator}
	but := func(except ...string) []string {
		return slices.DeleteFunc(slices.Clone(every), func(role string) bool { return slices.Contains(except, role) })
	}
	for _, c := range []struct {
		sql     string
		refused []string
	}{
		{"SELECT 1 FROM audit", but(roles.Server, roles.Ingest)},
		{"UPDATE audit SET actor = 'somebody else'", every},
		{"DELETE FROM audit", every},
		{"TRUNCATE audit", every},
		{"INSERT INTO audit VALUES (gen_random_uuid(), now(), 'system', 'x', NULL, '{}')", []string{roles.Public}},
		{"DELETE FROM reports", every},
		{"UPDATE reports SET title = 'x'", but(roles.Server, roles.Ingest)},
		{"UPDATE reports SET body = 'x'", but(roles.Server, roles.Ingest)},
		{"UPDATE reports SET visibility = 'PUBLIC'", every},
		{"UPDATE reports SET hidden = false", but(roles.Server)},
		{"UPDATE reports SET clock_stood = 0", but(roles.Server)},
		{"UPDATE reports SET warn_at = NULL", but(roles.Server, roles.Escalator)},
		{"SELECT 1 FROM refusals", but(roles.Server)},
		{"DELETE FROM refusals", every},
		{"UPDATE refusals SET at = now()", every},
		{"SELECT 1 FROM followers", but(roles.Server, roles.Ingest)},
		{"UPDATE followers SET created_at = now()", every},
		{"SELECT 1 FROM ratings", but(roles.Server, roles.Public, roles.Ingest)},
		{"SELECT comment FROM ratings", but(roles.Server, roles.Public)},
		{"SELECT message FROM timeline", but(roles.Server, roles.Public)},
		{"SELECT 1 FROM rollups", but(roles.Server, roles.Public, roles.Ingest)},
		{"DELETE FROM rollups", but(roles.Ingest)},
		{"UPDATE rollups SET received = 0", but(roles.Ingest)},
		{"SELECT 1 FROM rollup_facts", but(roles.Ingest)},
		{"SELECT 1 FROM rollup_pending", but(roles.Ingest)},
		{"DELETE FROM rollup_pending", but(roles.Ingest)},
		{"UPDATE ratings SET score = 5", but(roles.Server)},
		{"DELETE FROM ratings", every},
		{"SELECT 1 FROM response_templates", but(roles.Server)},
		{"DELETE FROM response_templates", every},
		{"INSERT INTO holidays VALUES ('2027-01-01', 'x')", every}, // only where an administrator asks
		{"DELETE FROM holidays", but(roles.Server)},                // none is seen to be deleted, as below
		{"UPDATE reports SET reporter_id = NULL", but(roles.Ingest)},
		{"UPDATE reports SET receipt_hash = NULL", but(roles.Ingest)},
		{"UPDATE reports SET number = 'JW-0000-0000'", every},
		{"UPDATE reports SET created_at = now()", every},
		{"UPDATE reports SET department_id = department_id", but(roles.Server)},
		{"UPDATE reports SET upvotes = 1000", but(roles.Server)},
		{"UPDATE reports SET answered_at = now()", but(roles.Server)},
		{"UPDATE reports SET next_due_at = NULL", but(roles.Server, roles.Escalator)},
		{"INSERT INTO reports (id) VALUES (gen_random_uuid())", but(roles.Ingest)},
		{"UPDATE timeline SET message = ''", but(roles.Ingest)},
		{"DELETE FROM timeline", every},
		{"UPDATE comments SET body = 'x'", every},
		{"DELETE FROM comments", but(roles.Ingest)},
		{"SELECT body FROM comments", but(roles.Server, roles.Public)},
		{"SELECT body FROM internal_notes", but(roles.Server)},
		{"UPDATE internal_notes SET body = 'x'", every},
		{"DELETE FROM internal_notes", but(roles.Ingest)},
		{"UPDATE upvotes SET citizen_id = citizen_id", but(roles.Ingest)},
		{"DELETE FROM upvotes", but(roles.Server)},
		{"SELECT 1 FROM outbox", but(roles.Ingest)},
		{"DELETE FROM outbox", but(roles.Ingest)},
		{"INSERT INTO outbox (event, created_at) VALUES ('{}', now())", []string{roles.Public}},
		{"UPDATE departments SET level = 3", but(roles.Server)},
		{"DELETE FROM officers", every},
		{"INSERT INTO settings VALUES ('x', '{}')", every},
		{"UPDATE settings SET value = '{}'", but(roles.Server)},
		{"SELECT 1 FROM departures", but(roles.Server, roles.Ingest)},
		{"UPDATE departures SET citizen_id = citizen_id", every},
		{"SELECT 1 FROM goose_db_version", every},
		{"CREATE TABLE x ()", every},
		{"ALTER TABLE reports DISABLE ROW LEVEL SECURITY", every},
		{"SET ROLE " + roles.Owner, every},
	} {
		for _, role := range every {
			db := w.as(t, who{role: role, settings: mayor})
			if got := db.rows(c.sql) == -1 && !constraint(db.last); got != slices.Contains(c.refused, role) {
				t.Errorf("%s: %s: refused %v, %v", role, c.sql, got, db.last)
			}
		}
	}
	// The city is changed where an administrator asks, and not otherwise.
	for admin, want := range map[string]bool{"": false, "yes": true} {
		keeper := w.as(t, who{role: roles.Server, settings: map[string]string{"app.admin": admin}})
		for _, sql := range []string{
			"UPDATE departments SET level = level", "UPDATE categories SET sensitive = sensitive", "UPDATE officers SET name = name", "DELETE FROM holidays",
		} {
			if n := keeper.rows(sql); (n > 0) != want {
				t.Errorf("app.admin %q: %s: %d rows", admin, sql, n)
			}
		}
	}
	// Votes are their givers': nobody writes another's.
	db := w.as(t, who{role: roles.Server, settings: mayor})
	if db.rows("INSERT INTO upvotes VALUES ($1, $2, now())", id, coretest.Citizen("somebody").Citizen.Bytes()) != -1 {
		t.Error("a vote was given in somebody else's name")
	}
	if db.rows("DELETE FROM upvotes WHERE citizen_id = $1", coretest.Citizen("budi").Citizen.Bytes()) != 0 {
		t.Error("somebody else's vote was taken back")
	}
}

// The owner of the tables is under the policies, too: only who bypasses them by right sees through.
func TestRowLevelSecurityIsForced(t *testing.T) {
	t.Parallel()
	w := newWalled(t)
	for _, table := range []string{
		"reports", "timeline", "comments", "internal_notes", "upvotes", "audit", "refusals", "followers", "ratings", "response_templates", "rollups", "rollup_facts",
	} {
		if n := w.as(t, who{role: roles.Owner}).rows("SELECT 1 FROM " + table); n != 0 {
			t.Errorf("the owner sees %d rows of %s", n, table)
		}
	}
	if n := w.as(t, who{role: coretest.Unwalled}).rows("SELECT 1 FROM reports"); n != len(w.reports) {
		t.Errorf("the role that tests use to take the wall away sees %d rows", n)
	}
}

// as connects as somebody.
func (w walled) as(t *testing.T, p who) *session {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.URL(p.role))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return &session{t: t, conn: conn, settings: p.settings}
}

type session struct {
	t        *testing.T
	conn     *pgx.Conn
	settings map[string]string
	last     error
}

// rows runs a statement in a transaction of its own that is rolled back, and counts the rows it touched; -1 when it is refused.
func (s *session) rows(sql string, args ...any) int {
	s.t.Helper()
	ctx := context.Background()
	tx, err := s.conn.Begin(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	defer tx.Rollback(ctx) //nolint:errcheck // there is nothing to keep
	for name, value := range s.settings {
		if _, err := tx.Exec(ctx, "SELECT set_config($1, $2, true)", name, value); err != nil {
			s.t.Fatal(err)
		}
	}
	done, err := tx.Exec(ctx, sql, args...)
	s.last = err
	if err == nil {
		return int(done.RowsAffected())
	}
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) || refusal.Code != "42501" && !constraint(err) {
		s.t.Fatalf("%s: %v", sql, err)
	}
	return -1
}

// constraint: the role was let through as far as the table's own rules.
func constraint(err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && strings.HasPrefix(refusal.Code, "23")
}
