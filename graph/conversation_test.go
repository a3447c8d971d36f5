package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/guess"
)

// flat stands for the anonymizer, which is another process: a receipt is the number of the report, and what it scrubs is the word
// "rahasia".
type flat struct {
	graph.Anonymizer
	hashes map[string][]byte
}

func (f flat) OpenReceipt(_ context.Context, receipt civic.Raw) ([]byte, error) {
	if receipt.Reveal() == "slip" {
		return nil, civic.Invalid("receipt", "receipt.malformed")
	}
	if hash := f.hashes[receipt.Reveal()]; hash != nil {
		return hash, nil
	}
	return []byte("hash of " + receipt.Reveal()), nil
}

func (flat) Scrub(_ context.Context, text civic.Raw) (string, error) {
	return strings.ReplaceAll(text.Reveal(), "rahasia", "[dihapus]"), nil
}

const (
	caseFields = `{ unread messages { body author { kind } } report { id status timeline { nodes { kind message } } } }`
	followCase = `query($r: String!) { c: anonymousReport(receipt: $r) ` + caseFields + ` }`
	replyCase  = `mutation($r: String!, $b: String!) { c: replyAsAnonymous(receipt: $r, body: $b) ` + caseFields + ` }`
	answerCase = `mutation($r: String!, $s: Boolean!, $b: String) { c: answerResolutionAsAnonymous(receipt: $r, satisfied: $s, reason: $b) ` + caseFields + ` }`
	watchCase  = `subscription($r: String!) { c: anonymousCaseChanged(receipt: $r) ` + caseFields + ` }`
)

// newCase is an anonymous report and the face through which it is followed. The feed tells of it as often as events says.
func newCase(t *testing.T, c *coretest.Core, events int, p plan) (*face, *civic.Report) {
	t.Helper()
	report := c.File(coretest.Visibility(civic.Anonymous))
	var feed given
	for i := range events {
		event := civic.EventOf(civic.EventCommented, report, coretest.Monday)
		event.Sequence = uint64(i + 1)
		feed = append(feed, &event)
	}
	p.feed, p.anonymizer = feed, flat{hashes: map[string][]byte{report.Number: coretest.ReceiptOf(report.ID)}}
	return newFace(t, c, p), report
}

// messages is the conversation of an answer: "KIND words" of each.
func (a answer) messages() (said []string) {
	nodes, _ := a.at("c.messages").([]any)
	for _, node := range nodes {
		message := answer{Data: node.(map[string]any)}
		said = append(said, fmt.Sprint(message.at("author.kind"), " ", message.at("body")))
	}
	return said
}

func TestAConversationByReceipt(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f, report := newCase(t, c, 0, plan{})
	officer, id := c.Officer("jalan"), report.ID.String()
	asks := func(body string) {
		t.Helper()
		f.ask(t, officer, `mutation($r: ID!, $b: String!) { commentOnReport(report: $r, body: $b) { id } }`, map[string]any{"r": id, "b": body}).fine()
	}
	moves := func(to string) {
		t.Helper()
		f.ask(t, officer, `mutation($r: ID!, $to: Status!) { changeStatus(report: $r, to: $to) { id } }`, map[string]any{"r": id, "to": to}).fine()
	}
	asks("kapan?")
	moves("VERIFIED")
	moves("AWAITING_REPORTER")
	reporter := civic.Principal{}
	if got := f.ask(t, reporter, followCase, map[string]any{"r": report.Number}).fine(); got.at("c.unread") != 1.0 {
		t.Errorf("unread: %v", got.at("c.unread"))
	}
	got := f.ask(t, reporter, replyCase, map[string]any{"r": report.Number, "b": "nama saya rahasia, tadi pagi"}).fine()
	if got.at("c.unread") != 0.0 || got.at("c.report.status") != "IN_PROGRESS" || strings.Join(got.messages(), "|") != "DEPARTMENT kapan?|REPORTER nama saya [dihapus], tadi pagi" {
		t.Errorf("after the reply: %v", got.Data)
	}
	answer := func(satisfied bool, reason any) answer {
		t.Helper()
		return f.ask(t, reporter, answerCase, map[string]any{"r": report.Number, "s": satisfied, "b": reason})
	}
	early := answer(true, nil)
	if code, _ := early.refusal(); code != "CONFLICT" {
		t.Errorf("an early answer: %v", early.Errors)
	}
	moves("RESOLVED")
	if code, field := answer(false, nil).refusal(); code != "INVALID_INPUT" || field != "reason" {
		t.Errorf("no reason: %s %s", code, field)
	}
	if got := answer(false, "masih rahasia").fine(); got.at("c.report.status") != "IN_PROGRESS" || !strings.Contains(fmt.Sprint(got.Data), "kind:REOPENED message:masih [dihapus]") {
		t.Errorf("reopened: %v", got.Data)
	}
	moves("RESOLVED")
	if got := answer(true, nil).fine(); got.at("c.report.status") != "CLOSED" || !strings.Contains(fmt.Sprint(got.Data), "kind:CONFIRMED") {
		t.Errorf("confirmed: %v", got.Data)
	}
	if n := c.Count(`SELECT count(*) FROM comments, timeline, audit, outbox WHERE comments.body || timeline.message || audit.detail::text || outbox.event::text LIKE '%rahasia%'`); n != 0 {
		t.Error("what was to be scrubbed is in the database")
	}
}

// A receipt and an account together would tie the one to the other: whatever is asked, it is refused before the receipt is opened.
func TestAReceiptDoesNotGoWithAnAccount(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f, report := newCase(t, c, 1, plan{})
	for _, document := range []string{followCase, replyCase, answerCase, watchCase} {
		variables := map[string]any{"r": report.Number, "b": "halo", "s": true}
		for _, p := range []civic.Principal{coretest.Citizen("budi"), c.Officer("jalan")} {
			if code, field := f.ask(t, p, document, variables).refusal(); code != "INVALID_INPUT" || field != "receipt" {
				t.Errorf("%s as %s: %s %s", document, p.Role, code, field)
			}
		}
		variables["r"] = "another"
		if code, _ := f.ask(t, civic.Principal{}, document, variables).refusal(); code != "NOT_FOUND" {
			t.Errorf("%s with a receipt of nothing: %s", document, code)
		}
	}
	for _, body := range []string{"", "\u200b\u200b", strings.Repeat("a", civic.MaxComment+1)} {
		if code, field := f.ask(t, civic.Principal{}, replyCase, map[string]any{"r": report.Number, "b": body}).refusal(); code != "INVALID_INPUT" || field != "body" {
			t.Errorf("a body of %d bytes: %s %s", len(body), code, field)
		}
	}
}

// A case is told at once, and once more for each event, as it stands then.
func TestACaseIsFollowed(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f, report := newCase(t, c, 2, plan{})
	next := f.follow(t, t.Context(), civic.Principal{}, watchCase, map[string]any{"r": report.Number})
	if got := next().fine(); got.at("c.report.status") != "RECEIVED" || got.at("c.unread") != 0.0 {
		t.Errorf("at first: %v", got.Data)
	}
	if got := next().fine(); got.at("c.report.id") != report.ID.String() { // may have been loaded by now
		t.Errorf("then: %v", got.Data)
	}
	f.ask(t, c.Officer("jalan"), `mutation($r: ID!) { commentOnReport(report: $r, body: "kapan?") { id } }`, map[string]any{"r": report.ID.String()}).fine()
	if got := next(); len(got.Errors) > 0 {
		t.Errorf("then: %v", got.Errors)
	}
	if got := next(); got.Data != nil || len(got.Errors) > 0 {
		t.Errorf("after the last: %v %v", got.Data, got.Errors)
	}
	// A watch that breaks off says why.
	report = c.File(coretest.Visibility(civic.Anonymous))
	f = newFace(t, c, plan{feed: broken{}, anonymizer: flat{hashes: map[string][]byte{report.Number: coretest.ReceiptOf(report.ID)}}})
	next = f.follow(t, t.Context(), civic.Principal{}, watchCase, map[string]any{"r": report.Number})
	next().fine()
	if code, _ := next().refusal(); code != "UNAVAILABLE" {
		t.Errorf("a broken watch tells %q", code)
	}
}

// broken is a feed that ends at once.
type broken struct{ over }

func (broken) Watch(context.Context, civic.Topic, string) (graph.Watching, error) {
	events := make(chan *civic.Event)
	close(events)
	return broken{events}, nil
}

func (broken) Err() error { return civic.Unavailable("live.too_slow") }

// Who tries receipts is slowed down; slips of the pen and right receipts do not count.
func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	brake, err := guess.New(guess.Config{Now: func() time.Time { return coretest.Monday }})
	if err != nil {
		t.Fatal(err)
	}
	siege, err := guess.NewSiege(guess.SiegeConfig{})
	if err != nil {
		t.Fatal(err)
	}
	f, report := newCase(t, coretest.New(t), 0, plan{guesses: guess.Tries{Brake: brake, Siege: siege}})
	try := func(document, receipt string) string {
		t.Helper()
		code, _ := f.ask(t, civic.Principal{}, document, map[string]any{"r": receipt, "b": "halo", "s": true}).refusal()
		return code
	}
	for n := range 20 {
		for receipt, want := range map[string]string{report.Number: "", "slip": "INVALID_INPUT"} {
			if code := try(followCase, receipt); code != want {
				t.Fatalf("%s after %d tries: %q", receipt, n, code)
			}
		}
		if code := try([]string{followCase, replyCase, answerCase, watchCase}[n%4], fmt.Sprint("guess ", n)); code != "NOT_FOUND" {
			t.Fatalf("guess %d: %q", n, code)
		}
	}
	for _, document := range []string{followCase, replyCase, answerCase, watchCase} {
		if code := try(document, "guess"); code != "RATE_LIMITED" {
			t.Errorf("one guess too many: %q", code)
		}
	}
}

// The answer to a resolution is its reporter's alone.
func TestWhoAnswersAResolution(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	budi := coretest.Citizen("budi")
	id := c.File().ID
	for _, walls := range []plan{{}, {noDirectives: true}, {noRows: true}} {
		f := newFace(t, c, walls)
		variables := map[string]any{"r": id.String()}
		for name, document := range map[string]string{
			"confirmResolution": `mutation($r: ID!) { confirmResolution(report: $r) { status } }`,
			"reopenReport":      `mutation($r: ID!) { reopenReport(report: $r, reason: "belum") { status } }`,
		} {
			for _, p := range []civic.Principal{coretest.Citizen("siti"), c.Officer("jalan"), c.Officer("kesehatan")} {
				if code, _ := f.ask(t, p, document, variables).refusal(); code != "NOT_FOUND" {
					t.Errorf("%s as %s, %+v: %q", name, p.Role, walls, code)
				}
			}
			if code, _ := f.ask(t, budi, document, variables).refusal(); code != "CONFLICT" {
				t.Errorf("%s too early: %q", name, code)
			}
		}
	}
	f := newFace(t, c, plan{})
	c.Exec("UPDATE reports SET status = 'RESOLVED', resolved_at = now() WHERE id = $1", id.UUID)
	if got := f.ask(t, budi, `mutation($r: ID!) { reopenReport(report: $r, reason: "belum") { status resolvedAt } }`, map[string]any{"r": id.String()}).fine(); got.at("reopenReport.status") != "IN_PROGRESS" || got.at("reopenReport.resolvedAt") != nil {
		t.Errorf("reopened: %v", got.Data)
	}
	c.Exec("UPDATE reports SET status = 'RESOLVED', resolved_at = now() WHERE id = $1", id.UUID)
	if got := f.ask(t, budi, `mutation($r: ID!) { confirmResolution(report: $r) { status } }`, map[string]any{"r": id.String()}).fine(); got.at("confirmResolution.status") != "CLOSED" {
		t.Errorf("confirmed: %v", got.Data)
	}
}
