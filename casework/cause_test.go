package casework_test

import (
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// What a problem came from is said while it is worked on, with its resolution or after its end, and taken back; each time the audit tells.
func TestWhatItCameFrom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.ticking()
	officer := o.Officer("jalan")
	id := o.File(coretest.Visibility(civic.Private)).ID
	weather, wear := new(demo.CauseID("cuaca")), new(demo.CauseID("aus"))
	before := o.traces()
	named := done[*civic.Report](t)(o.desk.NameCause(t.Context(), officer, id, weather))
	if named.Cause == nil || *named.Cause != *weather || named.Status != civic.Received {
		t.Errorf("%+v", named)
	}
	if after := o.traces(); after.timeline-before.timeline != 1 || after.audit-before.audit != 1 || after.outbox-before.outbox != 1 {
		t.Errorf("%+v became %+v", before, after)
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, civic.InProgress, ""))
	if stored := o.Report(id); stored.Cause == nil || *stored.Cause != *weather {
		t.Error("another act forgets it")
	}
	done[*civic.Report](t)(o.desk.ResolveReport(t.Context(), officer, id, "selesai", nil, nil))
	if stored := o.Report(id); stored.Cause == nil || *stored.Cause != *weather {
		t.Error("a resolution without a cause forgets it")
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, civic.InProgress, ""))
	done[*civic.Report](t)(o.desk.ResolveReport(t.Context(), officer, id, "sungguh selesai", nil, wear))
	if stored := o.Report(id); stored.Cause == nil || *stored.Cause != *wear || stored.Status != civic.Resolved {
		t.Errorf("%+v", stored)
	}
	done[*civic.Report](t)(o.desk.ConfirmResolution(t.Context(), coretest.Citizen("budi"), id))
	done[*civic.Report](t)(o.desk.NameCause(t.Context(), officer, id, nil))
	if stored := o.Report(id); stored.Cause != nil || stored.Status != civic.Closed {
		t.Errorf("%+v", stored)
	}
	if got := o.history(t, id); got != "SUBMITTED EDITED STATUS_CHANGED RESOLVED REOPENED RESOLVED CONFIRMED EDITED" {
		t.Errorf("history: %s", got)
	}
	for action, cause := range map[string]string{"name_cause": weather.String(), "resolve": wear.String(), "drop_cause": ""} {
		if n := o.Count("SELECT count(*) FROM audit WHERE report_id = $1 AND action = $2 AND coalesce(detail->>'cause', '') = $3", id.Bytes(), action, cause); n != 1 {
			t.Errorf("%s: %d lines name %q", action, n, cause)
		}
	}
}

// A cause that is not there, is retired or is for another category is refused, and nothing is half done.
func TestWhatIsNoCause(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	officer := h.Officer("perhubungan")
	bus := h.Of("angkutan-umum") // which takes no proof
	id, closed := h.File(bus).ID, h.File(bus).ID
	done[*civic.Report](t)(h.desk.ChangeStatus(t.Context(), officer, id, civic.InProgress, ""))
	done[*civic.Report](t)(h.desk.NameCause(t.Context(), officer, closed, new(demo.CauseID("perusakan"))))
	if err := h.desk.RetireCause(t.Context(), h.admin, demo.CauseID("perusakan")); err != nil {
		t.Fatal(err)
	}
	before := h.traces()
	for what, c := range map[string]struct {
		cause civic.CauseID
		field string
	}{
		"unknown":            {civic.CauseID{UUID: civic.NamedUUID("none")}, "cause"},
		"retired":            {demo.CauseID("perusakan"), "cause"},
		"another category's": {demo.CauseID("pipa-tua"), "cause"},
	} {
		_, err := h.desk.NameCause(t.Context(), officer, id, &c.cause)
		refused(t, what, err, civic.CodeInvalidInput, c.field)
		_, err = h.desk.ResolveReport(t.Context(), officer, id, "selesai", nil, &c.cause)
		refused(t, what+", resolving", err, civic.CodeInvalidInput, c.field)
	}
	for who, p := range map[string]civic.Principal{"a stranger": h.Officer("kesehatan"), "its reporter": coretest.Citizen("budi"), "nobody": {}} {
		_, err := h.desk.NameCause(t.Context(), p, id, new(demo.CauseID("cuaca")))
		refused(t, who, err, civic.CodeNotFound, "")
	}
	if after := h.traces(); after != before || h.Report(id).Cause != nil || h.Report(id).Status != civic.InProgress {
		t.Errorf("something half done: %+v, then %+v", before, after)
	}
	if kept := h.Report(closed).Cause; kept == nil || *kept != demo.CauseID("perusakan") {
		t.Error("what is retired is lost to a report that has it")
	}
}

// An administrator keeps the list: a code is one cause's for good, and what is retired is listed no more.
func TestTheListOfCauses(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	road, pipe := demo.CategoryID("jalan-rusak"), demo.CategoryID("pipa-bocor")
	codes := func(of *civic.CategoryID) (codes []string) {
		for _, cause := range h.City.Causes(of) {
			codes = append(codes, cause.Code)
		}
		return codes
	}
	all := len(codes(nil))
	saved := done[*civic.Cause](t)(h.desk.SaveCause(t.Context(), h.admin, civic.Cause{Code: "gempa", Name: civic.Words{ID: "Gempa", EN: "Earthquake"}, Category: &road}))
	if len(codes(nil)) != all+1 || len(codes(&road)) != len(codes(&pipe))+1 {
		t.Errorf("%d causes, of roads %v, of pipes %v", len(codes(nil)), codes(&road), codes(&pipe))
	}
	again := *saved
	again.Name, again.Category = civic.Words{ID: "Gempa bumi"}, nil
	done[*civic.Cause](t)(h.desk.SaveCause(t.Context(), h.admin, again))
	if got := h.City.Cause(saved.ID); got == nil || got.Name.ID != "Gempa bumi" || got.Category != nil {
		t.Errorf("%+v", got)
	}
	for range 2 {
		if err := h.desk.RetireCause(t.Context(), h.admin, saved.ID); err != nil {
			t.Fatal(err)
		}
	}
	if len(codes(nil)) != all || h.City.Cause(saved.ID) == nil {
		t.Errorf("retired it is listed: %v", codes(nil))
	}
	if n := h.Count("SELECT count(*) FROM audit WHERE action IN ('save_cause', 'retire_cause')"); n != 3 {
		t.Errorf("%d audit lines", n)
	}
	none := civic.CategoryID{UUID: civic.NamedUUID("none")}
	for what, c := range map[string]struct {
		draft civic.Cause
		code  civic.Code
		field string
	}{
		"a code taken":         {civic.Cause{Code: "cuaca", Name: civic.Words{ID: "x"}}, civic.CodeConflict, ""},
		"one of the retired":   {civic.Cause{Code: "gempa", Name: civic.Words{ID: "x"}}, civic.CodeConflict, ""},
		"no code":              {civic.Cause{Code: "Pipa Tua", Name: civic.Words{ID: "x"}}, civic.CodeInvalidInput, "code"},
		"another code":         {civic.Cause{ID: demo.CauseID("cuaca"), Code: "hujan", Name: civic.Words{ID: "x"}}, civic.CodeInvalidInput, "code"},
		"no name":              {civic.Cause{Code: "hujan"}, civic.CodeInvalidInput, "nameId"},
		"no category":          {civic.Cause{Code: "hujan", Name: civic.Words{ID: "x"}, Category: &none}, civic.CodeInvalidInput, "category"},
		"nothing with that id": {civic.Cause{ID: civic.CauseID{UUID: civic.NamedUUID("none")}, Code: "hujan", Name: civic.Words{ID: "x"}}, civic.CodeNotFound, ""},
		"what is retired":      {again, civic.CodeConflict, ""},
	} {
		_, err := h.desk.SaveCause(t.Context(), h.admin, c.draft)
		refused(t, what, err, c.code, c.field)
	}
	for _, p := range []civic.Principal{{}, coretest.Citizen("budi"), h.Officer("jalan"), h.Officer("walikota")} {
		_, err := h.desk.SaveCause(t.Context(), p, civic.Cause{Code: "hujan", Name: civic.Words{ID: "x"}})
		refused(t, "who is no administrator", err, civic.CodeForbidden, "")
		refused(t, "who is no administrator", h.desk.RetireCause(t.Context(), p, demo.CauseID("cuaca")), civic.CodeForbidden, "")
	}
}
