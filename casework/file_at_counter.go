package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// FileAtCounter files a report for somebody who came in person, and who has no account or did not use it: it has no reporter, and the
// audit says which officer filed it. contact, how to reach them, may be empty; the responsible department finds it among its notes.
func (d *Desk) FileAtCounter(ctx context.Context, p civic.Principal, draft Draft, contact string) (civic.Submission, civic.SubmissionState, bool, error) {
	if !p.IsStaff() {
		return civic.Submission{}, "", false, civic.Forbidden("auth.role")
	}
	contact, err := civic.CheckOptionalText("contact", contact, civic.MaxContact)
	if err != nil {
		return civic.Submission{}, "", false, err
	}
	return d.file(ctx, draft, p.Officer.UUID, func(s *civic.Submission) { s.FiledBy, s.Contact = &p.Officer, contact })
}
