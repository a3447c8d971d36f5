// Package audience says who is told of what, and by which ways: pure rules, without a database or a clock. Nobody is told of their own acts,
// nor of a report that they may not see as it is now; and of an anonymous reporter there is nobody to tell.
package audience

import (
	"slices"

	"github.com/jagawarga/jagawarga/civic"
)

// Circle is who has to do with a report at the moment of telling.
type Circle struct {
	Report    *civic.Report // as it is now, without its words
	Followers []civic.CitizenID
	Merged    []Merged
	Speakers  []civic.CitizenID // who said what an event tells of
	Alerts    []civic.AreaAlert // around its place
}

// Merged is a reporter whose report goes on as this one.
type Merged struct {
	Report   civic.ReportID
	Reporter civic.CitizenID
}

// telling is one event on its way to people. The first reason for which somebody is told is the one that they hear.
type telling struct {
	city   *civic.City
	id     string
	event  *civic.Event
	circle Circle
	told   []civic.Notification
}

// Of is who is told of an event, whose name makes those of the notifications.
func Of(city *civic.City, id string, event *civic.Event, circle Circle) []civic.Notification {
	t := &telling{city: city, id: id, event: event, circle: circle}
	switch event.Kind {
	case civic.EventCreated:
		t.created()
	case civic.EventAssigned:
		if event.Assignee != nil {
			t.tell(civic.OfficerAccount(*event.Assignee), civic.NotifyAssigned)
		}
	case civic.EventTransferred:
		t.everybody(civic.NotifyStatus)
		t.answering(event.Department, civic.NotifyNew)
	case civic.EventEscalated:
		t.everybody(civic.NotifyEscalated)
		t.assignee(civic.NotifyEscalated)
		if event.EscalatedTo != nil {
			t.answering(*event.EscalatedTo, civic.NotifyEscalated)
		}
	case civic.EventStatusChanged:
		t.merged(civic.NotifyStatus)
		t.everybody(civic.NotifyStatus)
		if !t.byDepartment() {
			t.assignee(civic.NotifyStatus)
		}
	case civic.EventResolved:
		t.merged(civic.NotifyResolved)
		t.everybody(civic.NotifyResolved)
	case civic.EventReopened:
		t.everybody(civic.NotifyStatus)
		t.desk(civic.NotifyStatus)
	case civic.EventCommented:
		t.everybody(civic.NotifyComment)
		if !t.byDepartment() {
			t.desk(civic.NotifyComment)
		}
	case civic.EventDueSoon:
		t.desk(civic.NotifyDueSoon)
	case civic.EventMerged:
		if event.Status == civic.Merged { // the one that goes on is not changed by it
			t.everybody(civic.NotifyMerged)
		}
	}
	return t.told
}

func (t *telling) created() {
	if t.event.Assignee != nil { // by a rule of routing
		t.tell(civic.OfficerAccount(*t.event.Assignee), civic.NotifyAssigned)
	}
	t.answering(t.event.Department, civic.NotifyNew)
	report := t.circle.Report
	if report.Place == nil || !report.PublicNow() {
		return
	}
	for _, alert := range t.circle.Alerts {
		if alert.Hears(report.Category, *report.Place) {
			t.tell(civic.CitizenAccount(alert.Citizen), civic.NotifyArea)
		}
	}
}

// everybody are the reporter and who follows.
func (t *telling) everybody(kind civic.NotificationKind) {
	if reporter := t.circle.Report.Reporter; reporter != nil {
		t.tell(civic.CitizenAccount(*reporter), kind)
	}
	for _, follower := range t.circle.Followers {
		t.tell(civic.CitizenAccount(follower), kind)
	}
}

// merged are told of their own report, which they may always see; that of the other, which they may follow, is the same news.
func (t *telling) merged(kind civic.NotificationKind) {
	for _, merged := range t.circle.Merged {
		t.write(civic.CitizenAccount(merged.Reporter), kind, merged.Report)
	}
}

func (t *telling) assignee(kind civic.NotificationKind) {
	if assignee := t.circle.Report.Assignee; assignee != nil {
		t.tell(civic.OfficerAccount(*assignee), kind)
	}
}

// desk is who has the report on the desk: its officer, or who answers for the department.
func (t *telling) desk(kind civic.NotificationKind) {
	if t.circle.Report.Assignee != nil {
		t.assignee(kind)
		return
	}
	t.answering(t.circle.Report.Department, kind)
}

func (t *telling) answering(department civic.DepartmentID, kind civic.NotificationKind) {
	for _, officer := range t.city.Answering(department) {
		t.tell(civic.OfficerAccount(officer.ID), kind)
	}
}

// tell writes a notification for who may see the report.
func (t *telling) tell(to civic.Account, kind civic.NotificationKind) {
	if t.city.MayHear(to, t.circle.Report) {
		t.write(to, kind, t.circle.Report.ID)
	}
}

func (t *telling) write(to civic.Account, kind civic.NotificationKind, about civic.ReportID) {
	if t.did(to) || slices.ContainsFunc(t.told, func(n civic.Notification) bool { return n.To == to }) {
		return
	}
	department := t.event.Department
	detail := civic.NotificationDetail{Event: t.event.Kind, Status: t.event.Status, Department: &department}
	if kind == civic.NotifyEscalated {
		detail.Level, detail.Department = t.event.Level, t.event.EscalatedTo
	}
	t.told = append(t.told, civic.Notification{
		ID: civic.NotificationName(t.id, to), To: to, Kind: kind, Report: &about, Detail: detail, CreatedAt: t.event.At,
	})
}

func (t *telling) byDepartment() bool {
	return t.event.By != nil && t.event.By.Kind == civic.AuthorDepartment
}

// did reports whether the event is the account's own act.
func (t *telling) did(to civic.Account) bool {
	if to.Officer {
		return t.event.By != nil && t.event.By.Officer != nil && t.event.By.Officer.UUID == to.ID
	}
	if slices.Contains(t.circle.Speakers, civic.CitizenID{UUID: to.ID}) {
		return true
	}
	reporter := t.circle.Report.Reporter
	return t.event.By != nil && t.event.By.Kind == civic.AuthorReporter && reporter != nil && reporter.UUID == to.ID
}
