package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

const everyField = ` id number title body visibility status priority createdAt updatedAt resolvedAt upvoteCount upvotedByMe
	category { id name parent { id } department { name } questions { code } }
	department { id name parent { name parent { name } } children { name } }
	location { latitude longitude address district { id name } }
	media { id kind contentType width height byteSize url thumbnailUrl }
	comments(first: 5) { edges { cursor node { id body createdAt author { kind name department { name } } } } pageInfo { hasNextPage } }
	timeline(first: 5) { nodes { kind at status message level department { name } } }
	reporter { id name } `

const departmentFields = ` dueAt escalationLevel escalatedTo { name } hidden assignee { id name department { name } } internalNotes { id body author { name } } `

// A page costs the same number of queries whatever its length:
//
//	a department's page    15: the page, media, comments, history and notes, each as begin, query, commit; and one question to identity
//	the public page for a citizen 13: the page alone (what everybody may see needs no transaction), media, comments, history and own votes
//	the public page for a stranger 4: the page, media, comments and history
func TestAPageCostsAConstantNumberOfQueries(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	jalan := c.Officer("jalan")
	for i := range 20 {
		author := coretest.Citizen(fmt.Sprint("citizen ", i))
		id := c.File(coretest.By(author), onePicture(t), func(s *civic.Submission) {
			s.Place, _ = c.City.CheckPlace("location", civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "Jalan Dago"})
		}).ID
		for _, p := range []civic.Principal{author, jalan} {
			if _, err := f.desk.Comment(t.Context(), p, id, "kata"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.desk.AddNote(t.Context(), jalan, id, "catatan"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.desk.Assign(t.Context(), jalan, id, jalan.Officer); err != nil {
			t.Fatal(err)
		}
		if _, err := f.desk.Upvote(t.Context(), coretest.Citizen("siti"), id, true); err != nil {
			t.Fatal(err)
		}
	}
	page := `query($n: Int, $d: ID!) { departmentReports(department: $d, first: $n) { pageInfo { endCursor } nodes {` + everyField + departmentFields + `} } }`
	public := `query($n: Int) { publicReports(first: $n) { edges { cursor node {` + everyField + `} } } }`
	for _, c := range []struct {
		name     string
		who      civic.Principal
		document string
		want     string
		accounts int
	}{
		{"a department", jalan, page, "begin PageOfReports commit begin ListComments commit begin ListTimelines commit begin ListNotes commit begin ListMedia commit", 1},
		{"a citizen", coretest.Citizen("siti"), public, "PageOfReports begin ListUpvoted commit begin ListComments commit begin ListTimelines commit begin ListMedia commit", 0},
		{"a stranger", civic.Principal{}, public, "PageOfReports ListMedia ListComments ListTimelines", 0},
	} {
		for _, n := range []int{1, 2, 20} {
			f.queries.take()
			f.accounts.asked = 0
			got := f.ask(t, c.who, c.document, map[string]any{"n": n, "d": demo.DepartmentID("jalan").String()}).fine()
			sent := f.queries.take()
			slices.Sort(sent) // children are loaded side by side
			want := strings.Fields(c.want)
			slices.Sort(want)
			if !slices.Equal(sent, want) || f.accounts.asked != c.accounts {
				t.Errorf("%s, %d reports: %d queries: %s; identity was asked %d times", c.name, n, len(sent), sent, f.accounts.asked)
			}
			nodes, _ := got.at("departmentReports.nodes").([]any)
			edges, _ := got.at("publicReports.edges").([]any)
			if len(nodes)+len(edges) != n {
				t.Errorf("%s: %d reports instead of %d", c.name, len(nodes)+len(edges), n)
			}
			for _, node := range nodes {
				report := answer{Data: node.(map[string]any)}
				if len(report.at("comments.edges").([]any)) != 2 || len(report.at("internalNotes").([]any)) != 1 || report.at("assignee.name") == nil ||
					len(report.at("timeline.nodes").([]any)) < 4 || !strings.HasPrefix(report.at("reporter.name").(string), "name of citizen_") ||
					report.at("location.district.name") == nil || len(report.at("media").([]any)) != 1 {
					t.Fatalf("a report came incomplete: %v", node)
				}
			}
			for _, edge := range edges {
				if report := (answer{Data: edge.(map[string]any)}); report.at("node.upvotedByMe") != (c.name == "a citizen") || report.at("node.reporter") != nil {
					t.Fatalf("upvotedByMe %v, reporter %v", report.at("node.upvotedByMe"), report.at("node.reporter"))
				}
			}
		}
	}
}

// door is the real way into the stream, as casework sees it.
type door struct{ *events.Intake }

func (d door) Submit(ctx context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	receipt, err := d.Intake.Submit(ctx, s)
	return receipt.State, receipt.Duplicate, err
}

func newDoor(t *testing.T) door {
	t.Helper()
	bus, err := events.Connect(t.Context(), events.Config{URL: natstest.Run(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	intake, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsPublic, Wait: -1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- intake.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return door{intake}
}

// A report that is accepted and not yet stored is shown whole without a look at the database, so that the answer comes while it is away.
func TestAQueuedReportIsShownWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{intake: newDoor(t)})
	got := f.ask(t, coretest.Citizen("budi"), `mutation($in: SubmitReportInput!) { submitReport(input: $in) { state report {`+everyField+`} } }`,
		map[string]any{"in": map[string]any{
			"title": "Lubang", "body": "Ada lubang di jalan", "visibility": "PUBLIC", "clientKey": "k",
			"location": map[string]any{"latitude": -6.9, "longitude": 107.6, "address": "Jalan Dago"},
		}}).fine()
	if sent := f.queries.take(); len(sent) != 0 {
		t.Errorf("%d queries were sent: %s", len(sent), sent)
	}
	if got.at("submitReport.state") != "QUEUED" || got.at("submitReport.report.reporter.name") == nil || got.at("submitReport.report.upvotedByMe") != false ||
		got.at("submitReport.report.status") != "RECEIVED" || got.at("submitReport.report.location.district.name") == nil {
		t.Errorf("%v", got.Data)
	}
	steps, _ := got.at("submitReport.report.timeline.nodes").([]any)
	if len(steps) != 1 || steps[0].(map[string]any)["kind"] != "SUBMITTED" {
		t.Errorf("history: %v", steps)
	}
	if said, _ := got.at("submitReport.report.comments.edges").([]any); len(said) != 0 {
		t.Errorf("comments: %v", said)
	}
}

// stumbling is a reader whose first look fails, as when the database is away for a moment.
type stumbling struct {
	graph.Reader
	fail chan struct{}
}

func (s stumbling) Reports(ctx context.Context, scope civic.Scope, ids []civic.ReportID) ([]*civic.Report, error) {
	select {
	case <-s.fail:
		return nil, civic.Unavailable("database.unavailable")
	default:
		return s.Reader.Reports(ctx, scope, ids)
	}
}

// An event that cannot be loaded at once is loaded when the database is back; nobody is sent away for it.
func TestAFeedOutlivesAStumbleOfTheDatabase(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	event := civic.EventOf(civic.EventCreated, c.File(), coretest.Monday)
	event.Sequence = 7
	fail := make(chan struct{}, 1)
	fail <- struct{}{}
	schema := graph.New(graph.Deps{
		City: func() *civic.City { return c.City }, Reader: stumbling{c.Store("jagawarga_server"), fail}, Feed: given{&event},
	})
	f := &face{Core: c, exec: newExecutor(t, schema)}
	var codes []string
	for range 2 {
		code, _ := f.follow(t, t.Context(), civic.Principal{}, `subscription { publicFeed { cursor report { id } } }`, nil)().refusal()
		codes = append(codes, code)
	}
	if !slices.Equal(codes, []string{"", ""}) {
		t.Errorf("the watcher was told %q", codes)
	}
}
