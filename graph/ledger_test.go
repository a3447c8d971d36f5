package graph_test

import (
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// sequence puts what was done so far into the ledger, and returns the key it is signed with.
func sequence(t *testing.T, c *coretest.Core) (key string) {
	t.Helper()
	sequencer, err := ledger.NewSequencer(ledger.Config{}, make([]byte, ledger.KeySize), c.Store(roles.Ingest))
	if err == nil {
		err = sequencer.Drain(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return sequencer.Verifier()
}

// Anybody who knows the number is shown the filing; what opens its commitment, the reporter and the responsible department alone.
func TestWhoIsGivenWhatOpensACommitment(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	const checkpoint, proof = `{ ledgerCheckpoint }`, `query($n: String!) { ledgerProof(number: $n) }`
	if code, _ := f.ask(t, civic.Principal{}, checkpoint, nil).refusal(); code != "UNAVAILABLE" {
		t.Errorf("a ledger that has not begun answers %q", code)
	}
	filed := map[civic.Visibility]*civic.Report{}
	for _, visibility := range []civic.Visibility{civic.Public, civic.Private, civic.Anonymous} {
		filed[visibility] = c.File(coretest.Visibility(visibility))
	}
	if got := f.ask(t, civic.Principal{}, proof, map[string]any{"n": filed[civic.Public].Number}); got.Data["ledgerProof"] != nil || got.Errors != nil {
		t.Errorf("a line that is not in the ledger yet: %v %v", got.Data, got.Errors)
	}
	key := sequence(t, c)
	signed, _ := f.ask(t, civic.Principal{}, checkpoint, nil).Data["ledgerCheckpoint"].(string)
	if state, err := ledger.OpenCheckpoint(signed, key); err != nil || state.Size != 3 {
		t.Errorf("%+v, %v", state, err)
	}
	for name, who := range map[string]civic.Principal{
		"a stranger": {}, "another citizen": coretest.Citizen("siti"), "another department": c.Officer("kesehatan"),
		"the reporter": coretest.Citizen("budi"), "the department": c.Officer("jalan"), "the mayor": c.Officer("walikota"),
	} {
		for visibility, report := range filed {
			opens := name == "the department" || name == "the mayor" || name == "the reporter" && visibility != civic.Anonymous
			text, _ := f.ask(t, who, proof, map[string]any{"n": report.Number}).Data["ledgerProof"].(string)
			read, err := ledger.ParseProof(text)
			if err != nil {
				t.Errorf("%s, %s: %v", name, visibility, err)
				continue
			}
			shown, _, err := read.Check(key)
			if err != nil || shown.Number != report.Number || (read.Salt != nil) != opens || opens && !shown.Fits(read.Salt, report.Title, report.Body) {
				t.Errorf("%s is shown of a %s report: %+v, salt %v, %v", name, visibility, shown, read.Salt != nil, err)
			}
		}
	}
}

// The audit has three walls: the directive, the scope that only auditors get, and the rows.
func TestTheAuditIsForTheHeadAuthority(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	report := c.File(coretest.Visibility(civic.Private))
	c.File()
	if _, err := newFace(t, c, plan{}).desk.ChangeStatus(t.Context(), c.Officer("jalan"), report.ID, civic.InProgress, ""); err != nil {
		t.Fatal(err)
	}
	sequence(t, c)
	const document = `query($r: ID, $after: Cursor) { auditLog(report: $r, first: 1, after: $after) {
		nodes { at actor action report detail index } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
	for _, walls := range []plan{{}, {noDirectives: true}} {
		f := newFace(t, c, walls)
		for name, who := range map[string]civic.Principal{"a citizen": coretest.Citizen("budi"), "an officer": c.Officer("jalan"), "nobody": {}} {
			want := "FORBIDDEN"
			if name == "nobody" && !walls.noDirectives {
				want = "UNAUTHENTICATED"
			}
			if code, _ := f.ask(t, who, document, nil).refusal(); code != want {
				t.Errorf("%s, %+v: %q", name, walls, code)
			}
		}
	}
	f, mayor := newFace(t, c, plan{}), c.Officer("walikota")
	got := f.ask(t, mayor, document, map[string]any{"r": report.ID.String()})
	nodes, _ := got.at("auditLog.nodes").([]any)
	if len(nodes) != 1 {
		t.Fatalf("%v %v", got.Data, got.Errors)
	}
	officer := c.City.Officer(c.Officer("jalan").Officer)
	line, _ := nodes[0].(map[string]any)
	if line["action"] != "change_status" || line["actor"] != officer.Name || line["report"] != report.ID.String() ||
		line["detail"] != "Dikerjakan, "+c.City.Department(report.Department).Name.In("id") || line["index"] != float64(2) {
		t.Errorf("%v", line)
	}
	after := got.at("auditLog.pageInfo.endCursor")
	last := f.ask(t, mayor, document, map[string]any{"r": report.ID.String(), "after": after})
	nodes, _ = last.at("auditLog.nodes").([]any)
	if len(nodes) != 1 || nodes[0].(map[string]any)["actor"] != "Warga" || last.at("auditLog.pageInfo.hasNextPage") != false {
		t.Errorf("%v %v", last.Data, last.Errors)
	}
	for _, first := range []int{0, 101} {
		if code, _ := f.ask(t, mayor, `query($f: Int) { auditLog(first: $f) { nodes { index } } }`, map[string]any{"f": first}).refusal(); code != "INVALID_INPUT" {
			t.Errorf("first %d: %q", first, code)
		}
	}
}
