package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

func TestEveryLineComesIntoTheTreeInOrder(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	if b.wantSound(); b.Count("SELECT count(*) FROM ledger_checkpoints") != 0 {
		t.Fatal("somebody signed before anybody was asked to")
	}
	b.fill()
	summary := b.wantSound()
	if summary.Checkpoint.Size != 8 || summary.Checkpoints != 7 || summary.Reports != 5 || summary.Waiting != 0 || summary.Early != 0 {
		t.Errorf("%+v", summary)
	}
	if n := b.Count("SELECT count(*) FROM ledger_leaves AS l JOIN audit AS a ON a.id = l.audit_id WHERE (l.number IS NOT NULL) = (a.action = 'submit')"); n != 8 {
		t.Errorf("%d leaves show what they may", n)
	}
	if n := b.Count("SELECT count(*) FROM audit_pending"); n != 0 {
		t.Errorf("%d lines still wait", n)
	}
	before := b.Count("SELECT count(*) FROM ledger_checkpoints")
	b.drain()
	if n := b.Count("SELECT count(*) FROM ledger_checkpoints"); n != before {
		t.Error("a checkpoint was signed for nothing")
	}
}

// Several sequencers run, each of them dies again and again in the middle of its work, and officers and citizens act meanwhile: every line
// comes in once.
func TestSequencersTakeTurnsWhateverBecomesOfThem(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	over, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for n := range 3 {
		running.Go(func() {
			sequencer := b.sequencer
			for life := 1; over.Err() == nil; life++ {
				ctx, die := context.WithTimeout(over, time.Duration(1+(life*7+n*3)%23)*time.Millisecond)
				for ctx.Err() == nil {
					if err := sequencer.Drain(ctx); err != nil && ctx.Err() == nil && !strings.Contains(err.Error(), "canceled") {
						t.Errorf("sequencer %d: %v", n, err)
					}
				}
				die()
			}
		})
	}
	desk, officer := b.Desk(b.Store(roles.Server), casework.Config{}), b.Officer("jalan")
	for range 40 {
		report := b.File()
		if _, err := desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	running.Wait()
	b.drain()
	if summary := b.wantSound(); summary.Checkpoint.Size != 80 {
		t.Errorf("%+v", summary)
	}
	// A report's own lines stand in the order of its acts.
	if n := b.Count(`SELECT count(*) FROM ledger_leaves AS f JOIN audit AS s ON s.id = f.audit_id JOIN audit AS c ON c.report_id = s.report_id
		JOIN ledger_leaves AS l ON l.audit_id = c.id WHERE s.action = 'submit' AND c.action = 'change_status' AND f.leaf < l.leaf`); n != 40 {
		t.Errorf("%d reports have their lines in order", n)
	}
}

func TestALineIsInTheTreeWithinASecond(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.sequencer.Run(ctx) }()
	report := b.File()
	for deadline := time.Now().Add(2 * time.Minute); ; { // the promise is one second; a crowded machine may be late
		proof, err := b.rows.LedgerProof(t.Context(), report.Number)
		if err != nil {
			t.Fatal(err)
		}
		if proof != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the line is not in the tree")
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Nobody signs on top of what another key or another tree left behind.
func TestTheLedgerStandsStillRatherThanTellTwoStories(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.fill()
	b.File()
	if err := b.sequencerWith(2).Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Errorf("another key: %v", err)
	}
	b.Exec("UPDATE ledger_hashes SET hashes = decode(repeat('00', length(hashes)), 'hex')")
	if err := b.sequencer.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "ledger verify") {
		t.Errorf("other hashes: %v", err)
	}
	if n := b.Count("SELECT count(*) FROM audit_pending"); n != 1 {
		t.Errorf("%d lines wait", n)
	}
}

// What the city had written down before there was a ledger comes into it first, and is told apart.
func TestLinesFromBeforeTheLedger(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.File()
	b.Exec("UPDATE audit SET detail = detail - 'filing'")
	b.Exec("UPDATE reports SET salt = NULL")
	b.File()
	b.drain()
	if summary := b.wantSound(); summary.Early != 1 || summary.Reports != 2 {
		t.Errorf("%+v", summary)
	}
}

func TestAProofShowsTheFilingAndNothingElse(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for i, report := range b.fill() {
		if i == 3 { // what came in last has the longest way
			continue
		}
		proof, err := b.rows.LedgerProof(t.Context(), report.Number)
		if err != nil || proof == nil {
			t.Fatalf("report %d: %v, %v", i, proof, err)
		}
		written := proof.String()
		read, err := ledger.ParseProof(written)
		if err != nil || read.String() != written {
			t.Fatalf("%v\n%s\n%s", err, written, read)
		}
		shown, checkpoint, err := read.Check(b.sequencer.Verifier())
		if err != nil || checkpoint.Size != 8 || shown.Number != report.Number || !shown.Hour.Equal(coretest.Monday.Truncate(time.Hour)) {
			t.Errorf("report %d: %+v, %+v, %v", i, shown, checkpoint, err)
		}
		salt := b.salt(report.Number)
		if !shown.Fits(salt, report.Title, report.Body) || shown.Fits(salt, report.Title, report.Body+" ") || shown.Fits(make([]byte, 32), report.Title, report.Body) {
			t.Error("the commitment opens with another text or another salt, or not at all")
		}
		for _, secret := range []string{report.ID.UUIDString(), report.Title, coretest.Citizen("budi").Citizen.UUIDString(), string(salt)} {
			if strings.Contains(written, secret) || strings.Contains(read.Record, secret) {
				t.Errorf("the proof holds %q", secret)
			}
		}
	}
	if proof, err := b.rows.LedgerProof(t.Context(), "JW-0000-0000"); proof != nil || err != nil {
		t.Errorf("a number that nobody has: %v, %v", proof, err)
	}
}

func TestAProofThatIsNone(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	reports := b.fill()
	proof, err := b.rows.LedgerProof(t.Context(), reports[1].Number)
	if err != nil {
		t.Fatal(err)
	}
	proof.Salt = b.salt(reports[1].Number)
	good, key := proof.String(), b.sequencer.Verifier()
	other := *proof
	other.Record = strings.Replace(proof.Record, "JW-", "JX-", 1)
	moved := *proof
	moved.Index++
	beyond := *proof
	beyond.Index = 8
	short := *proof
	short.Path = short.Path[1:]
	for name, text := range map[string]string{
		"nothing": "", "another format": "go.sum database tree\n", "no checkpoint": strings.SplitAfter(good, "\n\n")[0],
		"another number": other.String(), "another place": moved.String(), "a place beyond the end": beyond.String(), "a part of the way": short.String(),
		"a broken hash":        strings.Replace(good, "=\n", "\n", 1),
		"a changed size":       strings.Replace(good, "\n8\n", "\n9\n", 1),
		"an index with a sign": strings.Replace(good, "index ", "index -", 1),
	} {
		read, err := ledger.ParseProof(text)
		if err == nil {
			_, _, err = read.Check(key)
		}
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	read, err := ledger.ParseProof(good)
	if err != nil || fmt.Sprint(read.Salt) != fmt.Sprint(proof.Salt) {
		t.Errorf("the salt did not come along: %v", err)
	}
	if _, _, err := read.Check(signer(t, 2).Verifier()); err == nil {
		t.Error("another's key was taken")
	}
}

func (b *book) salt(number string) (salt []byte) {
	b.t.Helper()
	if err := b.Admin.QueryRow(context.Background(), "SELECT salt FROM reports WHERE number = $1", number).Scan(&salt); err != nil {
		b.t.Fatal(err)
	}
	return salt
}
