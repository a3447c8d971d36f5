package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// office is a core database with the server's store and a desk on it.
type office struct {
	*coretest.Core
	rows *store.Store
	desk *casework.Desk
}

func newOffice(t *testing.T) office {
	c := coretest.New(t)
	rows := c.Store(roles.Server)
	return office{c, rows, c.Desk(rows, casework.Config{})}
}

// refused wants a civic error with that code and field.
func refused(t *testing.T, what string, err error, code civic.Code, field string) {
	t.Helper()
	var known *civic.Error
	if !errors.As(err, &known) || known.Code != code || known.Field != field {
		t.Errorf("%s: got %v, want %s %s", what, err, code, field)
	}
}

func done[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// traces counts what a verb leaves behind.
type traces struct{ timeline, audit, outbox, comments, notes int }

func (o office) traces() traces {
	return traces{
		o.Count("SELECT count(*) FROM timeline"), o.Count("SELECT count(*) FROM audit"), o.Count("SELECT count(*) FROM outbox"),
		o.Count("SELECT count(*) FROM comments"), o.Count("SELECT count(*) FROM internal_notes"),
	}
}

// history is the kinds of the steps so far.
func (o office) history(t *testing.T, id civic.ReportID) string {
	t.Helper()
	all, err := o.Store(coretest.Unwalled).Timelines(t.Context(), civic.Scope{}, []civic.ReportID{id}, civic.PageRequest{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, entry := range all[id].Items {
		kinds = append(kinds, string(entry.Kind))
	}
	return strings.Join(kinds, " ")
}

func TestChangeStatus(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer, id := o.Officer("jalan"), o.File().ID
	now := coretest.Monday
	o.SetClock(func() time.Time { now = now.Add(time.Minute); return now })
	for _, to := range []civic.Status{civic.Verified, civic.InProgress, civic.AwaitingReporter, civic.Resolved, civic.InProgress} {
		changed := done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, to, "kata dinas"))
		if stored := o.Report(id); changed.Status != to || stored.Status != to || !stored.UpdatedAt.Equal(changed.UpdatedAt) {
			t.Errorf("to %s: answered %s, stored %s", to, changed.Status, stored.Status)
		}
	}
	if got := o.history(t, id); got != "SUBMITTED STATUS_CHANGED STATUS_CHANGED STATUS_CHANGED RESOLVED REOPENED" {
		t.Errorf("history: %s", got)
	}
	_, err := o.desk.ChangeStatus(t.Context(), officer, id, civic.Closed, "")
	refused(t, "closing", err, civic.CodeConflict, "to")
	var conflict *civic.Error
	errors.As(err, &conflict)
	if !slices.Equal(conflict.Allowed, []string{"AWAITING_REPORTER", "RESOLVED", "REJECTED"}) {
		t.Errorf("allowed: %v", conflict.Allowed)
	}
	_, err = o.desk.ChangeStatus(t.Context(), officer, id, civic.Resolved, "a\x00b")
	refused(t, "a NUL byte", err, civic.CodeInvalidInput, "message")
	_, err = o.desk.ChangeStatus(t.Context(), officer, id, civic.Resolved, strings.Repeat("a", civic.MaxMessage+1))
	refused(t, "a long message", err, civic.CodeInvalidInput, "message")
	if n := o.Count("SELECT count(*) FROM audit WHERE actor = $1 AND action = 'change_status'", "officer:"+officer.Officer.UUIDString()); n != 5 {
		t.Errorf("%d audit lines", n)
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' IN ('STATUS_CHANGED', 'RESOLVED') AND event->>'message' = 'kata dinas'"); n != 5 {
		t.Errorf("%d events", n)
	}
}

// A department's verbs are for the department and those above it; everybody else is told that there is nothing, public or not.
func TestWhoMayHandle(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	colleague := o.Officer("jalan").Officer
	verbs := map[string]func(p civic.Principal, id civic.ReportID) error{
		"change the status": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.ChangeStatus(t.Context(), p, id, civic.Verified, "")
			return err
		},
		"assign": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Assign(t.Context(), p, id, colleague)
			return err
		},
		"transfer": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Transfer(t.Context(), p, id, demo.DepartmentID("drainase"), "bukan tugas kami")
			return err
		},
		"add a note": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.AddNote(t.Context(), p, id, "catatan")
			return err
		},
		"answer": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Comment(t.Context(), p, id, "jawaban")
			return err
		},
		"prioritize": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Prioritize(t.Context(), p, id, civic.PriorityUrgent)
			return err
		},
		"recategorize": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Recategorize(t.Context(), p, id, demo.CategoryID("trotoar"))
			return err
		},
		"hide": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Hide(t.Context(), p, id, true, "menyebut nama")
			return err
		},
		"move many": func(p civic.Principal, id civic.ReportID) error {
			changes, err := o.desk.ChangeStatuses(t.Context(), p, []civic.ReportID{id}, civic.Verified, "")
			if err != nil {
				return err
			}
			return changes[0].Err
		},
		"escalate": func(p civic.Principal, id civic.ReportID) error {
			_, err := o.desk.Escalate(t.Context(), p, id, "mendesak")
			if known := (*civic.Error)(nil); errors.As(err, &known) && known.Key == "escalation.top" {
				return nil
			}
			return err
		},
	}
	for name, verb := range verbs {
		for _, visibility := range []civic.Visibility{civic.Public, civic.Private, civic.Anonymous} {
			for department, may := range map[string]bool{
				"jalan": true, "infrastruktur": true, "walikota": true, "drainase": false, "kesehatan": false, "inspektorat": false,
			} {
				id := o.File(coretest.Visibility(visibility)).ID
				before := o.traces()
				err := verb(o.Officer(department), id)
				if may && err != nil {
					t.Errorf("%s may not %s: %v", department, name, err)
				}
				if !may {
					refused(t, department+" to "+name, err, civic.CodeNotFound, "")
					if o.traces() != before || o.Report(id).Status != civic.Received {
						t.Errorf("%s was refused to %s and left traces", department, name)
					}
				}
			}
			if name == "answer" {
				continue // a citizen's word is no answer, and has tests of its own
			}
			for who, p := range map[string]civic.Principal{
				"a stranger": {}, "another citizen": coretest.Citizen("siti"), "the reporter": coretest.Citizen("budi"),
			} {
				refused(t, who+" to "+name, verb(p, o.File(coretest.Visibility(visibility)).ID), civic.CodeNotFound, "")
			}
		}
		refused(t, name+" on nothing", verb(o.Officer("walikota"), civic.ReportID{UUID: civic.NamedUUID("none")}), civic.CodeNotFound, "")
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer, id := o.Officer("jalan"), o.File().ID
	for department, may := range map[string]bool{"jalan": true, "infrastruktur": true, "walikota": true, "drainase": false, "kesehatan": false} {
		_, err := o.desk.Assign(t.Context(), officer, id, o.Officer(department).Officer)
		if may && err != nil {
			t.Errorf("to %s: %v", department, err)
		}
		if !may {
			refused(t, "to "+department, err, civic.CodeInvalidInput, "officer")
		}
	}
	_, err := o.desk.Assign(t.Context(), officer, id, civic.OfficerID{UUID: civic.NamedUUID("nobody")})
	refused(t, "to nobody", err, civic.CodeInvalidInput, "officer")
	done[*civic.Report](t)(o.desk.Assign(t.Context(), officer, id, officer.Officer))
	if got := o.Report(id).Assignee; got == nil || *got != officer.Officer {
		t.Errorf("assigned to %v", got)
	}
}

// A transfer hands the report over whole: the giver loses sight of it, the taker has it, and the clock goes on.
func TestTransfer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	giver, taker := o.Officer("jalan"), o.Officer("kesehatan")
	id := o.File(coretest.Visibility(civic.Private)).ID
	due := *o.Report(id).Clock.NextDue
	done[*civic.Report](t)(o.desk.Assign(t.Context(), giver, id, giver.Officer))
	done[*civic.Note](t)(o.desk.AddNote(t.Context(), giver, id, "hanya untuk dinas"))
	moved := done[*civic.Report](t)(o.desk.Transfer(t.Context(), giver, id, demo.DepartmentID("kesehatan"), "salah alamat"))
	if moved.Department != demo.DepartmentID("kesehatan") || moved.Assignee != nil || !moved.Clock.NextDue.Equal(due) {
		t.Errorf("moved: %+v", moved)
	}
	for who, want := range map[*civic.Principal]int{&giver: 0, &taker: 1, new(coretest.Citizen("budi")): 1, new(coretest.Citizen("siti")): 0} {
		found, err := o.rows.Reports(t.Context(), o.City.ScopeOf(*who), []civic.ReportID{id})
		if err != nil || len(found) != want {
			t.Errorf("%s of %s sees %d, want %d, %v", who.Role, who.Department, len(found), want, err)
		}
	}
	if _, err := o.desk.ChangeStatus(t.Context(), giver, id, civic.Verified, ""); err == nil {
		t.Error("the giver still handles it")
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), taker, id, civic.Verified, ""))
	notes, err := o.rows.Notes(t.Context(), o.City.ScopeOf(taker), []civic.ReportID{id})
	if err != nil || len(notes[id]) != 1 {
		t.Errorf("%d notes came along, %v", len(notes[id]), err)
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'formerDepartment' = $1", demo.DepartmentID("jalan").String()); n != 1 {
		t.Errorf("%d events tell where it came from", n)
	}
	for what, c := range map[string]struct {
		to, reason string
		code       civic.Code
		field      string
	}{
		"to where it is":   {"kesehatan", "x", civic.CodeInvalidInput, "department"},
		"to nowhere":       {"none", "x", civic.CodeInvalidInput, "department"},
		"without a reason": {"jalan", " ", civic.CodeInvalidInput, "reason"},
	} {
		_, err := o.desk.Transfer(t.Context(), taker, id, demo.DepartmentID(c.to), c.reason)
		refused(t, what, err, c.code, c.field)
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), taker, id, civic.Rejected, ""))
	_, err = o.desk.Transfer(t.Context(), taker, id, demo.DepartmentID("jalan"), "terlambat")
	refused(t, "of a rejected report", err, civic.CodeConflict, "")
}

func TestComment(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	public, private := o.File().ID, o.File(coretest.Visibility(civic.Private)).ID
	hidden := o.File().ID
	o.Exec("UPDATE reports SET hidden = true WHERE id = $1", hidden.Bytes())
	for _, c := range []struct {
		name   string
		who    civic.Principal
		report civic.ReportID
		kind   civic.AuthorKind // empty: NOT_FOUND
	}{
		{"a citizen on a public report", coretest.Citizen("siti"), public, civic.AuthorCitizen},
		{"the reporter on it", coretest.Citizen("budi"), public, civic.AuthorReporter},
		{"the reporter on a private one", coretest.Citizen("budi"), private, civic.AuthorReporter},
		{"the reporter on a hidden one", coretest.Citizen("budi"), hidden, civic.AuthorReporter},
		{"a citizen on a private one", coretest.Citizen("siti"), private, ""},
		{"a citizen on a hidden one", coretest.Citizen("siti"), hidden, ""},
		{"the department", o.Officer("jalan"), private, civic.AuthorDepartment},
		{"another department", o.Officer("kesehatan"), public, ""},
	} {
		before := o.traces()
		comment, err := o.desk.Comment(t.Context(), c.who, c.report, "kata-kata")
		if c.kind == "" {
			refused(t, c.name, err, civic.CodeNotFound, "")
			continue
		}
		if err != nil || comment.Kind != c.kind || (comment.Department != nil) != (c.kind == civic.AuthorDepartment) {
			t.Errorf("%s: %+v, %v", c.name, comment, err)
		}
		if got := o.traces(); got != (traces{before.timeline + 1, before.audit + 1, before.outbox + 1, before.comments + 1, before.notes}) {
			t.Errorf("%s: traces %+v after %+v", c.name, got, before)
		}
	}
	// A department's first word is the answer that was due; a citizen's is not.
	if o.Report(private).Clock.AnsweredAt == nil || o.Report(public).Clock.AnsweredAt != nil {
		t.Error("the wrong words count as an answer")
	}
	for what, body := range map[string]string{"nothing": "", "space": " \n", "a NUL byte": "\x00", "too much": strings.Repeat("a", civic.MaxComment+1)} {
		for _, p := range []civic.Principal{coretest.Citizen("siti"), o.Officer("jalan")} {
			_, err := o.desk.Comment(t.Context(), p, public, body)
			refused(t, what, err, civic.CodeInvalidInput, "body")
		}
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event::text LIKE '%kata-kata%'"); n != 0 {
		t.Error("an event carries the words")
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.File(coretest.Visibility(civic.Private)).ID
	o.SetClock(func() time.Time { return coretest.Monday.Add(time.Hour) })
	for who, p := range map[string]civic.Principal{"a stranger": {}, "another": coretest.Citizen("siti"), "the department": o.Officer("jalan")} {
		_, err := o.desk.Withdraw(t.Context(), p, id, "")
		refused(t, who, err, civic.CodeNotFound, "")
	}
	_, err := o.desk.Withdraw(t.Context(), coretest.Citizen("budi"), id, "\x00")
	refused(t, "a NUL byte", err, civic.CodeInvalidInput, "reason")
	withdrawn := done[*civic.Report](t)(o.desk.Withdraw(t.Context(), coretest.Citizen("budi"), id, "sudah selesai"))
	if withdrawn.Status != civic.Withdrawn || o.Report(id).ClosedAt == nil || o.Report(id).Clock.NextDue != nil {
		t.Errorf("%+v", withdrawn)
	}
	_, err = o.desk.Withdraw(t.Context(), coretest.Citizen("budi"), id, "")
	refused(t, "twice", err, civic.CodeConflict, "to")
	if got := o.history(t, id); got != "SUBMITTED STATUS_CHANGED" {
		t.Errorf("history: %s", got)
	}
}

// A verb stands or falls with its audit line and its event: whichever of its writes fails, nothing of it stays.
func TestAFailingVerbLeavesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer, citizen := o.Officer("jalan"), coretest.Citizen("budi")
	for _, broken := range []string{"timeline", "audit", "event", "save", "comment", "note"} {
		desk := casework.New(casework.Config{Now: func() time.Time { return coretest.Monday }}, casework.Ports{
			City: func() *civic.City { return o.City }, Records: failing{records.Of{Store: o.rows}, broken},
		})
		for name, verb := range map[string]func(id civic.ReportID) error{
			"status": func(id civic.ReportID) error {
				_, err := desk.ChangeStatus(t.Context(), officer, id, civic.Verified, "x")
				return err
			},
			"assign": func(id civic.ReportID) error {
				_, err := desk.Assign(t.Context(), officer, id, officer.Officer)
				return err
			},
			"answer":   func(id civic.ReportID) error { _, err := desk.Comment(t.Context(), officer, id, "x"); return err },
			"comment":  func(id civic.ReportID) error { _, err := desk.Comment(t.Context(), citizen, id, "x"); return err },
			"note":     func(id civic.ReportID) error { _, err := desk.AddNote(t.Context(), officer, id, "x"); return err },
			"withdraw": func(id civic.ReportID) error { _, err := desk.Withdraw(t.Context(), citizen, id, "x"); return err },
			"transfer": func(id civic.ReportID) error {
				_, err := desk.Transfer(t.Context(), officer, id, demo.DepartmentID("kesehatan"), "x")
				return err
			},
			"prioritize": func(id civic.ReportID) error {
				_, err := desk.Prioritize(t.Context(), officer, id, civic.PriorityLow)
				return err
			},
			"recategorize": func(id civic.ReportID) error {
				_, err := desk.Recategorize(t.Context(), officer, id, demo.CategoryID("banjir"))
				return err
			},
			"hide":     func(id civic.ReportID) error { _, err := desk.Hide(t.Context(), officer, id, true, "x"); return err },
			"escalate": func(id civic.ReportID) error { _, err := desk.Escalate(t.Context(), officer, id, "x"); return err },
			"edit": func(id civic.ReportID) error {
				_, err := desk.EditReport(t.Context(), citizen, id, casework.Edit{Body: new("x")})
				return err
			},
		} {
			id := o.File().ID
			before, report := o.traces(), o.Report(id)
			err := verb(id)
			touched := errors.Is(err, errBroken)
			if err != nil && !touched {
				t.Fatalf("%s with a broken %s: %v", name, broken, err)
			}
			after := o.Report(id)
			if touched && (o.traces() != before || after.Status != report.Status || after.Department != report.Department ||
				after.Assignee != nil || after.Clock.AnsweredAt != nil || after.Body != report.Body || !after.UpdatedAt.Equal(report.UpdatedAt)) {
				t.Errorf("%s with a broken %s left something", name, broken)
			}
			if !touched && broken == "audit" {
				t.Errorf("%s writes no audit line", name)
			}
		}
	}
}

var errBroken = errors.New("broken on purpose")

// failing is the real store, one kind of whose writes does happen and then fails the transaction.
type failing struct {
	records.Of
	broken string
}

func (f failing) Change(ctx context.Context, scope civic.Scope, act func(ctx context.Context, tx casework.Tx) error) error {
	return f.Of.Change(ctx, scope, func(ctx context.Context, tx casework.Tx) error { return act(ctx, failingTx{tx, f.broken}) })
}

type failingTx struct {
	casework.Tx
	broken string
}

func (f failingTx) after(what string, err error) error {
	if err == nil && what == f.broken {
		return errBroken
	}
	return err
}

func (f failingTx) SaveReport(ctx context.Context, r *civic.Report) error {
	return f.after("save", f.Tx.SaveReport(ctx, r))
}

func (f failingTx) AddTimeline(ctx context.Context, id civic.UUID, e civic.TimelineEntry) error {
	return f.after("timeline", f.Tx.AddTimeline(ctx, id, e))
}

func (f failingTx) AddComment(ctx context.Context, c civic.Comment, author civic.UUID) error {
	return f.after("comment", f.Tx.AddComment(ctx, c, author))
}

func (f failingTx) AddNote(ctx context.Context, n civic.Note) error {
	return f.after("note", f.Tx.AddNote(ctx, n))
}

func (f failingTx) AddAudit(ctx context.Context, l civic.AuditLine) error {
	return f.after("audit", f.Tx.AddAudit(ctx, l))
}

func (f failingTx) AddEvent(ctx context.Context, e civic.Event) error {
	return f.after("event", f.Tx.AddEvent(ctx, e))
}
