package service_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/migrations/roles"
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
	c.subscribe(token, `subscription($r: ID!) { reportChanged(report: $r) { kind } }`, map[string]any{"r": report.ID})
	unknown := "report_" + strings.Repeat("A", 22)
	if opening := c.subscribe("", `subscription($r: ID!) { reportChanged(report: $r) { kind } }`, map[string]any{"r": unknown}); opening == "" {
		t.Error("no answer to a subscription that cannot start")
	}
	c.until("the second subscription is told of", func() bool { return len(find(recorder.Ended(), "subscription reportChanged")) == 2 })

	told := recorder.Ended()
	for _, want := range []struct{ name, within, code string }{
		{"mutation signIn", "", "OK"},
		{"identity SignIn", "mutation signIn", "OK"},
		{"mutation submitReport", "", "OK"},
		{"ingest batch", "", "OK"},
		{"begin", "ingest batch", "OK"},
		{"AddReports", "ingest batch", "OK"},
		{"relay batch", "", "OK"},
		{"query publicReports", "", "OK"},
		{"PageOfReports", "query publicReports", "OK"},
		{"query", "", "OK"}, // viewer and node
		{"subscription reportChanged", "", "OK"},
		{"subscription reportChanged", "", "NOT_FOUND"},
	} {
		if !slices.ContainsFunc(find(told, want.name), func(s sdk.ReadOnlySpan) bool {
			return attribute(s, "jagawarga.code") == want.code && nameOf(told, s.Parent().SpanID().String()) == want.within
		}) {
			t.Errorf("nothing tells of %s within %q that ended with %s", want.name, want.within, want.code)
		}
	}
	if fields := attribute(find(told, "query")[0], "jagawarga.fields"); fields != `["viewer","node"]` {
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
			return pair.Value.Emit()
		}
	}
	return ""
}

// whole is everything that a span tells.
func whole(span sdk.ReadOnlySpan) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %v %s", span.Name(), span.Status(), span.Resource())
	for _, pair := range span.Attributes() {
		fmt.Fprintf(&text, " %s=%s", pair.Key, pair.Value.Emit())
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
	var answer struct{ SubmitAnonymousReport struct{ Receipt, Number string } }
	code := c.ask(token, `mutation($i: SubmitAnonymousReportInput!) { submitAnonymousReport(input: $i) { receipt number } }`,
		map[string]any{"i": written()}, &answer)
	if code != "" {
		c.t.Fatalf("submit anonymously: %s", code)
	}
	return answer.SubmitAnonymousReport.Receipt, answer.SubmitAnonymousReport.Number
}

// settled waits until every report is a row, and every event is in the stream.
func (c *city) settled() {
	c.t.Helper()
	conn, err := pgx.Connect(context.Background(), c.database(roles.Owner))
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	reports := c.reports + 1
	c.reports = reports
	c.until("everything has settled", func() bool {
		var arrived, waiting int
		if err := conn.QueryRow(context.Background(), "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM outbox)").Scan(&arrived, &waiting); err != nil {
			c.t.Fatal(err)
		}
		return arrived == reports && waiting == 0
	})
}
