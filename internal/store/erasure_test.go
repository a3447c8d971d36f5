package store_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// Ingest reaches what it has to erase, and nothing else.
func TestIngestErasesNothingElse(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	budi := coretest.Citizen("budi").Citizen
	open, over := c.File().ID, c.File().ID
	c.Exec("UPDATE reports SET status = 'CLOSED', closed_at = now() WHERE id = $1", over.Bytes())
	server := c.Desk(c.Store(roles.Server), casework.Config{})
	for _, id := range []civic.ReportID{open, over} {
		if _, err := server.Comment(t.Context(), coretest.Citizen("budi"), id, "kata"); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Follow(t.Context(), coretest.Citizen("budi"), id, true); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Upvote(t.Context(), coretest.Citizen("siti"), id, true); err != nil {
			t.Fatal(err)
		}
	}
	ingest := c.Store(roles.Ingest)
	all := []civic.Erasure{{Report: open, Text: true}, {Report: over, Text: true}}
	try := func(act func(ctx context.Context, tx *store.Tx) error) {
		t.Helper()
		if err := ingest.Change(t.Context(), civic.Scope{}, act); err != nil {
			t.Fatal(err)
		}
	}
	try(func(ctx context.Context, tx *store.Tx) error { return tx.ForgetCitizen(ctx, budi) }) // who does not go
	if n := c.Count("SELECT count(*) FROM followers"); n != 2 || c.Report(open).Reporter == nil {
		t.Errorf("somebody was forgotten who stays, %d followers are left", n)
	}
	try(func(ctx context.Context, tx *store.Tx) error { return tx.Erase(ctx, all, coretest.Monday) })
	if r := c.Report(open); r.Title == "—" || r.Reporter == nil || c.Count("SELECT count(*) FROM comments WHERE report_id = $1", open.Bytes()) != 1 {
		t.Error("what is open was erased")
	}
	if r := c.Report(over); r.Title != "—" || r.Reporter != nil || c.Count("SELECT count(*) FROM comments WHERE report_id = $1", over.Bytes()) != 0 {
		t.Error("what is over was not")
	}
}

// A citizen's own data is all that names them, and nothing of anybody else.
func TestOwn(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	rows := c.Store(roles.Server)
	desk := c.Desk(rows, casework.Config{})
	mine, hers := c.File(coretest.Visibility(civic.Private)).ID, c.File(coretest.By(siti)).ID
	for _, act := range []func() error{
		func() error { _, err := desk.Comment(t.Context(), budi, hers, "kata budi"); return err },
		func() error { _, err := desk.Comment(t.Context(), siti, hers, "kata siti"); return err },
		func() error { _, err := desk.Upvote(t.Context(), budi, hers, true); return err },
		func() error { _, err := desk.Follow(t.Context(), budi, hers, true); return err },
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
	c.Exec("INSERT INTO ratings VALUES ($1, 4, 'lumayan', now())", mine.Bytes())
	c.Exec("INSERT INTO notifications (id, account_id, kind, report_id, detail, created_at) VALUES (gen_random_uuid(), $1, 'COMMENTED', $2, '{}', now())", budi.Citizen.Bytes(), mine.Bytes())
	c.Exec("INSERT INTO notification_preferences VALUES ($1, false, 'id', false, false, true, '[]', NULL, NULL, NULL, 'secret', now())", budi.Citizen.Bytes())
	c.Exec("INSERT INTO push_subscriptions VALUES (gen_random_uuid(), $1, false, 'https://push.test/1', 'key', 'auth', now())", budi.Citizen.Bytes())
	c.Exec("INSERT INTO area_alerts VALUES (gen_random_uuid(), $1, -6.9, 107.6, '', 500, '{}', now())", budi.Citizen.Bytes())
	c.Exec("UPDATE reports SET hidden = true WHERE id = $1", hers.Bytes()) // what was said there is still the sayer's
	held := map[string][]json.RawMessage{}
	var order []string
	err := rows.Own(t.Context(), budi.Citizen, func(section string) error { order = append(order, section); return nil },
		func(row json.RawMessage) error {
			held[order[len(order)-1]] = append(held[order[len(order)-1]], slices.Clone(row))
			return nil
		})
	if err != nil || strings.Join(order, " ") != "reports comments votes follows ratings notifications notificationPreferences browsers areaAlerts" {
		t.Fatal(order, err)
	}
	for _, section := range order {
		if len(held[section]) != 1 {
			t.Errorf("%s: %s", section, held[section])
		}
	}
	if !strings.Contains(string(held["comments"][0]), "kata budi") || !strings.Contains(string(held["reports"][0]), "Lubang besar") {
		t.Errorf("%s", held)
	}
	if err := rows.Own(t.Context(), civic.CitizenID{UUID: civic.NamedUUID("nobody")}, func(string) error { return nil },
		func(row json.RawMessage) error { t.Errorf("nobody has %s", row); return nil }); err != nil {
		t.Error(err)
	}
}

// Whatever column names a citizen, some statement takes citizens who go out of it.
func TestNoColumnIsForgottenWhenSomebodyLeaves(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	// What refers to a table here is an officer: citizens' accounts are in another database.
	rows, err := c.Admin.Query(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND udt_name IN ('uuid', '_uuid') AND column_name ~ '(citizen|account|reporter|author|voter|person)'
		AND (table_name, column_name) NOT IN (SELECT table_name, column_name FROM information_schema.key_column_usage
			JOIN information_schema.table_constraints USING (constraint_name, table_name) WHERE constraint_type = 'FOREIGN KEY') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(columns) < 5 {
		t.Fatalf("%v, %v", columns, err)
	}
	files, err := filepath.Glob("query/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var forgetting []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range strings.Split(string(text), "-- name: ")[1:] {
			if strings.HasPrefix(statement, "Forget") || strings.HasPrefix(statement, "EndDeparture") {
				forgetting = append(forgetting, statement)
			}
		}
	}
	for _, column := range columns {
		table, name, _ := strings.Cut(column, ".")
		takesOut := regexp.MustCompile(`(DELETE FROM|UPDATE) ` + table + `\b[^;]*\bWHERE (` + table + `\.)?` + name + ` = @`)
		if !slices.ContainsFunc(forgetting, takesOut.MatchString) {
			t.Errorf("nothing takes who leaves out of %s", column)
		}
	}
}
