package coretest

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/store"
)

// Monday is 09:00 in the demo city, in a week without holidays.
var Monday = time.Date(2026, time.November, 23, 2, 0, 0, 0, time.UTC)

// Citizen is a citizen of that name.
func Citizen(name string) civic.Principal {
	return civic.Principal{Role: civic.RoleCitizen, Citizen: civic.CitizenID{UUID: civic.NamedUUID("citizen " + name)}}
}

// Officer is the demo city's first officer of that department; it fails the test if there is none.
func (c *Core) Officer(department string) civic.Principal {
	c.t.Helper()
	data, err := demo.Load()
	if err != nil {
		c.t.Fatal(err)
	}
	i := slices.IndexFunc(data.Officers, func(o demo.Officer) bool { return o.Department == department })
	if i < 0 {
		c.t.Fatalf("nobody works in %s", department)
	}
	o := data.Officers[i]
	return civic.Principal{Role: o.Role, Officer: o.ID(), Department: demo.DepartmentID(department)}
}

// Desk does the verbs on a store, without a way in for new reports.
func (c *Core) Desk(rows *store.Store, cfg casework.Config) *casework.Desk {
	if cfg.Now == nil {
		cfg.Now = func() time.Time { return c.now() }
	}
	return casework.New(cfg, casework.Ports{City: func() *civic.City { return c.City }, Records: records.Of{Store: rows}})
}

// Submission is a public report of a damaged road, by budi, at Monday; the changes make it another.
func (c *Core) Submission(changes ...func(*civic.Submission)) civic.Submission {
	id := civic.ReportID{UUID: civic.NewUUIDv4(rand.Reader)}
	budi := Citizen("budi").Citizen
	s := civic.Submission{
		Report: id, Number: civic.NumberFrom(id.UUID[:]), Title: "Lubang di jalan", Body: "Lubang besar di depan pasar.",
		Visibility: civic.Public, Category: demo.CategoryID("jalan-rusak"), Department: demo.DepartmentID("jalan"), At: Monday, Reporter: &budi,
	}
	for _, change := range changes {
		change(&s)
	}
	if category := c.City.Category(s.Category); category != nil && s.ResponseDue.IsZero() {
		s.ResponseDue, s.ResolutionDue = c.City.Promise(category, s.At)
	}
	return s
}

// Visibility makes a submission public, private or anonymous; an anonymous one has a receipt and no reporter.
func Visibility(v civic.Visibility) func(*civic.Submission) {
	return func(s *civic.Submission) {
		s.Visibility = v
		if v == civic.Anonymous {
			s.Reporter, s.ReceiptHash = nil, ReceiptOf(s.Report)
		}
	}
}

// ReceiptOf is the hash under which an anonymous report of these tests is found again.
func ReceiptOf(id civic.ReportID) []byte { return append([]byte("receipt "), id.UUID[:]...) }

// By makes somebody the reporter.
func By(p civic.Principal) func(*civic.Submission) {
	return func(s *civic.Submission) { s.Reporter = &p.Citizen }
}

// Of makes it another category's report, at that category's department.
func (c *Core) Of(code string) func(*civic.Submission) {
	return func(s *civic.Submission) {
		category := c.City.Category(demo.CategoryID(code))
		s.Category, s.Department = category.ID, category.Department
	}
}

// AskForProof makes a category ask for photos before its reports can be resolved.
func (c *Core) AskForProof(code string) { c.City.Category(demo.CategoryID(code)).ProofRequired = true }

// At sets when it was filed.
func At(t time.Time) func(*civic.Submission) { return func(s *civic.Submission) { s.At = t } }

// File takes one report in as ingest does, and returns it as it stands.
func (c *Core) File(changes ...func(*civic.Submission)) *civic.Report {
	c.t.Helper()
	s := c.Submission(changes...)
	c.TakeIn(s)
	return s.AsReport()
}

// TakeIn takes submissions in as ingest does.
func (c *Core) TakeIn(submissions ...civic.Submission) []bool {
	c.t.Helper()
	fresh, err := c.ingest.TakeIn(context.Background(), c.Desk(c.ingest, casework.Config{}).TakeIn(submissions))
	if err != nil {
		c.t.Fatal(err)
	}
	return fresh
}

// Report is how a report stands now, whoever may see it.
func (c *Core) Report(id civic.ReportID) *civic.Report {
	c.t.Helper()
	found, err := c.all.Reports(context.Background(), civic.Scope{}, []civic.ReportID{id})
	if err != nil || len(found) != 1 {
		c.t.Fatalf("report %s: %d found, %v", id, len(found), err)
	}
	return found[0]
}
