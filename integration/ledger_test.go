package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/up"
)

// TestTheLedger: what a reporter, an authority and a stranger with a copy of a checkpoint can hold against the city.
func TestTheLedger(t *testing.T) {
	t.Parallel()
	city := Start(t)
	keep := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	verify := func(args ...string) (string, bool) {
		out, said, ok := runToEnd(t, nil, "jagawarga", append([]string{"ledger", "verify"}, args...)...)
		return strings.Join(out, "\n") + said, ok
	}
	published := func(key string) string {
		_, content := city.Get(t, city.URL+"/.well-known/"+key)
		return keep("key", string(content))
	}
	ledgerKey, filingKey := published("jagawarga-ledger-key"), published("jagawarga-filing-key")

	// An anonymous report is in the ledger as its proof of filing says, and a stranger who knows the number can see that offline.
	filed := city.Citizen(t, 11).files(t, anonymousDraft(t, city, canary+" Petugas loket 4 meminta uang."))
	stranger, number := city.Stranger(), filed.At("number").Text()
	proof := stranger.proofOf(t, number)
	mine := keep("filing", filed.At("proof").Text())
	if said, ok := verify("--proof", keep("proof", proof), "--key", ledgerKey, "--filing", mine, "--filing-key", filingKey); !ok ||
		!strings.Contains(said, "sound: report "+number+" was filed") || !strings.Contains(said, "it is the filing that the proof of the receipt states") {
		t.Errorf("the proof: %s", said)
	}
	other := city.Citizen(t, 12).files(t, anonymousDraft(t, city, canary+" Petugas loket 5 meminta uang."))
	if said, ok := verify("--proof", keep("proof", stranger.proofOf(t, other.At("number").Text())), "--key", ledgerKey, "--filing", mine, "--filing-key", filingKey); ok {
		t.Errorf("another report's proof passes: %s", said)
	}
	if said, ok := verify("--proof", keep("proof", strings.Replace(proof, "index ", "index 1", 1)), "--key", ledgerKey); ok {
		t.Errorf("a changed proof passes: %s", said)
	}
	if !stranger.Must(t, `{ledgerProof(number:"JW-0000-0000")}`, nil).At("ledgerProof").Null() {
		t.Error("a number that nobody has is in the ledger")
	}
	stranger.Refused(t, "INVALID_INPUT", "number", `{ledgerProof(number:"nothing")}`, nil)

	// Every act is in the audit, for the authority alone.
	officer, mayor := city.Officer(t, "inspektorat"), city.Officer(t, "walikota")
	report := mayor.Must(t, `query($n:String!){report(number:$n){id}}`, Vars{"n": number}).At("report.id").Text()
	officer.Moves(t, report, "VERIFIED", "Kami periksa.")
	const log = `query($r:ID){auditLog(report:$r){nodes{at actor action report detail index} pageInfo{hasNextPage}}}`
	eventually(t, "the audit has both acts", func() error {
		if nodes := mayor.Must(t, log, Vars{"r": report}).At("auditLog.nodes").Items(); len(nodes) < 2 {
			return errNotYet
		}
		return nil
	})
	lines := mayor.Must(t, log, Vars{"r": report}).At("auditLog")
	if act, filing := lines.At("nodes.0"), lines.At("nodes.1"); act.At("action").Text() != "change_status" || !strings.HasPrefix(act.At("detail").Text(), "Diverifikasi, ") ||
		act.At("actor").Text() == "" || filing.At("actor").Text() != "Pelapor anonim" || filing.At("index").Number() >= act.At("index").Number() {
		t.Errorf("the audit says %v", lines)
	}
	officer.Refused(t, "FORBIDDEN", "", log, nil)
	stranger.Refused(t, "UNAUTHENTICATED", "", log, nil)

	// Nothing is wrong, until somebody who owns the database changes a line.
	checkpoint := keep("checkpoint", stranger.Must(t, `{ledgerCheckpoint}`, nil).At("ledgerCheckpoint").Text())
	if said, ok := verify("--data", city.Data, "--checkpoint", checkpoint); !ok || !strings.Contains(said, "sound: ") || !strings.Contains(said, "is part of it") {
		t.Fatalf("the ledger: %s", said)
	}
	admin, err := up.Admin(city.Data)
	if err != nil {
		t.Fatal(err)
	}
	owner, err := pgx.Connect(t.Context(), admin.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context()) //nolint:errcheck // the statements' own errors are the ones that tell
	for _, statement := range []string{"ALTER TABLE audit NO FORCE ROW LEVEL SECURITY", "UPDATE audit SET actor = 'system' WHERE action = 'change_status'"} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if said, ok := verify("--data", city.Data); ok || !strings.Contains(said, "change_status at ") || !strings.Contains(said, "the audit row was changed after it was written") {
		t.Errorf("the changed line: %s", said)
	}
}

// proofOf waits until the ledger has the number.
func (c *Caller) proofOf(t *testing.T, number string) (proof string) {
	t.Helper()
	eventually(t, "the ledger has "+number, func() error {
		found := c.Must(t, `query($n:String!){ledgerProof(number:$n)}`, Vars{"n": number}).At("ledgerProof")
		if found.Null() {
			return errNotYet
		}
		proof = found.Text()
		return nil
	})
	return proof
}
