package casework_test

import (
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// A reporter may say it better until somebody begins. The audit commits to each text and holds none.
func TestEdit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, budi := o.File().ID, coretest.Citizen("budi")
	place := civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "Jalan Dago"}
	o.ticking()
	edited := done[*civic.Report](t)(o.desk.EditReport(t.Context(), budi, id, casework.Edit{Title: new("Lubang dalam"), Place: &place}))
	stored := o.Report(id)
	if stored.Title != "Lubang dalam" || stored.Body != "Lubang besar di depan pasar." || stored.Place == nil || stored.Place.District == nil ||
		edited.Title != stored.Title {
		t.Errorf("%+v", stored)
	}
	if n := o.Count("SELECT count(*) FROM reports WHERE cell IS NOT NULL AND id = $1", id.Bytes()); n != 1 {
		t.Error("the map does not find it")
	}
	if got := o.history(t, id); got != "SUBMITTED EDITED" {
		t.Errorf("history: %s", got)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE action = 'edit' AND detail->'filing'->>'commitment' IS NOT NULL"); n != 1 {
		t.Errorf("%d lines commit to the new text", n)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE detail::text ILIKE '%lubang%'") + o.Count("SELECT count(*) FROM outbox WHERE event::text ILIKE '%dalam%'"); n != 0 {
		t.Error("the audit or an event holds the text")
	}
	for what, c := range map[string]struct {
		edit  casework.Edit
		field string
	}{
		"nothing": {casework.Edit{}, "input"}, "an empty title": {casework.Edit{Title: new(" ")}, "title"},
		"a NUL byte": {casework.Edit{Body: new("a\x00")}, "body"}, "a place outside": {casework.Edit{Place: &civic.Place{}}, "location"},
	} {
		_, err := o.desk.EditReport(t.Context(), budi, id, c.edit)
		refused(t, what, err, civic.CodeInvalidInput, c.field)
	}
	for _, p := range []civic.Principal{coretest.Citizen("siti"), o.Officer("jalan"), {}} {
		_, err := o.desk.EditReport(t.Context(), p, id, casework.Edit{Title: new("x")})
		refused(t, "a stranger", err, civic.CodeNotFound, "")
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), o.Officer("jalan"), id, civic.Verified, ""))
	_, err := o.desk.EditReport(t.Context(), budi, id, casework.Edit{Title: new("x")})
	refused(t, "too late", err, civic.CodeConflict, "")
}

func TestRate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, budi, officer := o.File(o.Of("pelayanan-puskesmas")).ID, coretest.Citizen("budi"), o.Officer("puskesmas")
	_, err := o.desk.Rate(t.Context(), budi, id, 5, "")
	refused(t, "before it is done", err, civic.CodeConflict, "")
	for _, to := range []civic.Status{civic.InProgress, civic.Resolved} {
		done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, to, ""))
	}
	done[*civic.Report](t)(o.desk.Rate(t.Context(), budi, id, 2, "lambat"))
	done[*civic.Report](t)(o.desk.ConfirmResolution(t.Context(), budi, id))
	done[*civic.Report](t)(o.desk.Rate(t.Context(), budi, id, 4, "akhirnya"))
	for _, scope := range []civic.Scope{{}, o.City.ScopeOf(budi), o.City.ScopeOf(officer)} {
		ratings, err := o.rows.Ratings(t.Context(), scope, []civic.ReportID{id})
		if err != nil || ratings[id] == nil || ratings[id].Score != 4 || ratings[id].Comment != "akhirnya" {
			t.Errorf("%+v, %v", ratings[id], err)
		}
	}
	for _, score := range []int{0, 6, -1} {
		_, err := o.desk.Rate(t.Context(), budi, id, score, "")
		refused(t, "a score that is none", err, civic.CodeInvalidInput, "score")
	}
	for _, p := range []civic.Principal{coretest.Citizen("siti"), officer, {}} {
		_, err := o.desk.Rate(t.Context(), p, id, 5, "")
		refused(t, "a stranger", err, civic.CodeNotFound, "")
	}
}

// What somebody follows leaves no trace but the row that they can take back.
func TestFollow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	public, private, siti := o.File().ID, o.File(coretest.Visibility(civic.Private)).ID, coretest.Citizen("siti")
	before := o.traces()
	followed := func(p civic.Principal) bool {
		all, err := o.rows.Followed(t.Context(), p.Citizen, []civic.ReportID{public})
		if err != nil {
			t.Fatal(err)
		}
		return all[public]
	}
	for _, follow := range []bool{true, true, false, false, true} {
		done[*civic.Report](t)(o.desk.Follow(t.Context(), siti, public, follow))
		if followed(siti) != follow || followed(coretest.Citizen("budi")) {
			t.Errorf("follow %v: %v, and another %v", follow, followed(siti), followed(coretest.Citizen("budi")))
		}
	}
	if o.traces() != before {
		t.Error("following left traces")
	}
	_, err := o.desk.Follow(t.Context(), siti, private, true)
	refused(t, "another's private report", err, civic.CodeNotFound, "")
	done[*civic.Report](t)(o.desk.Follow(t.Context(), coretest.Citizen("budi"), private, true))
	_, err = o.desk.Follow(t.Context(), o.Officer("jalan"), public, true)
	refused(t, "an officer", err, civic.CodeForbidden, "")
}

// Reopened once, the department has another try, in the time it had; twice, those above look at it, too.
func TestReopeningTwiceClimbs(t *testing.T) {
	t.Parallel()
	for _, visibility := range []civic.Visibility{civic.Private, civic.Anonymous} {
		o := newOffice(t)
		now := coretest.Monday
		o.SetClock(func() time.Time { return now })
		id := o.File(o.Of("pelayanan-puskesmas"), coretest.Visibility(visibility)).ID
		budi, officer := coretest.Citizen("budi"), o.Officer("puskesmas")
		due := o.Report(id).Clock.ResolutionDue
		for try := 1; try <= 2; try++ {
			for _, to := range []civic.Status{civic.InProgress, civic.Resolved} {
				now = now.Add(time.Minute)
				if r := o.Report(id); r.Status != to {
					done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, to, ""))
				}
			}
			now = now.Add(time.Minute)
			if visibility == civic.Anonymous {
				done[*civic.Report](t)(o.desk.AnswerResolutionAsAnonymous(t.Context(), coretest.ReceiptOf(id), false, "masih antre"))
			} else {
				done[*civic.Report](t)(o.desk.Reopen(t.Context(), budi, id, "masih antre"))
			}
			r := o.Report(id)
			if !r.Clock.ResolutionDue.Equal(due) || (r.Status == civic.Escalated) != (try == 2) || r.Escalation.Level != try-1 {
				t.Errorf("%s, time %d: %s, level %d, due %s", visibility, try, r.Status, r.Escalation.Level, r.Clock.ResolutionDue)
			}
		}
		if got := o.history(t, id); got != "SUBMITTED STATUS_CHANGED RESOLVED REOPENED RESOLVED REOPENED ESCALATED" {
			t.Errorf("%s: history %s", visibility, got)
		}
	}
}
