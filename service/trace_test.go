package service_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

// canary is in every text that this test writes.
const canary = "Kanarius Rahasiawan"

// A public report is told of at each of its stations, by names alone; an anonymous one at none.
func TestTracesOfReports(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	tracer, err := trace.New(trace.Config{Service: "test", Ratio: 1}, recorder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracer.Close)
	c := start(t, tracer)
	people, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	somebody := people.Citizens[0]
	secrets := []string{canary, "Kanarius", somebody.NationalID, people.Password, "127.0.0.1", "select", "SELECT", "set_config", "$1"}

	token := c.signIn(somebody.NationalID, people.Password)
	report := c.submit(token)
	c.settled()
	secrets = append(secrets, token, report.ID, report.Number)
	if code := c.ask("", `query SecretName { mine: publicReports { nodes { id } } }`, nil, nil); code != "" {
		t.Fatal(code)
	}
	if code := c.ask(token, `query($id: ID!) { viewer { __typename } node(id: $id) { id } }`, map[string]any{"id": report.ID}, nil); code != "" {
		t.Fatal(code)
	}
	secrets = append(secrets, "SecretName", "mine")
	const follow = `subscription($r: ID!) { reportChanged(report: $r) { kind } }`
	unknown := civic.ReportID{UUID: civic.NamedUUID("nobody's")}.String()
	c.subscribe("", follow, map[string]any{"r": unknown})("NOT_FOUND")
	told := c.subscribe(token, follow, map[string]any{"r": report.ID})
	c.until("the subscription has started", func() bool { return len(find(recorder.Ended(), "subscription reportChanged")) == 2 })
	if code := c.ask(token, `mutation($r: ID!) { upvoteReport(report: $r) { id } }`, map[string]any{"r": report.ID}, nil); code != "" {
		t.Fatal(code)
	}
	told("UPVOTED")
	c.relayed()

	spans := recorder.Ended()
	for _, want := range []struct{ name, within, code string }{
		{"mutation signIn", "", "OK"},
		{"identity SignIn", "mutation signIn", "OK"},
		{"mutation submitReport", "", "OK"},
		{"ingest batch", "", "OK"},
		{"TakeIn", "ingest batch", "OK"},
		{"relay batch", "", "OK"},
		{"query publicReports", "", "OK"},
		{"PageOfReports", "query publicReports", "OK"},
		{"query", "", "OK"}, // viewer and node
		{"subscription reportChanged", "", "OK"},
		{"begin", "subscription reportChanged", "OK"}, // the report is read with the citizen's own scope
		{"subscription reportChanged", "", "NOT_FOUND"},
	} {
		if !slices.ContainsFunc(find(spans, want.name), func(s sdk.ReadOnlySpan) bool {
			return attribute(s, "jagawarga.code") == want.code && nameOf(spans, s.Parent().SpanID().String()) == want.within
		}) {
			t.Errorf("nothing tells of %s within %q that ended with %s", want.name, want.within, want.code)
		}
	}
	if fields := attribute(find(spans, "query")[0], "jagawarga.fields"); fields != `["viewer","node"]` {
		t.Errorf("the root fields are told as %s", fields)
	}

	before := len(recorder.Started())
	receipt, number := c.submitAnonymously(token)
	c.settled()
	secrets = append(secrets, receipt, number)
	for _, query := range []string{
		`query($r: String!) { anonymousReport(receipt: $r) { report { id } messages { id } } }`,
		`query($r: String!) { publicReports { nodes { id } } ...Hidden } fragment Hidden on Query { again: anonymousReport(receipt: $r) { unread } }`,
		`query($r: String!) { ... on Query { previewAnonymization(text: $r) { text } } }`,
	} {
		if code := c.ask("", query, map[string]any{"r": receipt}, nil); code != "" {
			t.Errorf("%s: %s", query, code)
		}
	}
	for _, span := range recorder.Started()[before:] {
		t.Errorf("something anonymous was told of: %s", whole(span))
	}

	for _, span := range recorder.Started() {
		for _, secret := range secrets {
			if strings.Contains(whole(span), secret) {
				t.Errorf("a span holds %q: %s", secret, whole(span))
			}
		}
		if len(span.Links()) > 0 || len(span.Events()) > 0 {
			t.Errorf("a span has more than attributes: %s", whole(span))
		}
	}
}

// The server recognises what is anonymous by the names of root fields.
func TestWhatIsAnonymousSaysSo(t *testing.T) {
	t.Parallel()
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, field := range root.Fields {
			about := field.Type.Name()
			for _, argument := range field.Arguments {
				about += " " + argument.Name + " " + argument.Type.Name()
			}
			says := strings.Contains(strings.ToLower(field.Name), "anonym")
			if telling.MatchString(about) != says {
				t.Errorf("%s: its type and arguments are %q, and its name says anonymous: %v", field.Name, about, says)
			}
		}
	}
}

var telling = regexp.MustCompile(`(?i)anonym|receipt|scrub|blind`)

func find(spans []sdk.ReadOnlySpan, name string) (found []sdk.ReadOnlySpan) {
	for _, span := range spans {
		if span.Name() == name {
			found = append(found, span)
		}
	}
	return found
}

func nameOf(spans []sdk.ReadOnlySpan, id string) string {
	for _, span := range spans {
		if span.SpanContext().SpanID().String() == id {
			return span.Name()
		}
	}
	return ""
}

func attribute(span sdk.ReadOnlySpan, key string) string {
	for _, pair := range span.Attributes() {
		if string(pair.Key) == key {
			return pair.Value.String()
		}
	}
	return ""
}

// whole is everything that a span tells.
func whole(span sdk.ReadOnlySpan) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %v %s", span.Name(), span.Status(), span.Resource())
	for _, pair := range span.Attributes() {
		fmt.Fprintf(&text, " %s=%s", pair.Key, pair.Value.String())
	}
	fmt.Fprintf(&text, " %v %v", span.Events(), span.Links())
	return text.String()
}

func (c *city) signIn(nationalID, password string) string {
	c.t.Helper()
	var answer struct{ SignIn struct{ AccessToken string } }
	code := c.ask("", `mutation($n: String!, $p: String!) { signIn(input: {nationalId: $n, password: $p}) { accessToken } }`,
		map[string]any{"n": nationalID, "p": password}, &answer)
	if code != "" {
		c.t.Fatalf("sign in: %s", code)
	}
	return answer.SignIn.AccessToken
}

// written is what a report of this test is made of.
func written() map[string]any {
	return map[string]any{"title": "Jalan rusak, " + canary, "body": "Nama saya " + canary + ". Jalan di depan pasar berlubang."}
}

type filed struct{ ID, Number string }

func (c *city) submit(token string) filed {
	c.t.Helper()
	var answer struct{ SubmitReport struct{ Report filed } }
	input := written()
	input["visibility"] = "PUBLIC"
	code := c.ask(token, `mutation($i: SubmitReportInput!) { submitReport(input: $i) { report { id number } } }`, map[string]any{"i": input}, &answer)
	if code != "" {
		c.t.Fatalf("submit: %s", code)
	}
	return answer.SubmitReport.Report
}

func (c *city) submitAnonymously(token string) (receipt, number string) {
	c.t.Helper()
	var answer struct {
		SubmitAnonymousReport struct{ Receipt, Number string }
	}
	code := c.ask(token, `mutation($i: SubmitAnonymousReportInput!) { submitAnonymousReport(input: $i) { receipt number } }`,
		map[string]any{"i": written()}, &answer)
	if code != "" {
		c.t.Fatalf("submit anonymously: %s", code)
	}
	return answer.SubmitAnonymousReport.Receipt, answer.SubmitAnonymousReport.Number
}

// settled waits until one more report is a row, and every event is in the stream.
func (c *city) settled() {
	c.t.Helper()
	c.reports++
	c.until("the report has arrived", func() bool { return c.count("reports") == c.reports })
	c.relayed()
}

// relayed waits until every event is in the stream.
func (c *city) relayed() {
	c.t.Helper()
	c.until("every event is out", func() bool { return c.count("outbox") == 0 })
}

func (c *city) count(table string) (rows int) {
	c.t.Helper()
	if err := c.rows.QueryRow(c.t.Context(), "SELECT count(*) FROM "+table).Scan(&rows); err != nil {
		c.t.Fatal(err)
	}
	return rows
}
