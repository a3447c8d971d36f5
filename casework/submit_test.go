package casework_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// accepted keeps what the desk hands in.
type accepted []civic.Submission

func (a *accepted) Submit(_ context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	*a = append(*a, s)
	return civic.Queued, false, nil
}

func newDoor(t *testing.T) (*casework.Desk, *accepted) {
	c := coretest.New(t)
	in := &accepted{}
	return casework.New(casework.Config{Now: func() time.Time { return coretest.Monday.Add(20 * time.Minute) }},
		casework.Ports{City: func() *civic.City { return c.City }, Intake: in}), in
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	desk, in := newDoor(t)
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	draft := casework.Draft{
		ClientKey: "k1", Title: " Lubang ", Body: "Ada lubang di jalan", Visibility: civic.Private,
		Place: &civic.Place{Latitude: -6.9, Longitude: 107.6},
	}
	submit := func(p civic.Principal, d casework.Draft) civic.Submission {
		t.Helper()
		s, state, duplicate, err := desk.Submit(t.Context(), p, d)
		if err != nil || state != civic.Queued || duplicate {
			t.Fatalf("%s, %v, %v", state, duplicate, err)
		}
		return s
	}
	first, again := submit(budi, draft), submit(budi, draft)
	if first.Report != again.Report || first.Number != again.Number {
		t.Error("the same key gave two reports")
	}
	if submit(siti, draft).Report == first.Report {
		t.Error("two citizens with the same key share a report")
	}
	bare := draft
	bare.ClientKey = ""
	if one, two := submit(budi, bare), submit(budi, bare); one.Report == two.Report {
		t.Error("two reports without a key are one")
	}
	s := (*in)[0]
	if s.Title != "Lubang" || s.Category != demo.CategoryID("jalan-rusak") || s.Department != demo.DepartmentID("jalan") ||
		*s.Reporter != budi.Citizen || s.Place.District == nil || s.Visibility != civic.Private || s.ReceiptHash != nil {
		t.Errorf("%+v", s)
	}
	if want := coretest.Monday.Add(20*time.Minute + 3*24*time.Hour); !s.ResponseDue.Equal(want) {
		t.Errorf("answer due %s, want %s", s.ResponseDue, want)
	}
}

func TestSubmitRefuses(t *testing.T) {
	t.Parallel()
	desk, in := newDoor(t)
	good := casework.Draft{Title: "Lubang", Body: "Ada lubang", Visibility: civic.Public}
	for _, c := range []struct {
		name, field string
		spoil       func(*casework.Draft)
	}{
		{"an empty title", "title", func(d *casework.Draft) { d.Title = "\u200b" }},
		{"a long title", "title", func(d *casework.Draft) { d.Title = strings.Repeat("ä", 121) }},
		{"an empty body", "body", func(d *casework.Draft) { d.Body = " " }},
		{"a long body", "body", func(d *casework.Draft) { d.Body = strings.Repeat("ä", 10_001) }},
		{"a NUL byte", "body", func(d *casework.Draft) { d.Body = "a\x00" }},
		{"an unknown category", "category", func(d *casework.Draft) { d.Category = &civic.CategoryID{UUID: civic.NamedUUID("none")} }},
		{"a place outside", "location", func(d *casework.Draft) { d.Place = &civic.Place{Latitude: 52, Longitude: 13} }},
		{"an anonymous one", "visibility", func(d *casework.Draft) { d.Visibility = civic.Anonymous }},
		{"no visibility", "visibility", func(d *casework.Draft) { d.Visibility = "" }},
		{"an answer to nothing", "answers", func(d *casework.Draft) { d.Answers = []civic.Answer{{Question: "x", Answer: "y"}} }},
		{"a long key", "clientKey", func(d *casework.Draft) { d.ClientKey = strings.Repeat("k", 129) }},
	} {
		draft := good
		c.spoil(&draft)
		_, _, _, err := desk.Submit(t.Context(), coretest.Citizen("budi"), draft)
		refused(t, c.name, err, civic.CodeInvalidInput, c.field)
	}
	for _, p := range []civic.Principal{{}, {Role: civic.RoleOfficer}, {Role: civic.RoleAdmin}} {
		_, _, _, err := desk.Submit(t.Context(), p, good)
		refused(t, "not a citizen", err, civic.CodeForbidden, "")
	}
	if len(*in) != 0 {
		t.Errorf("%d were handed in", len(*in))
	}
}

// The due times of an anonymous report must not tell the minute in which it came.
func TestAnonymousTimesAreFullHours(t *testing.T) {
	t.Parallel()
	desk, _ := newDoor(t)
	s, err := desk.PrepareAnonymous(casework.Draft{Title: "Pungli", Body: "Diminta uang", Category: new(demo.CategoryID("pungli"))})
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]time.Time{"filed": s.At, "answer due": s.ResponseDue, "resolution due": s.ResolutionDue} {
		if !at.Equal(at.Truncate(time.Hour)) {
			t.Errorf("%s %s", name, at)
		}
	}
	if s.Reporter != nil || s.Visibility != civic.Anonymous || s.Number != "" || !s.Report.IsZero() {
		t.Errorf("%+v", s)
	}
}
