package service_test

import (
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

// A server is ready, and suggests by keywords, while it cannot read a single report; then it learns from them by itself. What it is asked
// stands in no trace.
func TestServersLearnBesides(t *testing.T) {
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
	token := c.signIn(people.Citizens[0].NationalID, people.Password)
	c.submit(token)
	c.settled()
	// The same in words of the street and another category, three hundred times.
	_, err = c.rows.Exec(t.Context(), `INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, answers, created_at, updated_at, salt)
		SELECT gen_random_uuid(), 'T' || n, 'Wedhus ucul', 'Wedhus ucul nang kebon ' || n, 'PUBLIC', status, priority, $1, department_id, answers, created_at, updated_at, salt
		FROM reports, generate_series(1, 300) AS n`, demo.CategoryID("taman").Bytes())
	if err != nil {
		t.Fatal(err)
	}
	reading, err := c.rows.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reading.Exec(t.Context(), "LOCK TABLE reports IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	c.serve()
	c.until("the new server waits for the reports", func() bool {
		var waiting int
		err := c.rows.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reports'::regclass").Scan(&waiting)
		return err == nil && waiting > 0
	})
	if got := c.suggested("Wedhus " + canary + ", jalan berlubang"); got != "jalan-rusak" {
		t.Errorf("before it has read, it suggests %q", got)
	}
	if !c.ready() {
		t.Error("it is not ready")
	}
	if err := reading.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.until("it has learned", func() bool { return strings.HasPrefix(c.suggested("wedhus "+canary)+" ", "taman ") })

	var routed string
	input := map[string]any{"title": "Wedhus ucul", "body": "wedhus ucul nang kebon, " + canary}
	if code := c.ask(token, `mutation($i: SubmitAnonymousReportInput!) { submitAnonymousReport(input: $i) { number } }`, map[string]any{"i": input}, nil); code != "" {
		t.Fatal(code)
	}
	c.until("the anonymous report has arrived", func() bool {
		err := c.rows.QueryRow(t.Context(), "SELECT code FROM reports JOIN categories ON categories.id = category_id WHERE visibility = 'ANONYMOUS'").Scan(&routed)
		return err == nil
	})
	if routed != "taman" {
		t.Errorf("an anonymous report goes to %s", routed)
	}
	asked := false
	for _, span := range recorder.Started() {
		asked = asked || span.Name() == "query suggestCategories"
		if strings.Contains(whole(span), "edhus") || strings.Contains(whole(span), "Kanarius") {
			t.Errorf("a span holds what was asked: %s", whole(span))
		}
	}
	if !asked {
		t.Error("nothing tells of the query at all")
	}
}

// suggested are the codes of what is suggested, in their order.
func (c *city) suggested(text string) string {
	c.t.Helper()
	var answer struct{ SuggestCategories []struct{ Code string } }
	if code := c.ask("", `query($t: String!) { suggestCategories(text: $t) { code } }`, map[string]any{"t": text}, &answer); code != "" {
		c.t.Fatalf("suggest: %s", code)
	}
	codes := make([]string, len(answer.SuggestCategories))
	for i, category := range answer.SuggestCategories {
		codes[i] = category.Code
	}
	return strings.Join(codes, " ")
}
