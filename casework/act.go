package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// act is one verb at work on one report, inside its transaction.
type act struct {
	ctx    context.Context
	tx     Tx
	city   *civic.City
	actor  string          // who acts, in the audit's words
	doer   civic.Principal // the same, for the event; the zero value for nobody and for who has a receipt alone
	now    time.Time       // as the history shows it
	counts time.Time       // as the clock of due times takes it
	report *civic.Report
	filing *civic.Filing   // commits to a text that the verb gave the report
	other  *civic.ReportID // the other one of a merge or a split
	flags  []civic.ResolutionFlag
	cause  *civic.CauseID // that the verb gave the report

	newID func() civic.UUID
}

// right decides whether the verb may touch the report; the refusal is NOT_FOUND, so that nothing is told.
type right func(city *civic.City, p civic.Principal, r *civic.Report) bool

// handle runs a department's verb: the right is checked again below the directive.
func (d *Desk) handle(ctx context.Context, p civic.Principal, id civic.ReportID, name string, verb func(*act) error) (*civic.Report, error) {
	return d.perform(ctx, p, id, name, func(city *civic.City, p civic.Principal, r *civic.Report) bool {
		return d.cfg.Guard(city, p, r.Department)
	}, verb)
}

// perform runs a verb on a locked report and saves what it changed with its audit line. name is the audit's word for it.
func (d *Desk) perform(ctx context.Context, p civic.Principal, id civic.ReportID, name string, may right, verb func(*act) error) (*civic.Report, error) {
	return d.inside(ctx, p, id, name, true, may, func(a *act) error {
		if err := verb(a); err != nil {
			return err
		}
		return a.tx.SaveReport(a.ctx, a.report)
	})
}

// inside opens the transaction, finds the report, checks the right, runs the verb and writes the audit line. Without lock the
// verb must not change the report itself, and needs no right to.
func (d *Desk) inside(ctx context.Context, p civic.Principal, id civic.ReportID, name string, lock bool, may right, verb func(*act) error) (*civic.Report, error) {
	city := d.ports.City()
	now := d.now()
	a := &act{city: city, actor: actorOf(p), doer: p, now: now, counts: now, newID: d.newID}
	err := d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		report, err := tx.Report(ctx, id, lock)
		if err != nil {
			return err
		}
		if !may(city, p, report) {
			return errReportNotFound
		}
		a.ctx, a.tx, a.report = ctx, tx, report
		if err := verb(a); err != nil {
			return err
		}
		return a.audit(name)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d.ports.Poke()
	return a.report, nil
}

// tell writes one step of the history and the event that live screens get.
func (a *act) tell(entry civic.TimelineEntry, event civic.Event) error {
	entry.Report, entry.At, entry.Status = a.report.ID, a.now, a.report.Status
	if err := a.tx.AddTimeline(a.ctx, a.newID(), entry); err != nil {
		return err
	}
	return a.tx.AddEvent(a.ctx, event)
}

// event carries the report's present state and who changed it.
func (a *act) event(kind civic.EventKind) civic.Event {
	event := civic.EventOf(kind, a.report, a.now)
	event.By = civic.DoerOf(a.doer, a.report)
	if a.actor == actorReporter || strings.HasPrefix(a.actor, actorPartner) {
		event.By = &civic.Doer{Kind: civic.AuthorReporter}
	}
	return event
}

// escalated tells of a step up; the reason is empty where the clock took it.
func (a *act) escalated(from civic.Status, reason string) error {
	event := a.event(civic.EventEscalated)
	event.PreviousStatus, event.Message = &from, reason
	level := a.report.Escalation.Level
	return a.tell(civic.TimelineEntry{Kind: civic.TimelineEscalated, Department: a.report.Escalation.To, Level: &level, Message: reason}, event)
}

func (a *act) audit(name string) error {
	return a.tx.AddAudit(a.ctx, civic.AuditLine{
		ID: a.newID(), At: a.now, Actor: a.actor, Action: name, Report: a.report.ID,
		Status: a.report.Status, Department: a.report.Department, Filing: a.filing, Other: a.other, Flags: a.flags, Cause: a.cause,
	})
}

// Who acts in the audit without a name of their own.
const (
	actorSystem   = "system"
	actorReporter = "reporter" // of an anonymous report
	actorPartner  = "partner:" // for its own people; with its id
	actorCitizen  = "citizen"  // the ledger never forgets: who it was, the report or the comment tells as long as that person is here
)

// actorOf names who acted, for the audit.
func actorOf(p civic.Principal) string {
	switch {
	case p.IsStaff():
		return "officer:" + p.Officer.UUIDString()
	case p.IsCitizen():
		return actorCitizen
	}
	return actorSystem
}

// ownDepartment is the department an officer speaks for.
func ownDepartment(p civic.Principal) *civic.DepartmentID {
	department := p.Department
	return &department
}
