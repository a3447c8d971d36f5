package notifier_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/ingest"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/notifier"
)

// patience bounds every wait of these tests; it is never waited out when the code is right.
const patience = time.Minute

// town is the core database and the stream, with verbs and a relay; the notifier runs where the test says so.
type town struct {
	*coretest.Core
	t     *testing.T
	bus   *events.Bus
	desk  *casework.Desk
	inbox *store.Store // the server's
}

func newTown(t *testing.T) *town {
	t.Helper()
	c := coretest.New(t)
	bus, err := events.Connect(t.Context(), events.Config{URL: natstest.Run(t), Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	server := c.Store(roles.Server)
	run(t, ingest.NewRelay(ingest.Config{}, c.Store(roles.Ingest), bus, nil).Run)
	return &town{c, t, bus, c.Desk(server, casework.Config{}), server}
}

func run(t *testing.T, task func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- task(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the task ended with %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// notify runs a notifier, and may end it.
func (w *town) notify() (stop func()) {
	return run(w.t, notifier.New(notifier.Config{}, w.Store(roles.Notifier), w.bus, func() *civic.City { return w.City }).Run)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// told is what somebody has been told of a report, in order.
func (w *town) told(p civic.Principal, report civic.ReportID) (kinds []civic.NotificationKind) {
	w.t.Helper()
	account, _ := p.Account()
	found := must[[]*civic.Notification](w.t)(w.inbox.InboxAfter(w.t.Context(), account, 0, 1000))
	for _, n := range found {
		if n.Report != nil && *n.Report == report {
			kinds = append(kinds, n.Kind)
		}
	}
	return kinds
}

// caughtUp waits until everything that has happened is told.
func (w *town) caughtUp() {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		if w.Count("SELECT count(*) FROM outbox") == 0 {
			info, err := w.bus.JetStream().Stream(w.t.Context(), events.StreamEvents)
			if err != nil {
				w.t.Fatal(err)
			}
			last := info.CachedInfo().State.LastSeq
			if w.Count("SELECT count(*) FROM notifier_desk WHERE place >= $1", int64((last+1)<<10-1)) == 1 {
				return
			}
		}
		if time.Now().After(deadline) {
			w.t.Fatal("the notifier does not catch up")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func equal(t *testing.T, who string, got []civic.NotificationKind, want ...civic.NotificationKind) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s was told %v, want %v", who, got, want)
	}
}

// A report's whole life: each of its people is told what concerns them, in order, and nobody of their own acts.
func TestEachIsToldWhatConcernsThem(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	ctx := t.Context()
	var minutes atomic.Int64
	w.SetClock(func() time.Time { return coretest.Monday.Add(time.Duration(minutes.Add(1)) * time.Minute) })
	w.notify()
	budi, siti, rina, officer := coretest.Citizen("budi"), coretest.Citizen("siti"), coretest.Citizen("rina"), w.Officer("jalan")
	report := w.File()
	must[*civic.Report](t)(w.desk.Follow(ctx, siti, report.ID, true))
	must[*civic.Report](t)(w.desk.Assign(ctx, officer, report.ID, officer.Officer))
	must[*civic.Report](t)(w.desk.ChangeStatus(ctx, officer, report.ID, civic.InProgress, "Kami periksa."))
	must[*civic.Comment](t)(w.desk.Comment(ctx, siti, report.ID, "Saya juga lewat sana."))
	must[*civic.Comment](t)(w.desk.Comment(ctx, officer, report.ID, "Terima kasih."))
	must[*civic.Comment](t)(w.desk.Comment(ctx, budi, report.ID, "Sama-sama."))
	w.caughtUp()
	equal(t, "the reporter", w.told(budi, report.ID), civic.NotifyStatus, civic.NotifyComment, civic.NotifyComment)
	equal(t, "the follower", w.told(siti, report.ID), civic.NotifyStatus, civic.NotifyComment, civic.NotifyComment)
	equal(t, "a stranger", w.told(rina, report.ID))
	// The officer gave the report to herself: only what the citizens say is news.
	got := w.told(officer, report.ID)
	got = slices.DeleteFunc(got, func(k civic.NotificationKind) bool { return k == civic.NotifyNew }) // where she answers for her department
	equal(t, "the officer", got, civic.NotifyComment, civic.NotifyComment)
}

// What became private or was hidden is not told to those who followed it while it was public; its reporter hears on.
func TestWhoMayNotSeeItIsNotTold(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	budi, siti, officer := coretest.Citizen("budi"), coretest.Citizen("siti"), w.Officer("jalan")
	report := w.File()
	must[*civic.Report](t)(w.desk.Follow(t.Context(), siti, report.ID, true))
	must[*civic.Report](t)(w.desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""))
	must[*civic.Report](t)(w.desk.Hide(t.Context(), officer, report.ID, true, "Memuat nama orang."))
	w.notify() // it was away when the report was still to be seen
	w.caughtUp()
	equal(t, "the reporter", w.told(budi, report.ID), civic.NotifyStatus)
	equal(t, "the follower", w.told(siti, report.ID))
}

// Of an anonymous report its department hears, and nothing is kept of who wrote it.
func TestAnAnonymousReporterIsNobody(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.notify()
	officer := w.Officer("jalan")
	report := w.File(coretest.Visibility(civic.Anonymous))
	must[*civic.Report](t)(w.desk.Assign(t.Context(), officer, report.ID, officer.Officer))
	must[*civic.Report](t)(w.desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""))
	must[*civic.Report](t)(w.desk.ReplyAsAnonymous(t.Context(), coretest.ReceiptOf(report.ID), "Masih berlubang."))
	w.caughtUp()
	if !slices.Contains(w.told(officer, report.ID), civic.NotifyComment) {
		t.Errorf("the officer was told %v", w.told(officer, report.ID))
	}
	staff := w.Count("SELECT count(*) FROM notifications AS n JOIN officers AS o ON o.id = n.account_id WHERE n.report_id = $1", report.ID.Bytes())
	if all := w.Count("SELECT count(*) FROM notifications WHERE report_id = $1", report.ID.Bytes()); all != staff || all == 0 {
		t.Errorf("%d notifications, of which %d are the department's", all, staff)
	}
}

// A circle hears of what is new in it, public and of its categories, and nobody of the own report.
func TestAnAreaHearsOfWhatIsNewInIt(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.notify()
	budi, siti, rina, tono := coretest.Citizen("budi"), coretest.Citizen("siti"), coretest.Citizen("rina"), coretest.Citizen("tono")
	here := civic.Place{Latitude: -6.9, Longitude: 107.6}
	for _, alert := range []civic.AreaAlert{
		{Citizen: siti.Citizen, Place: here, Radius: 500},
		{Citizen: rina.Citizen, Place: civic.Place{Latitude: -6.91, Longitude: 107.6}, Radius: 500}, // 1.1 km away
		{Citizen: tono.Citizen, Place: here, Radius: 500, Categories: []civic.CategoryID{w.File(w.Of("banjir")).Category}},
		{Citizen: budi.Citizen, Place: here, Radius: 500},
	} {
		alert.ID, alert.CreatedAt = civic.AreaAlertID{UUID: civic.NamedUUID(alert.Citizen.String())}, coretest.Monday
		if err := w.inbox.SaveAlert(t.Context(), alert); err != nil {
			t.Fatal(err)
		}
	}
	at := func(s *civic.Submission) {
		s.Place = must[*civic.Place](t)(w.City.CheckPlace("location", civic.Place{Latitude: -6.901, Longitude: 107.601}))
	}
	public, private := w.File(at), w.File(at, coretest.Visibility(civic.Private))
	w.caughtUp()
	equal(t, "who lives there", w.told(siti, public.ID), civic.NotifyArea)
	equal(t, "who lives there, of a private one", w.told(siti, private.ID))
	equal(t, "who lives elsewhere", w.told(rina, public.ID))
	equal(t, "who waits for floods", w.told(tono, public.ID))
	equal(t, "who filed it", w.told(budi, public.ID))
}

// The reporter of what was merged hears how it goes on, as news of the own report.
func TestWhatWasMergedIsToldOn(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.notify()
	siti, officer := coretest.Citizen("siti"), w.Officer("jalan")
	first, second := w.File(), w.File(coretest.By(siti))
	must[*civic.Report](t)(w.desk.Merge(t.Context(), officer, first.ID, []civic.ReportID{second.ID}))
	must[*civic.Report](t)(w.desk.ChangeStatus(t.Context(), officer, first.ID, civic.InProgress, ""))
	w.caughtUp()
	equal(t, "the second reporter", w.told(siti, second.ID), civic.NotifyMerged, civic.NotifyStatus)
}

// Many events while the notifier is away, with a kill in between and two notifiers at once afterwards: each is told once, in order per report.
func TestAwayAndBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const reports, steps = 100, 100
	var filed []civic.ReportID
	var waiting []events.Outgoing
	for range reports {
		filed = append(filed, w.File().ID)
	}
	for step := range steps {
		for i, id := range filed {
			event := civic.EventOf(civic.EventStatusChanged, w.Report(id), coretest.Monday.Add(time.Duration(step)*time.Second))
			event.Level = step // tells them apart
			waiting = append(waiting, events.Outgoing{ID: fmt.Sprintf("step-%d-%d", step, i), Event: must[[]byte](t)(json.Marshal(event))})
		}
	}
	if err := events.NewPublisher(w.bus).Publish(t.Context(), waiting); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	w.notify()() // killed at once, wherever it is
	w.notify()
	w.notify()
	w.caughtUp()
	figures.Tell(t, "notifier: %d events that it was away for are told in %s", len(waiting), time.Since(began).Round(time.Millisecond))
	if n := w.Count("SELECT count(*) FROM notifications WHERE kind = 'STATUS_CHANGED'"); n != reports*steps {
		t.Errorf("%d notifications of %d events", n, reports*steps)
	}
	outOfOrder := w.Count(`SELECT count(*) FROM (SELECT created_at < lag(created_at) OVER (PARTITION BY report_id ORDER BY place) AS before
		FROM notifications WHERE kind = 'STATUS_CHANGED') AS told WHERE before`)
	if outOfOrder != 0 {
		t.Errorf("%d notifications come before an earlier one", outOfOrder)
	}
}
