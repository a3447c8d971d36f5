package casework

import (
	"github.com/jagawarga/jagawarga/civic"
)

// TakeIn turns accepted submissions into rows. It is pure; ingest writes them.
func (d *Desk) TakeIn(submissions []civic.Submission) []civic.Arrival {
	arrivals := make([]civic.Arrival, len(submissions))
	for i := range submissions {
		s := &submissions[i]
		report := s.AsReport()
		actor := actorReporter
		entryID, auditID := civic.NewUUIDv4(d.cfg.Random), civic.NewUUIDv4(d.cfg.Random)
		if s.Reporter != nil {
			actor = actorOf(civic.Principal{Role: civic.RoleCitizen, Citizen: *s.Reporter})
		}
		department := s.Department
		arrivals[i] = civic.Arrival{
			Report: report, ReceiptHash: s.ReceiptHash,
			Timeline: []civic.TimelineRow{{ID: entryID, Entry: civic.TimelineEntry{
				Report: s.Report, Kind: civic.TimelineSubmitted, At: s.At, Status: civic.Received, Department: &department,
			}}},
			Event: new(civic.EventOf(civic.EventCreated, report, s.At)),
			Audit: civic.AuditLine{
				ID: auditID, At: s.At, Actor: actor, Action: "submit", Report: s.Report, Status: civic.Received, Department: s.Department,
			},
		}
	}
	return arrivals
}
