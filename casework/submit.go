package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Draft is what somebody wants to report.
type Draft struct {
	ClientKey  string // makes a retry safe; empty for none
	Title      string
	Body       string
	Category   *civic.CategoryID // nil: its words tell
	Visibility civic.Visibility
	Place      *civic.Place
	Answers    []civic.Answer
	Media      []civic.Upload // at most civic.MaxMedia
}

// Submit files a citizen's report: checked, numbered, routed and durably accepted. The state tells whether it is in the
// database already. The same client key of the same citizen gives the same report back.
func (d *Desk) Submit(ctx context.Context, p civic.Principal, draft Draft) (civic.Submission, civic.SubmissionState, bool, error) {
	if !p.IsCitizen() {
		return civic.Submission{}, "", false, civic.Forbidden("report.citizens_only")
	}
	return d.file(ctx, draft, p.Citizen.UUID, func(s *civic.Submission) { s.Reporter = &p.Citizen })
}

// file checks a draft and hands it in. by is whose client key it is; sign writes down who files it.
func (d *Desk) file(ctx context.Context, draft Draft, by civic.UUID, sign func(*civic.Submission)) (civic.Submission, civic.SubmissionState, bool, error) {
	var none civic.Submission
	if draft.Visibility != civic.Public && draft.Visibility != civic.Private {
		return none, "", false, civic.Invalid("visibility", "report.visibility")
	}
	now := d.now()
	s, err := d.prepare(draft, now)
	if err != nil {
		return none, "", false, err
	}
	key, err := civic.CheckOptionalText("clientKey", draft.ClientKey, civic.MaxClientID)
	if err != nil {
		return none, "", false, err
	}
	// An id made from the key needs no look-up, so a retry is safe even while the database is down.
	s.Report = civic.ReportID{UUID: d.newID()}
	if key != "" {
		s.Report = civic.ReportID{UUID: civic.NamedUUID("submission:" + by.UUIDString() + ":" + key)}
	}
	if s.Media, err = d.keepMedia(ctx, "media", civic.MediaOfReport, draft.Media); err != nil {
		return none, "", false, err
	}
	civic.NameMedia(s.Report, s.Media)
	s.Number, s.Salt = civic.NumberFrom(s.Report.UUID[:]), civic.NewSalt(d.cfg.Random)
	sign(s)
	state, duplicate, err := d.ports.Intake.Submit(ctx, *s)
	if err != nil {
		return none, "", false, fmt.Errorf("submit report: %w", err)
	}
	if !duplicate {
		d.filed(draft, s)
	}
	return *s, state, duplicate, nil
}

// PrepareAnonymous checks and routes an anonymous draft without numbering or filing it: that is the anonymizer's work. Its times
// count from the next full hour, so that no due time tells when it came.
func (d *Desk) PrepareAnonymous(draft Draft) (*civic.Submission, error) {
	draft.Visibility = civic.Anonymous
	return d.prepare(draft, countsFrom(d.ports.City(), d.now()))
}

// prepare checks a draft against the city.
func (d *Desk) prepare(draft Draft, now time.Time) (*civic.Submission, error) {
	city := d.ports.City()
	title, err := civic.CheckText("title", draft.Title, civic.MaxTitle)
	if err != nil {
		return nil, err
	}
	body, err := civic.CheckText("body", draft.Body, civic.MaxBody)
	if err != nil {
		return nil, err
	}
	draft.Title, draft.Body = title, body
	category := d.categoryOf(city, draft)
	if category == nil {
		return nil, civic.Invalid("category", "category.unknown")
	}
	if err := civic.CheckUploads("media", draft.Media); err != nil {
		return nil, err
	}
	answers, err := category.CheckAnswers(draft.Answers)
	if err != nil {
		return nil, err
	}
	s := &civic.Submission{
		Title: title, Body: body, Visibility: draft.Visibility, Category: category.ID, Answers: answers, At: now,
	}
	if draft.Place != nil {
		if s.Place, err = city.CheckPlace("location", *draft.Place); err != nil {
			return nil, err
		}
	}
	s.Department = city.Route(civic.Arriving{Category: category, Place: s.Place, Answers: s.Answers, At: now}).Department
	s.ResponseDue, s.ResolutionDue = city.Promise(category, now)
	return s, nil
}
