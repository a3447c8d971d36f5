package casework

import (
	"github.com/jagawarga/jagawarga/civic"
)

// TakeIn turns accepted submissions into rows; ingest writes them. A submission without a salt, from before the ledger, gets one.
func (d *Desk) TakeIn(submissions []civic.Submission) []civic.Arrival {
	arrivals := make([]civic.Arrival, len(submissions))
	for i := range submissions {
		s := &submissions[i]
		if len(s.Salt) == 0 {
			s.Salt = civic.NewSalt(d.cfg.Random)
		}
		report := s.AsReport()
		report.Assignee = assigneeOf(d.ports.City(), s)
		d.ports.City().Begin(report)
		entryID, auditID := civic.NewUUIDv4(d.cfg.Random), civic.NewUUIDv4(d.cfg.Random)
		actor, action := filerOf(s)
		department, created := s.Department, civic.EventOf(civic.EventCreated, report, s.At)
		created.By = doerOf(s)
		arrivals[i] = civic.Arrival{
			Report: report, ReceiptHash: s.ReceiptHash, Salt: s.Salt, Partner: s.Partner, Said: s.Said,
			Timeline: []civic.TimelineRow{{ID: entryID, Entry: civic.TimelineEntry{
				Report: s.Report, Kind: civic.TimelineSubmitted, At: s.At, Status: civic.Received, Department: &department,
			}}},
			Note:  d.contactNote(s),
			Event: &created,
			Audit: civic.AuditLine{
				ID: auditID, At: s.At, Actor: actor, Action: action, Report: s.Report, Status: civic.Received, Department: s.Department,
				Filing: new(s.Filing()),
			},
		}
	}
	return arrivals
}

// assigneeOf is the officer whom a rule of routing names for a submission, if that is why it goes where it goes.
func assigneeOf(city *civic.City, s *civic.Submission) *civic.OfficerID {
	category := city.Category(s.Category)
	if category == nil {
		return nil
	}
	way := city.Route(civic.Arriving{Category: category, Place: s.Place, Answers: s.Answers, At: s.At})
	if way.Department != s.Department {
		return nil
	}
	return way.Assignee
}

// filerOf names who filed a submission, for the audit, and how.
func filerOf(s *civic.Submission) (actor, action string) {
	switch {
	case s.Reporter != nil:
		return actorOf(civic.Principal{Role: civic.RoleCitizen, Citizen: *s.Reporter}), "submit"
	case s.Partner != nil:
		return partnerActor(*s.Partner), "submit"
	case s.FiledBy != nil:
		return actorOf(civic.Principal{Role: civic.RoleOfficer, Officer: *s.FiledBy}), "file_at_counter"
	}
	return actorReporter, "submit"
}

// doerOf is who filed a submission, for its event.
func doerOf(s *civic.Submission) *civic.Doer {
	if s.FiledBy != nil {
		return &civic.Doer{Kind: civic.AuthorDepartment, Officer: s.FiledBy}
	}
	return &civic.Doer{Kind: civic.AuthorReporter}
}

// contactNote is what an officer wrote down at the counter of how to reach the reporter; nil if nothing.
func (d *Desk) contactNote(s *civic.Submission) *civic.Note {
	if s.FiledBy == nil || s.Contact == "" {
		return nil
	}
	return &civic.Note{
		ID: civic.NoteID{UUID: civic.NewUUIDv4(d.cfg.Random)}, Report: s.Report, Body: s.Contact, Author: *s.FiledBy, CreatedAt: s.At,
	}
}
