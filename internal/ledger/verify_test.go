package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/ledger"
)

const (
	auditOf = "(SELECT audit_id FROM ledger_leaves WHERE leaf = %d)"
	// another is an audit line that somebody makes up.
	another = "INSERT INTO audit VALUES ('11111111-2222-4333-8444-555555555555', now(), 'system', 'close', NULL, '{}')"
)

func of(leaf int) string { return fmt.Sprintf(auditOf, leaf) }

// Whoever owns the database changes something behind the system's back: it is found, and the first row that is not what was written is named.
func TestWhatIsChangedBehindTheSystemsBackIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper []string
		want   string
	}{
		"an audit row changed": {[]string{"UPDATE audit SET actor = 'system' WHERE id = " + of(4)}, "line 4 ("},
		"its time changed":     {[]string{"UPDATE audit SET at = at + interval '1 microsecond' WHERE id = " + of(3)}, "line 3 ("},
		"its detail changed":   {[]string{`UPDATE audit SET detail = detail || '{"status": "CLOSED"}' WHERE id = ` + of(5)}, "line 5 ("},
		"a filing's audit row changed": {
			[]string{"UPDATE audit SET actor = 'citizen:00000000-0000-0000-0000-000000000000' WHERE id = " + of(1)}, "line 1 (",
		},
		"an audit row deleted":        {[]string{"DELETE FROM audit WHERE id = " + of(2)}, "line 2: the audit row "},
		"an audit row given a new id": {[]string{"UPDATE audit SET id = gen_random_uuid() WHERE id = " + of(2)}, "line 2: the audit row "},
		"two audit rows exchanged": {
			[]string{`UPDATE audit AS a SET action = b.action, detail = b.detail, report_id = b.report_id, actor = b.actor FROM audit AS b
				WHERE a.id IN (` + of(3) + ", " + of(6) + ") AND b.id IN (" + of(3) + ", " + of(6) + ") AND a.id <> b.id"}, "line 3 (",
		},
		"two lines reordered": {
			swapLeaves(3, 4), "line 3 (",
		},
		"two distant lines reordered": {swapLeaves(0, 7), "line 0 ("},
		"an audit row inserted":       {[]string{another}, "audit row 11111111-2222-4333-8444-555555555555"},
		"a line inserted among the leaves": {
			[]string{
				another, "UPDATE ledger_leaves SET leaf = leaf + 1000 WHERE leaf >= 4", "UPDATE ledger_leaves SET leaf = leaf - 999 WHERE leaf >= 1000",
				"INSERT INTO ledger_leaves VALUES (4, decode(repeat('ab', 32), 'hex'), '11111111-2222-4333-8444-555555555555')",
			}, "line 4 (",
		},
		"the same line twice": {
			[]string{
				"ALTER TABLE ledger_leaves DROP CONSTRAINT ledger_leaves_audit_id_key",
				"INSERT INTO ledger_leaves SELECT 8, hash, audit_id, number, record FROM ledger_leaves WHERE leaf = 5",
			}, "line 8 (",
		},
		"a leaf deleted":            {[]string{"DELETE FROM ledger_leaves WHERE leaf = 5"}, "line 5 is missing"},
		"the last leaf deleted":     {[]string{"DELETE FROM ledger_leaves WHERE leaf = 7"}, "line 7 is missing"},
		"a leaf's hash changed":     {[]string{"UPDATE ledger_leaves SET hash = decode(repeat('00', 32), 'hex') WHERE leaf = 5"}, "line 5 ("},
		"a leaf's hash cut":         {[]string{"UPDATE ledger_leaves SET hash = '' WHERE leaf = 5"}, "line 5 ("},
		"what a leaf shows changed": {[]string{"UPDATE ledger_leaves SET number = 'JW-0000-0000' WHERE leaf = 1"}, "line 1 ("},
		"a stored hash changed":     {[]string{changeHash(0)}, "the stored hash of line 0 ("},
		"a stored hash of the inner tree changed": {
			[]string{changeHash(tlog.StoredHashIndex(1, 1))}, "a stored hash of the tree, of those that came with line 3 (",
		},
		"a row of stored hashes deleted":     {[]string{"DELETE FROM ledger_hashes WHERE start = 1"}, "(line 1) are missing"},
		"a row of stored hashes cut":         {[]string{"UPDATE ledger_hashes SET hashes = substring(hashes FOR 33) WHERE start = 1"}, "(line 1) are missing"},
		"the last row of stored hashes lost": {[]string{"DELETE FROM ledger_hashes WHERE start = (SELECT max(start) FROM ledger_hashes)"}, "(line 6) are missing"},
		"the last checkpoint deleted":        {[]string{"DELETE FROM ledger_checkpoints WHERE size = 8"}, "line 6 ("},
		"all checkpoints deleted":            {[]string{"DELETE FROM ledger_checkpoints"}, "line 0 ("},
		"a checkpoint moved":                 {[]string{"UPDATE ledger_checkpoints SET size = 2 WHERE size = 3"}, "the checkpoint in the row of 2 lines is one of 3"},
		"a checkpoint spoiled":               {[]string{"UPDATE ledger_checkpoints SET signed = signed || 'x' WHERE size = 5"}, "the checkpoint of 5 lines is not signed"},
		"the tail cut off, checkpoints too": {
			[]string{"DELETE FROM ledger_checkpoints WHERE size > 6", "DELETE FROM ledger_leaves WHERE leaf >= 6"},
			"lines at its end, from 6 on, were deleted",
		},
		"the tail cut off but for the rows": {
			[]string{
				"DELETE FROM ledger_checkpoints WHERE size > 6", "DELETE FROM ledger_leaves WHERE leaf >= 6",
				fmt.Sprintf("DELETE FROM ledger_hashes WHERE start >= %d", tlog.StoredHashCount(6)),
			}, "neither stands in the ledger nor waits for it",
		},
		"the tail cut off, rows too": {
			[]string{
				"DELETE FROM audit WHERE id IN (SELECT audit_id FROM ledger_leaves WHERE leaf >= 6)",
				"DELETE FROM ledger_checkpoints WHERE size > 6", "DELETE FROM ledger_leaves WHERE leaf >= 6",
				fmt.Sprintf("DELETE FROM ledger_hashes WHERE start >= %d", tlog.StoredHashCount(6)),
			}, "has no filing in the audit",
		},
		"another key named":      {[]string{"UPDATE ledger_key SET verifier = 'other+00000000+AAAA'"}, "the database names another key"},
		"a text changed":         {[]string{"UPDATE reports SET body = body || '.' WHERE number = (SELECT number FROM ledger_leaves WHERE leaf = 1)"}, "the text of report JW-"},
		"a title changed":        {[]string{"UPDATE reports SET title = 'Lain' WHERE number = (SELECT number FROM ledger_leaves WHERE leaf = 2)"}, "the text of report JW-"},
		"a salt erased":          {[]string{"UPDATE reports SET salt = NULL WHERE number = (SELECT number FROM ledger_leaves WHERE leaf = 2)"}, "the text of report JW-"},
		"a number changed":       {[]string{"UPDATE reports SET number = 'JW-0000-0000' WHERE number = (SELECT number FROM ledger_leaves WHERE leaf = 0)"}, "report JW-0000-0000 was filed as JW-"},
		"a report deleted":       {[]string{"DELETE FROM reports WHERE number = (SELECT number FROM ledger_leaves WHERE leaf = 1)"}, "was deleted: the audit row "},
		"a waiting line deleted": {[]string{"INSERT INTO audit_pending (lines) VALUES ('{11111111-2222-4333-8444-555555555555}')"}, "was deleted before it came into the ledger"},
		"a report inserted": {
			[]string{`INSERT INTO reports SELECT (jsonb_populate_record(r, '{"id": "11111111-2222-4333-8444-555555555555", "number": "JW-0000-0000", "receipt_hash": null}')).*
				FROM reports AS r LIMIT 1`}, "report JW-0000-0000 has no filing in the audit",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(t)
			b.fill()
			b.wantSound()
			for _, statement := range c.tamper {
				b.Exec(statement)
			}
			b.wantTampered(nil, c.want)
		})
	}
}

// Whoever has the key too can write everything anew, so that it fits. A checkpoint that somebody kept shows it.
func TestARewriteWithTheKeyShowsAgainstAKeptCheckpoint(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.fill()
	saved := b.wantSound().Checkpoint
	b.File()
	b.drain()
	if _, err := b.verify(&saved); err != nil {
		t.Fatalf("an earlier checkpoint of the same ledger: %v", err)
	}
	longer := b.wantSound().Checkpoint

	b.Exec("UPDATE audit SET actor = 'system' WHERE id = " + of(4))
	b.rewrite(b.sequencer)
	b.wantSound()
	b.wantTampered(&saved, "the saved checkpoint of 8 lines does not fit")

	b.Exec("DELETE FROM audit WHERE id = " + of(8))
	b.Exec("DELETE FROM reports WHERE number = (SELECT number FROM ledger_leaves WHERE leaf = 8)")
	b.rewrite(b.sequencer)
	b.wantSound()
	b.wantTampered(&longer, "the saved checkpoint has 9 lines and this ledger 8")
}

// Without the key a rewrite does not even look right here.
func TestARewriteWithAnotherKeyIsNamed(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.fill()
	b.Exec("UPDATE audit SET actor = 'system' WHERE id = " + of(4))
	b.rewrite(b.sequencerWith(2))
	b.wantTampered(nil, "the database names another key")
	b.Exec("UPDATE ledger_key SET verifier = $1", b.sequencer.Verifier())
	b.wantTampered(nil, "is not signed with the ledger's key")
}

// Rows, leaves and hashes fit each other, and only the checkpoints are the old ones: the line is known as closely as they stand.
func TestARewriteUnderTheOldCheckpointsIsNamed(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.fill()
	b.Exec("CREATE TABLE old AS SELECT * FROM ledger_checkpoints")
	b.Exec("UPDATE audit SET actor = 'system' WHERE id = " + of(4))
	b.rewrite(b.sequencer)
	b.Exec("DELETE FROM ledger_checkpoints")
	b.Exec("INSERT INTO ledger_checkpoints SELECT * FROM old")
	b.wantTampered(nil, "the lines from 4 (")
}

// When a text's time has come it goes with its salt, and the line that says so takes the place of the commitment.
func TestAnErasedTextNeedNotOpen(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	report := b.fill()[0]
	b.Exec("UPDATE reports SET title = '-', body = '-', salt = NULL WHERE id = $1", report.ID.Bytes())
	b.wantTampered(nil, "the text of report "+report.Number)
	b.Exec("INSERT INTO audit VALUES ('11111111-2222-4333-8444-555555555555', now(), 'system', $2, $1, '{}')", report.ID.Bytes(), ledger.ActionErase)
	b.Exec("INSERT INTO audit_pending (lines) VALUES ('{11111111-2222-4333-8444-555555555555}')")
	b.drain()
	if summary := b.wantSound(); summary.Erased != 1 || summary.Reports != 5 {
		t.Errorf("%+v", summary)
	}
	filing := civic.NewFiling(report.Number, report.CreatedAt, nil, report.Title, report.Body)
	if proof, err := b.rows.LedgerProof(t.Context(), report.Number); err != nil || strings.Contains(proof.Record, filing.Commitment.String()) {
		t.Errorf("without its salt the commitment tells the text: %v", err)
	}
}

func (b *book) wantTampered(saved *ledger.Checkpoint, want string) {
	b.t.Helper()
	_, err := b.verify(saved)
	var tampered *ledger.Tampered
	if !errors.As(err, &tampered) || !strings.Contains(err.Error(), want) {
		b.t.Errorf("got  %v\nwant %s", err, want)
	}
}

// rewrite makes a whole new tree over the audit, in the order of the old one.
func (b *book) rewrite(with *ledger.Sequencer) {
	b.t.Helper()
	b.Exec("INSERT INTO audit_pending (lines) SELECT ARRAY[l.audit_id] FROM ledger_leaves AS l JOIN audit AS a ON a.id = l.audit_id ORDER BY leaf")
	for _, table := range []string{"ledger_leaves", "ledger_hashes", "ledger_checkpoints", "ledger_key"} {
		b.Exec("DELETE FROM " + table)
	}
	if err := with.Drain(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

// swapLeaves lets two whole lines change places.
func swapLeaves(one, other int) []string {
	return []string{
		fmt.Sprintf("UPDATE ledger_leaves SET leaf = 1000 WHERE leaf = %d", one),
		fmt.Sprintf("UPDATE ledger_leaves SET leaf = %d WHERE leaf = %d", one, other),
		fmt.Sprintf("UPDATE ledger_leaves SET leaf = %d WHERE leaf = 1000", other),
	}
}

func changeHash(index int64) string {
	return fmt.Sprintf(`UPDATE ledger_hashes SET hashes = overlay(hashes PLACING decode(repeat('00', 32), 'hex') FROM ((%[1]d - start) * 32 + 1)::integer)
		WHERE start = (SELECT max(start) FROM ledger_hashes WHERE start <= %[1]d)`, index)
}
