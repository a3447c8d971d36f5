package audience_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/notifier/audience"
)

var (
	root, field, other = department("root"), department("field"), department("other")
	boss, head, clerk  = officer("boss"), officer("head"), officer("clerk")
	budi, siti         = citizen("budi"), citizen("siti")
	at                 = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
)

func department(name string) civic.DepartmentID {
	return civic.DepartmentID{UUID: civic.NamedUUID(name)}
}
func officer(name string) civic.OfficerID { return civic.OfficerID{UUID: civic.NamedUUID(name)} }
func citizen(name string) civic.CitizenID { return civic.CitizenID{UUID: civic.NamedUUID(name)} }

func city(t *testing.T) *civic.City {
	t.Helper()
	c, err := civic.NewCity(civic.Bounds{}, nil,
		[]*civic.Department{{ID: root, Level: 1}, {ID: field, Parent: &root}, {ID: other, Parent: &root}}, nil, nil,
		[]*civic.Officer{
			{ID: boss, Department: root, Role: civic.RoleHeadAuthority}, {ID: head, Department: field, Role: civic.RoleDepartmentHead},
			{ID: clerk, Department: field, Role: civic.RoleOfficer}, {ID: officer("gone"), Department: field, Role: civic.RoleDepartmentHead, Retired: true},
		})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var names = map[civic.UUID]string{boss.UUID: "boss", head.UUID: "head", clerk.UUID: "clerk", budi.UUID: "budi", siti.UUID: "siti"}

// Each kind of event, each kind of doer, each kind of report.
func TestWhoIsToldOfWhat(t *testing.T) {
	t.Parallel()
	byClerk, byReporter := &civic.Doer{Kind: civic.AuthorDepartment, Officer: &clerk}, &civic.Doer{Kind: civic.AuthorReporter}
	for name, c := range map[string]struct {
		event  civic.Event
		report func(*civic.Report)
		circle func(*audience.Circle)
		want   string
	}{
		"a new one":             {event: civic.Event{Kind: civic.EventCreated, By: byReporter}, want: "[head NEW_REPORT]"},
		"given to somebody":     {event: civic.Event{Kind: civic.EventAssigned, Assignee: &clerk}, want: "[clerk ASSIGNED]"},
		"taken by oneself":      {event: civic.Event{Kind: civic.EventAssigned, Assignee: &clerk, By: byClerk}, want: "[]"},
		"moved":                 {event: civic.Event{Kind: civic.EventStatusChanged, By: byClerk}, want: "[budi STATUS_CHANGED siti STATUS_CHANGED]"},
		"withdrawn":             {event: civic.Event{Kind: civic.EventStatusChanged, By: byReporter}, report: assigned, want: "[siti STATUS_CHANGED clerk STATUS_CHANGED]"},
		"closed by the clock":   {event: civic.Event{Kind: civic.EventStatusChanged}, want: "[budi STATUS_CHANGED siti STATUS_CHANGED]"},
		"hidden":                {event: civic.Event{Kind: civic.EventStatusChanged, By: byClerk}, report: func(r *civic.Report) { r.Hidden = true }, want: "[budi STATUS_CHANGED]"},
		"private":               {event: civic.Event{Kind: civic.EventResolved, By: byClerk}, report: func(r *civic.Report) { r.Visibility = civic.Private }, want: "[budi RESOLVED]"},
		"anonymous":             {event: civic.Event{Kind: civic.EventCommented, By: byReporter}, report: anonymous, want: "[head COMMENTED]"},
		"anonymous, answered":   {event: civic.Event{Kind: civic.EventCommented, By: byClerk}, report: anonymous, want: "[]"},
		"climbed":               {event: civic.Event{Kind: civic.EventEscalated, EscalatedTo: &root}, report: assigned, want: "[budi ESCALATED siti ESCALATED clerk ESCALATED boss ESCALATED]"},
		"nearly due":            {event: civic.Event{Kind: civic.EventDueSoon}, report: assigned, want: "[clerk DUE_SOON]"},
		"nearly due, nobody's":  {event: civic.Event{Kind: civic.EventDueSoon}, want: "[head DUE_SOON]"},
		"said by a follower":    {event: civic.Event{Kind: civic.EventCommented, By: &civic.Doer{Kind: civic.AuthorCitizen}}, circle: func(c *audience.Circle) { c.Speakers = []civic.CitizenID{siti} }, want: "[budi COMMENTED head COMMENTED]"},
		"merged":                {event: civic.Event{Kind: civic.EventMerged, Status: civic.Merged, By: byClerk}, want: "[budi MERGED siti MERGED]"},
		"merged into":           {event: civic.Event{Kind: civic.EventMerged, Status: civic.InProgress, By: byClerk}, want: "[]"},
		"supported":             {event: civic.Event{Kind: civic.EventUpvoted}, want: "[]"},
		"given to one who left": {event: civic.Event{Kind: civic.EventAssigned, Assignee: new(officer("gone"))}, want: "[]"},
	} {
		report := &civic.Report{ID: civic.ReportID{UUID: civic.NamedUUID("r")}, Visibility: civic.Public, Department: field, Reporter: &budi}
		if c.report != nil {
			c.report(report)
		}
		circle := audience.Circle{Report: report, Followers: []civic.CitizenID{siti}}
		if c.circle != nil {
			c.circle(&circle)
		}
		c.event.Report, c.event.Department, c.event.At = report.ID, field, at
		got := []string{}
		for _, n := range audience.Of(city(t), "event", &c.event, circle) {
			got = append(got, names[n.To.ID]+" "+string(n.Kind))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func assigned(r *civic.Report)  { r.Assignee = &clerk }
func anonymous(r *civic.Report) { r.Visibility, r.Reporter = civic.Anonymous, nil }

// A flood is one notification for who answers for the department.
func TestAFloodIsOneNotification(t *testing.T) {
	t.Parallel()
	var told []civic.Notification
	for n := range 300 {
		report := civic.ReportID{UUID: civic.NamedUUID(fmt.Sprint(n))}
		told = append(told, civic.Notification{To: civic.OfficerAccount(head), Kind: civic.NotifyNew, Report: &report})
	}
	told = append(told, civic.Notification{To: civic.CitizenAccount(budi), Kind: civic.NotifyStatus})
	if got := audience.Gather(told); len(got) != 2 || got[0].Report != nil || got[0].Detail.Count != 300 {
		t.Errorf("%d notifications, the first %+v", len(got), got[0])
	}
	if got := audience.Gather(told[:5]); len(got) != 5 {
		t.Errorf("a handful is %d", len(got))
	}
}

// Quiet hours end when they say, over midnight and within a day.
func TestWhenQuietHoursEnd(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("WIB", 7*3600)
	for _, c := range []struct {
		quiet    civic.QuietHours
		at, want string
	}{
		{civic.QuietHours{From: 22 * 60, Until: 6 * 60}, "2026-11-23 23:10", "2026-11-24 06:00"},
		{civic.QuietHours{From: 22 * 60, Until: 6 * 60}, "2026-11-24 05:59", "2026-11-24 06:00"},
		{civic.QuietHours{From: 22 * 60, Until: 6 * 60}, "2026-11-24 06:00", "2026-11-24 06:00"},
		{civic.QuietHours{From: 12 * 60, Until: 13 * 60}, "2026-11-24 12:00", "2026-11-24 13:00"},
		{civic.QuietHours{From: 12 * 60, Until: 13 * 60}, "2026-11-24 13:00", "2026-11-24 13:00"},
	} {
		const layout = "2006-01-02 15:04"
		moment, err := time.ParseInLocation(layout, c.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.quiet.After(moment, zone).Format(layout); got != c.want {
			t.Errorf("%+v at %s: %s, want %s", c.quiet, c.at, got, c.want)
		}
	}
}
