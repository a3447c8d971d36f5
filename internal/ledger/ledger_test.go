package ledger_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/internal/notary"
)

// The tree is tlog's: whoever checks proofs and checkpoints needs nothing of ours.
func TestTheFrontierGrowsTheSameTreeAsTlog(t *testing.T) {
	t.Parallel()
	var all, added []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = all[index]
		}
		return out, nil
	})
	frontier := ledger.NewFrontier(0, nil)
	for n := range int64(300) {
		want, err := tlog.TreeHash(n, reader)
		if err != nil || frontier.Checkpoint() != (ledger.Checkpoint{Size: n, Root: want}) {
			t.Fatalf("%d leaves: %v, want root %v, %v", n, frontier.Checkpoint(), want, err)
		}
		peaks, err := reader.ReadHashes(ledger.FrontierIndexes(n))
		if err != nil {
			t.Fatal(err)
		}
		frontier = ledger.NewFrontier(n, peaks) // as somebody who goes on finds it
		record := fmt.Appendf(nil, "line %d", n)
		stored, err := tlog.StoredHashes(n, record, reader)
		if err != nil {
			t.Fatal(err)
		}
		added = frontier.Push(tlog.RecordHash(record), added)
		if fmt.Sprint(added) != fmt.Sprint(stored) {
			t.Fatalf("leaf %d adds %v, want %v", n, added, stored)
		}
		all = append(all, stored...)
	}
}

// The canonical form is for ever: a change of it would make every line look rewritten.
func TestTheCanonicalFormOfALine(t *testing.T) {
	t.Parallel()
	report := civic.UUID{2}
	line := ledger.Line{
		ID: civic.UUID{1}, At: time.UnixMicro(1).In(time.FixedZone("WIB", 7*3600)), Actor: "system", Action: "close", Report: &report,
		Detail: []byte(`{"status": "CLOSED<", "department": 1.50}`),
	}
	canonical := func() string {
		form, err := line.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		return string(form)
	}
	want := "JagaWarga audit line 1\n" +
		"\x00\x00\x00\x10\x01" + strings.Repeat("\x00", 15) + "\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x01" +
		"\x00\x00\x00\x06system\x00\x00\x00\x05close\x00\x00\x00\x10\x02" + strings.Repeat("\x00", 15) +
		"\x00\x00\x00\x26" + `{"department":1.50,"status":"CLOSED<"}`
	if got := canonical(); got != want {
		t.Errorf("got  %s\nwant %s", hex.EncodeToString([]byte(got)), hex.EncodeToString([]byte(want)))
	}
	line.Detail = []byte(`{"department":1.50,"status":"CLOSED<"}`)
	if canonical() != want {
		t.Error("blanks and the order of keys count")
	}
	line.Report = nil
	if form := canonical(); !strings.Contains(form, "close\x00\x00\x00\x00\x00\x00\x00\x26") {
		t.Errorf("without a report: %q", form)
	}
	line.Actor, line.Action = "systemc", "lose"
	if canonical() == want {
		t.Error("parts run together")
	}
}

func TestACheckpointIsCheckedWithTheKey(t *testing.T) {
	t.Parallel()
	one, other := signer(t, 1), signer(t, 2)
	checkpoint := ledger.Checkpoint{Size: 7, Root: tlog.RecordHash([]byte("x"))}
	signed := sign(t, one, checkpoint.Text())
	if got, err := ledger.OpenCheckpoint(signed, one.Verifier()); err != nil || got != checkpoint {
		t.Errorf("%v, %v", got, err)
	}
	for name, attempt := range map[string]string{
		"another's key":   sign(t, other, checkpoint.Text()),
		"another size":    strings.Replace(signed, "\n7\n", "\n8\n", 1),
		"another origin":  sign(t, one, strings.Replace(checkpoint.Text(), "ledger", "tokens", 1)),
		"a negative size": sign(t, one, strings.Replace(checkpoint.Text(), "\n7\n", "\n-7\n", 1)),
		"a padded size":   sign(t, one, strings.Replace(checkpoint.Text(), "\n7\n", "\n07\n", 1)),
		"one line more":   sign(t, one, checkpoint.Text()+"more\n"),
		"nothing":         "",
	} {
		if _, err := ledger.OpenCheckpoint(attempt, one.Verifier()); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func signer(t testing.TB, seed byte) *notary.Notary {
	t.Helper()
	n, err := notary.New(bytes.Repeat([]byte{seed}, ledger.KeySize), ledger.Origin)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func sign(t testing.TB, n *notary.Notary, text string) string {
	t.Helper()
	signed, err := n.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
