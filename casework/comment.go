package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Comment lets a citizen speak on what they may read, and the responsible department answer. A department's first word is the answer
// that the response time waits for.
func (d *Desk) Comment(ctx context.Context, p civic.Principal, id civic.ReportID, body string) (*civic.Comment, error) {
	body, err := civic.CheckText("body", body, civic.MaxComment)
	if err != nil {
		return nil, err
	}
	if p.IsStaff() {
		return d.answer(ctx, p, id, body)
	}
	return d.remark(ctx, p, id, body)
}

// answer is the department's word.
func (d *Desk) answer(ctx context.Context, p civic.Principal, id civic.ReportID, body string) (*civic.Comment, error) {
	var comment civic.Comment
	_, err := d.handle(ctx, p, id, "comment", func(a *act) error {
		comment = a.comment(civic.AuthorDepartment, body)
		comment.Department = ownDepartment(p)
		a.city.Answered(a.report, a.now)
		a.city.ActedAbove(a.report, p.Department, a.now)
		return a.say(comment, p.Officer.UUID)
	})
	if err != nil {
		return nil, err
	}
	return &comment, nil
}

// remark is a citizen's word. It changes nothing of the report itself, so it takes no lock and no right to change; unless the report
// waits for just this citizen.
func (d *Desk) remark(ctx context.Context, p civic.Principal, id civic.ReportID, body string) (*civic.Comment, error) {
	var comment civic.Comment
	_, err := d.inside(ctx, p, id, "comment", false, (*civic.City).MayRead, func(a *act) error {
		kind := civic.AuthorCitizen
		if civic.Wrote(p, a.report) {
			kind = civic.AuthorReporter
		}
		comment = a.comment(kind, body)
		if kind == civic.AuthorReporter && a.report.Status == civic.AwaitingReporter {
			return a.replyAwaited(comment, p.Citizen.UUID)
		}
		return a.say(comment, p.Citizen.UUID)
	})
	if err != nil {
		return nil, err
	}
	return &comment, nil
}

// replyAwaited says what the report has waited for, and puts it back to work.
func (a *act) replyAwaited(comment civic.Comment, author civic.UUID) (err error) {
	if a.report, err = a.tx.Report(a.ctx, a.report.ID, true); err != nil {
		return err
	}
	if err := a.say(comment, author); err != nil {
		return err
	}
	if err := a.resume(); err != nil {
		return err
	}
	return a.tx.SaveReport(a.ctx, a.report)
}

func (a *act) comment(kind civic.AuthorKind, body string) civic.Comment {
	return civic.Comment{ID: civic.CommentID{UUID: a.newID()}, Report: a.report.ID, Body: body, Kind: kind, CreatedAt: a.now}
}

// say writes the comment and tells of it; the words themselves stay with the comment.
func (a *act) say(comment civic.Comment, author civic.UUID) error {
	if err := a.tx.AddComment(a.ctx, comment, author); err != nil {
		return err
	}
	return a.tell(civic.TimelineEntry{Kind: civic.TimelineCommented, Department: comment.Department}, a.event(civic.EventCommented))
}
