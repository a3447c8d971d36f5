package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// SubmitForPartner files a report that a partner sends for somebody of its own: public, without a reporter, and on the same way as any other. What the
// partner said besides the text stands at the end of it, where departments read it. The same client key of the same partner gives the same report back.
func (d *Desk) SubmitForPartner(ctx context.Context, partner civic.PartnerID, draft Draft, said *civic.PartnerSaid) (civic.Submission, civic.SubmissionState, bool, error) {
	draft.Visibility = civic.Public
	draft.Body += said.Appendix()
	return d.file(ctx, draft, partner.UUID, func(s *civic.Submission) { s.Partner, s.Said = &partner, said })
}

// RemarkForPartner is the word of a partner's own people on what it filed: it counts as the reporter's, and puts back to work what waited for one.
// id is the comment's, so that a retry can be known.
func (d *Desk) RemarkForPartner(ctx context.Context, partner civic.PartnerID, report civic.ReportID, id civic.CommentID, body string) error {
	body, err := civic.CheckText("description", body, civic.MaxComment)
	if err != nil {
		return err
	}
	now := d.now()
	a := &act{city: d.ports.City(), actor: partnerActor(partner), now: now, counts: now, newID: d.newID}
	err = d.ports.Records.Change(ctx, civic.Scope{Partner: &partner}, func(ctx context.Context, tx Tx) error {
		a.ctx, a.tx, a.now = ctx, tx, now
		// The lock is the right: the database gives it for a partner's own reports alone.
		if a.report, err = tx.Report(ctx, report, true); err != nil {
			return err
		}
		comment := a.comment(civic.AuthorReporter, body)
		comment.ID = id
		if err := a.say(comment, civic.UUID{}); err != nil {
			return err
		}
		if err := a.resume(); err != nil {
			return err
		}
		if err := tx.SaveReport(ctx, a.report); err != nil {
			return err
		}
		return a.audit("comment")
	})
	if err != nil {
		return fmt.Errorf("remark for a partner: %w", err)
	}
	d.ports.Poke()
	return nil
}

// partnerActor names a partner, for the audit.
func partnerActor(id civic.PartnerID) string { return actorPartner + id.UUIDString() }
