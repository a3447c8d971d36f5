package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// talk is an office where an anonymous report lies, and a clock that the test moves.
type talk struct {
	office
	now     time.Time
	report  civic.ReportID
	receipt []byte
	officer civic.Principal
}

func newTalk(t *testing.T) *talk {
	k := &talk{office: newOffice(t), now: coretest.Monday}
	k.SetClock(func() time.Time { return k.now })
	k.report = k.File(coretest.Visibility(civic.Anonymous)).ID
	k.receipt, k.officer = coretest.ReceiptOf(k.report), k.Officer("jalan")
	return k
}

// said is the conversation as its reporter reads it: who speaks, what, and how long after Monday nine o'clock.
func (k *talk) said(t *testing.T) (said []string) {
	t.Helper()
	all, err := k.rows.Comments(t.Context(), civic.Scope{Receipt: k.receipt}, []civic.ReportID{k.report}, civic.PageRequest{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all[k.report].Items {
		said = append(said, string(c.Kind)+" "+c.Body+" "+c.CreatedAt.Sub(coretest.Monday).String())
	}
	return said
}

func (k *talk) moves(t *testing.T, steps ...civic.Status) {
	t.Helper()
	for _, to := range steps {
		k.now = k.now.Add(time.Second)
		done[*civic.Report](t)(k.desk.ChangeStatus(t.Context(), k.officer, k.report, to, ""))
	}
}

// A receipt is right enough to talk with the department. What is kept of the reporter's words is the hour, a random id and no name;
// where question and answer fall into one hour they keep their order.
func TestReplyAsAnonymous(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	reply := func(after time.Duration, body string) {
		t.Helper()
		k.now = coretest.Monday.Add(after)
		done[*civic.Report](t)(k.desk.ReplyAsAnonymous(t.Context(), k.receipt, body))
	}
	ask := func(after time.Duration, body string) {
		t.Helper()
		k.now = coretest.Monday.Add(after)
		done[*civic.Comment](t)(k.desk.Comment(t.Context(), k.officer, k.report, body))
	}
	reply(10*time.Minute, "a")
	reply(20*time.Minute, "b")
	ask(30*time.Minute, "c")
	reply(59*time.Minute, "d")
	ask(90*time.Minute, "e")
	reply(150*time.Minute, " f ")
	want := []string{
		"REPORTER a 1µs", "REPORTER b 2µs", "DEPARTMENT c 30m0s", "REPORTER d 30m0.000001s", "DEPARTMENT e 1h30m0s", "REPORTER f 2h0m0s",
	}
	if got := k.said(t); !slices.Equal(got, want) {
		t.Errorf("said: %q", got)
	}
	if got := k.history(t, k.report); got != "SUBMITTED COMMENTED COMMENTED COMMENTED COMMENTED COMMENTED COMMENTED" {
		t.Errorf("history: %s", got)
	}
	for what, n := range map[string]int{
		"comments with an author": k.Count("SELECT count(*) FROM comments WHERE author_kind = 'REPORTER' AND (author_id IS NOT NULL OR department_id IS NOT NULL)"),
		"ids that tell a time": k.Count(`SELECT count(*) FROM (SELECT id FROM comments WHERE author_kind = 'REPORTER'
			UNION ALL SELECT id FROM timeline WHERE department_id IS NULL UNION ALL SELECT id FROM audit WHERE actor = 'reporter') AS ids WHERE substr(id::text, 15, 1) <> '4'`),
		"audit lines by the minute": k.Count("SELECT count(*) FROM audit WHERE actor = 'reporter' AND at NOT IN (SELECT at FROM timeline)"),
		"events by the minute":      k.Count("SELECT count(*) FROM outbox WHERE (event->>'at')::timestamptz NOT IN (SELECT at FROM timeline)"),
	} {
		if n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	if n := k.Count("SELECT count(*) FROM audit WHERE actor = 'reporter' AND action = 'reply' AND report_id = $1", k.report.UUID); n != 4 {
		t.Errorf("%d audit lines of replies", n)
	}
	if n := k.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'COMMENTED'"); n != 6 {
		t.Errorf("%d events", n)
	}
}

// The reporter's word is what AWAITING_REPORTER waits for: work goes on, and the clock with it, from the next full hour.
func TestAReplyEndsTheWaiting(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	due := k.Report(k.report).Clock.ResolutionDue
	k.moves(t, civic.Verified, civic.AwaitingReporter)
	if k.Report(k.report).Clock.StoppedAt == nil {
		t.Fatal("the clock goes on while the reporter is asked")
	}
	k.now = coretest.Monday.Add(100 * time.Minute)
	changed := done[*civic.Report](t)(k.desk.ReplyAsAnonymous(t.Context(), k.receipt, "di sebelah pasar"))
	stored := k.Report(k.report)
	switch {
	case changed.Status != civic.InProgress || stored.Status != civic.InProgress:
		t.Errorf("answered %s, stored %s", changed.Status, stored.Status)
	case stored.Clock.StoppedAt != nil || !stored.Clock.ResolutionDue.Equal(due.Add(2*time.Hour-2*time.Second)):
		t.Errorf("the clock: %+v, was due %v", stored.Clock, due)
	case !stored.UpdatedAt.Equal(coretest.Monday.Add(time.Hour + time.Microsecond)):
		t.Errorf("updated at %v", stored.UpdatedAt)
	}
	if got := k.history(t, k.report); got != "SUBMITTED STATUS_CHANGED STATUS_CHANGED COMMENTED STATUS_CHANGED" {
		t.Errorf("history: %s", got)
	}

	// So it is for a reporter who is signed in; another citizen's remark is not what was asked for.
	public := k.File(coretest.Visibility(civic.Public)).ID
	for _, to := range []civic.Status{civic.Verified, civic.AwaitingReporter} {
		done[*civic.Report](t)(k.desk.ChangeStatus(t.Context(), k.officer, public, to, ""))
	}
	done[*civic.Comment](t)(k.desk.Comment(t.Context(), coretest.Citizen("siti"), public, "saya juga melihatnya"))
	if got := k.Report(public).Status; got != civic.AwaitingReporter {
		t.Errorf("after a stranger's remark it is %s", got)
	}
	done[*civic.Comment](t)(k.desk.Comment(t.Context(), coretest.Citizen("budi"), public, "di sebelah pasar"))
	if got := k.Report(public); got.Status != civic.InProgress || got.Clock.StoppedAt != nil {
		t.Errorf("after the reporter's it is %s, %+v", got.Status, got.Clock)
	}
}

// answers is the two ways to take a department's word that a report is done, and not to.
type answers map[string]func(satisfied bool, reason string) (*civic.Report, error)

func (k *talk) answers(ctx context.Context, mine civic.ReportID) answers {
	budi := coretest.Citizen("budi")
	return answers{
		"by receipt": func(satisfied bool, reason string) (*civic.Report, error) {
			return k.desk.AnswerResolutionAsAnonymous(ctx, k.receipt, satisfied, reason)
		},
		"signed in": func(satisfied bool, reason string) (*civic.Report, error) {
			if satisfied {
				return k.desk.ConfirmResolution(ctx, budi, mine)
			}
			return k.desk.Reopen(ctx, budi, mine, reason)
		},
	}
}

func TestAnswerAResolution(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	anonymous, private := k.report, k.File(coretest.Visibility(civic.Private)).ID
	for name, answer := range k.answers(t.Context(), private) {
		k.report, k.now = anonymous, coretest.Monday.Add(time.Hour+10*time.Minute)
		if name == "signed in" {
			k.report = private
		}
		allowed := map[civic.Status][]string{civic.Received: {"WITHDRAWN"}, civic.AwaitingReporter: {"IN_PROGRESS", "WITHDRAWN"}}
		for _, status := range []civic.Status{civic.Received, civic.AwaitingReporter} {
			if status != civic.Received {
				k.moves(t, civic.Verified, status)
			}
			for _, satisfied := range []bool{true, false} {
				_, err := answer(satisfied, "belum selesai")
				refused(t, name+": an answer to what is "+string(status), err, civic.CodeConflict, "")
				var conflict *civic.Error
				if errors.As(err, &conflict); !slices.Equal(conflict.Allowed, allowed[status]) {
					t.Errorf("%s: allowed: %v", name, conflict.Allowed)
				}
			}
		}
		k.moves(t, civic.Resolved)
		for _, reason := range []string{"", " ", "\u200b"} {
			_, err := answer(false, reason)
			refused(t, name+": no reason", err, civic.CodeInvalidInput, "reason")
		}
		k.now = coretest.Monday.Add(150 * time.Minute)
		reopened := done[*civic.Report](t)(answer(false, "masih berlubang"))
		if stored := k.Report(k.report); reopened.Status != civic.InProgress || stored.Status != civic.InProgress || stored.ResolvedAt != nil {
			t.Errorf("%s: reopened: answered %s, stored %s, resolved %v", name, reopened.Status, stored.Status, stored.ResolvedAt)
		}
		if n := k.Count("SELECT count(*) FROM timeline WHERE report_id = $1 AND kind = 'REOPENED' AND message = 'masih berlubang'", k.report.UUID); n != 1 {
			t.Errorf("%s: the reason is told %d times", name, n)
		}
		k.now = coretest.Monday.Add(160 * time.Minute)
		k.moves(t, civic.Resolved)
		k.now = coretest.Monday.Add(250 * time.Minute)
		closed := done[*civic.Report](t)(answer(true, ""))
		if stored := k.Report(k.report); closed.Status != civic.Closed || stored.Status != civic.Closed || stored.ClosedAt == nil || stored.ResolvedAt == nil {
			t.Errorf("%s: confirmed: answered %s, stored %s", name, closed.Status, stored.Status)
		}
		if got := k.history(t, k.report); got != "SUBMITTED STATUS_CHANGED STATUS_CHANGED RESOLVED REOPENED RESOLVED CONFIRMED" {
			t.Errorf("%s: history: %s", name, got)
		}
		_, err := answer(true, "")
		refused(t, name+": once more", err, civic.CodeConflict, "")
	}
	// The anonymous one shows the hour alone.
	stored := k.Report(anonymous)
	if hour := coretest.Monday.Add(4 * time.Hour); !stored.UpdatedAt.Equal(hour) || !stored.ClosedAt.Equal(hour) {
		t.Errorf("closed at %v, updated at %v", stored.ClosedAt, stored.UpdatedAt)
	}
	for _, kind := range []string{"REOPENED", "STATUS_CHANGED"} {
		if n := k.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = $1 AND event->>'previousStatus' = 'RESOLVED'", kind); n != 2 {
			t.Errorf("%d events %s", n, kind)
		}
	}
	if n := k.Count("SELECT count(*) FROM audit WHERE actor = 'reporter' AND action IN ('reopen', 'confirm_resolution')"); n != 2 {
		t.Errorf("%d audit lines by receipt", n)
	}
}

// A receipt opens its own report and no other; without the right one nothing is there, whichever wall is asked.
func TestAReceiptIsForItsOwnReport(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	other := k.File(coretest.Visibility(civic.Anonymous))
	before := k.traces()
	for _, role := range []string{roles.Server, coretest.Unwalled} {
		desk := k.Desk(k.Store(role), casework.Config{})
		for _, receipt := range [][]byte{nil, {}, []byte("receipt"), []byte("%"), append(slices.Clone(k.receipt), 0)} {
			_, err := desk.ReplyAsAnonymous(t.Context(), receipt, "halo")
			refused(t, "a reply as "+role, err, civic.CodeNotFound, "")
			_, err = desk.AnswerResolutionAsAnonymous(t.Context(), receipt, true, "")
			refused(t, "an answer as "+role, err, civic.CodeNotFound, "")
		}
	}
	for _, p := range []civic.Principal{{}, coretest.Citizen("siti"), coretest.Citizen("budi"), k.officer} {
		_, err := k.desk.ConfirmResolution(t.Context(), p, other.ID)
		refused(t, "confirming without a receipt", err, civic.CodeNotFound, "")
		_, err = k.desk.Reopen(t.Context(), p, other.ID, "belum")
		refused(t, "reopening without a receipt", err, civic.CodeNotFound, "")
	}
	for _, body := range []string{"", " \n", "a\x00b", string(make([]rune, civic.MaxComment+1))} {
		_, err := k.desk.ReplyAsAnonymous(t.Context(), k.receipt, body)
		refused(t, "a body", err, civic.CodeInvalidInput, "body")
	}
	if after := k.traces(); after != before {
		t.Errorf("what was refused left %+v, before %+v", after, before)
	}
}
