package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// The audit and the ledger only grow: no service changes or deletes a row of them, and only ingest adds to the tree.
func TestNoServiceChangesTheLedger(t *testing.T) {
	t.Parallel()
	c := newSequenced(t)
	every := []string{roles.Server, roles.Public, roles.Ingest, roles.Escalator}
	statements := map[string][]string{ // and the roles that may
		"INSERT INTO audit_pending (lines) VALUES ('{}')":                            {roles.Server, roles.Ingest, roles.Escalator},
		"SELECT 1 FROM audit_pending":                                                {roles.Ingest},
		"DELETE FROM audit_pending":                                                  {roles.Ingest},
		"UPDATE audit_pending SET lines = '{}'":                                      nil,
		"INSERT INTO ledger_leaves VALUES (1000, '', gen_random_uuid())":             {roles.Ingest},
		"INSERT INTO ledger_hashes VALUES (1000, '')":                                {roles.Ingest},
		"INSERT INTO ledger_checkpoints VALUES (1000, '')":                           {roles.Ingest},
		"INSERT INTO ledger_key VALUES (true, '') ON CONFLICT DO NOTHING":            {roles.Ingest},
		"SELECT 1 FROM ledger_turn FOR UPDATE":                                       {roles.Ingest},
		"DELETE FROM ledger_turn":                                                    nil,
		"SELECT salt FROM reports WHERE visibility = 'ANONYMOUS'":                    every,
		"UPDATE reports SET salt = NULL":                                             {roles.Server, roles.Ingest},
		"ALTER TABLE audit DISABLE ROW LEVEL SECURITY":                               nil,
		"SELECT 1 FROM ledger_leaves, ledger_hashes, ledger_checkpoints, ledger_key": {roles.Server, roles.Public, roles.Ingest},
	}
	for _, table := range []string{"audit", "ledger_leaves", "ledger_hashes", "ledger_checkpoints", "ledger_key"} {
		statements["UPDATE "+table+" SET "+map[string]string{
			"audit": "actor = 'x'", "ledger_leaves": "number = NULL", "ledger_hashes": "hashes = ''", "ledger_checkpoints": "signed = ''", "ledger_key": "verifier = ''",
		}[table]] = nil
		statements["DELETE FROM "+table], statements["TRUNCATE "+table], statements["DROP TABLE "+table] = nil, nil, nil
	}
	for statement, may := range statements {
		for _, role := range every {
			err := try(t, c.URL(role), statement)
			var refused *pgconn.PgError
			if allowed := slices.Contains(may, role); allowed && err != nil || !allowed && (!errors.As(err, &refused) || refused.Code != "42501") {
				t.Errorf("%s: %s: allowed %v, got %v", role, statement, allowed, err)
			}
		}
	}
}

// Who reads the audit must be said to be an auditor; the rest of what the database is told about somebody opens nothing.
func TestTheAuditIsReadByAuditorsAlone(t *testing.T) {
	t.Parallel()
	c := newSequenced(t)
	rows, mayor := c.Store(roles.Server), c.Officer("walikota")
	auditor, err := civic.AuditScope(mayor)
	if err != nil {
		t.Fatal(err)
	}
	page := civic.PageRequest{First: 2}
	for name, scope := range map[string]civic.Scope{
		"nobody": {}, "a citizen": c.City.ScopeOf(coretest.Citizen("budi")), "an officer": c.City.ScopeOf(c.Officer("jalan")), "the mayor at work": c.City.ScopeOf(mayor),
	} {
		if found, err := rows.AuditLog(t.Context(), scope, nil, page); err != nil || len(found.Items) > 0 {
			t.Errorf("%s reads %d lines, %v", name, len(found.Items), err)
		}
	}
	for _, p := range []civic.Principal{{}, coretest.Citizen("budi"), c.Officer("jalan")} {
		if _, err := civic.AuditScope(p); err == nil {
			t.Errorf("%+v may audit", p)
		}
	}

	var seen []int64
	for {
		found, err := rows.AuditLog(t.Context(), auditor, nil, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range found.Items {
			seen = append(seen, entry.Index)
		}
		if found.HasPrev != (page.After != "") {
			t.Error("the page does not know what is before it")
		}
		if !found.HasNext {
			break
		}
		page.After = found.Cursors[len(found.Cursors)-1]
	}
	if !slices.Equal(seen, []int64{3, 2, 1, 0}) {
		t.Errorf("the pages show %v", seen)
	}
	found, err := rows.AuditLog(t.Context(), auditor, &c.moved.ID, civic.PageRequest{First: 10})
	if err != nil || len(found.Items) != 2 || found.Items[0].Action != "change_status" || found.Items[0].Status != civic.InProgress ||
		*found.Items[0].Department != c.moved.Department || *found.Items[0].Report != c.moved.ID || found.Items[1].Action != "submit" {
		t.Errorf("of one report it shows %+v, %v", found.Items, err)
	}
	_, err = rows.AuditLog(t.Context(), auditor, nil, civic.PageRequest{First: 2, After: "made up"})
	wantCode(t, "a made-up cursor", err, civic.CodeInvalidInput)
}

// sequenced is a city of three reports, one of them moved, all four lines in the ledger.
type sequenced struct {
	*coretest.Core
	moved *civic.Report
}

func newSequenced(t *testing.T) sequenced {
	t.Helper()
	c := coretest.New(t)
	s := sequenced{c, c.File()}
	c.File(coretest.Visibility(civic.Private))
	c.File(coretest.Visibility(civic.Anonymous))
	if _, err := c.Desk(c.Store(roles.Server), casework.Config{}).ChangeStatus(t.Context(), c.Officer("jalan"), s.moved.ID, civic.InProgress, ""); err != nil {
		t.Fatal(err)
	}
	sequencer, err := ledger.NewSequencer(ledger.Config{}, make([]byte, ledger.KeySize), c.Store(roles.Ingest))
	if err == nil {
		err = sequencer.Drain(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// try runs a statement as a role and takes it back.
func try(t *testing.T, address, statement string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // nothing is kept
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background()) //nolint:errcheck // meant to be
	_, err = tx.Exec(t.Context(), statement)
	return err
}
