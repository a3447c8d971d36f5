package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// ReplyAsAnonymous lets the reporter of an anonymous report speak with its department. receipt is the hash of the receipt, and body has
// been scrubbed: this package never sees what was typed.
func (d *Desk) ReplyAsAnonymous(ctx context.Context, receipt []byte, body string) (*civic.Report, error) {
	body, err := civic.CheckText("body", body, civic.MaxComment)
	if err != nil {
		return nil, err
	}
	return d.byReceipt(ctx, receipt, "reply", func(a *act) error {
		if err := a.say(a.comment(civic.AuthorReporter, body), civic.UUID{}); err != nil {
			return err
		}
		return a.resume()
	})
}

// resume puts a report back to work that waited for its reporter, who has spoken now. The caller saves it.
func (a *act) resume() error {
	if a.report.Status != civic.AwaitingReporter {
		return nil
	}
	from := a.report.Status
	a.now = a.now.Add(tick) // the words come first, then what they set going
	if err := a.move(civic.InProgress); err != nil {
		return err
	}
	event := a.event(civic.EventStatusChanged)
	event.PreviousStatus = &from
	return a.tell(civic.TimelineEntry{Kind: civic.TimelineStatusChanged}, event)
}

// move takes the report to another status as its reporter. The clock goes by a.counts, what is shown by a.now.
func (a *act) move(to civic.Status) error {
	if err := a.city.Move(a.report, civic.ByReporter, to, a.counts); err != nil {
		return err
	}
	a.report.UpdatedAt = a.now
	if a.report.ClosedAt != nil {
		a.report.ClosedAt = &a.now
	}
	return nil
}
