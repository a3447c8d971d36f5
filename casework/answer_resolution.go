package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// ConfirmResolution closes a report that its department calls done: its reporter agrees.
func (d *Desk) ConfirmResolution(ctx context.Context, p civic.Principal, id civic.ReportID) (*civic.Report, error) {
	return d.perform(ctx, p, id, "confirm_resolution", mine, func(a *act) error { return a.confirm("") })
}

// Reopen sends a report back to work that its department calls done: its reporter says why it is not, and may show it. The photos come behind
// those of the report.
func (d *Desk) Reopen(ctx context.Context, p civic.Principal, id civic.ReportID, reason string, photos ...civic.Upload) (*civic.Report, error) {
	reason, err := civic.CheckText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	if err := d.beforeAdding(ctx, p, id, reopenPhotosField, len(photos), mayReopen); err != nil {
		return nil, err
	}
	kept, err := d.keepMedia(ctx, reopenPhotosField, civic.MediaOfReport, photos)
	if err != nil {
		return nil, err
	}
	return d.perform(ctx, p, id, "reopen", mine, func(a *act) error {
		if err := a.addMedia(reopenPhotosField, kept); err != nil {
			return err
		}
		return a.reopen(reason)
	})
}

// AnswerResolutionAsAnonymous is both for the reporter of an anonymous report. receipt is the hash of the receipt; reason has been
// scrubbed, and must be given by who is not satisfied.
func (d *Desk) AnswerResolutionAsAnonymous(ctx context.Context, receipt []byte, satisfied bool, reason string) (*civic.Report, error) {
	check, name, answer := civic.CheckText, "reopen", (*act).reopen
	if satisfied {
		check, name, answer = civic.CheckOptionalText, "confirm_resolution", (*act).confirm
	}
	reason, err := check("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.byReceipt(ctx, receipt, name, func(a *act) error { return answer(a, reason) })
}

func (a *act) confirm(word string) error {
	return a.answerResolution(civic.Closed, civic.EventStatusChanged, civic.TimelineConfirmed, word)
}

// patience is how often a department may call done what its reporter does not find done, before others look at it.
const patience = 2

// reopen sends the report back to work. The time that it was called done counts against the department; where that is not the first time,
// the report climbs at once.
func (a *act) reopen(reason string) error {
	if err := a.answerResolution(civic.InProgress, civic.EventReopened, civic.TimelineReopened, reason); err != nil {
		return err
	}
	if a.report.Reopened++; a.report.Reopened < patience {
		return nil
	}
	from := a.report.Status
	if err := a.city.Escalate(a.report, a.counts); err != nil {
		return nil // nobody is above
	}
	a.now = a.now.Add(tick) // the reopening comes first, then what it set going
	a.report.UpdatedAt = a.now
	return a.escalated(from, "")
}

// answerResolution takes the reporter's word on what the department calls done. Reporters may move reports for other reasons, too, so
// that this one is resolved is asked for here.
func (a *act) answerResolution(to civic.Status, told civic.EventKind, step civic.TimelineKind, word string) error {
	from := a.report.Status
	if err := mayReopen(a.report); err != nil {
		return err
	}
	if err := a.move(to); err != nil {
		return err
	}
	if err := a.tx.AnswerResolution(a.ctx, a.report.ID, to == civic.Closed); err != nil {
		return err
	}
	event := a.event(told)
	event.PreviousStatus = &from
	return a.tell(civic.TimelineEntry{Kind: step, Message: word}, event)
}

// mayReopen refuses what nobody calls done.
func mayReopen(r *civic.Report) error {
	if r.Status == civic.Resolved {
		return nil
	}
	refusal := civic.Conflict("resolution.none")
	refusal.State = r.Status
	for _, status := range r.Status.Next(civic.ByReporter) {
		refusal.Allowed = append(refusal.Allowed, string(status))
	}
	return refusal
}

// mine is the right of a reporter who is signed in.
func mine(_ *civic.City, p civic.Principal, r *civic.Report) bool { return civic.Wrote(p, r) }
