// Package notifier tells people what happened: whoever has to do with a report finds it in the inbox within a second, and gets it by e-mail or
// as a push message where they asked for that. It lives until its context ends; any number may run side by side, one of which tells.
//
// How far it has come in the stream of events is written in the transaction that writes what is told. So each event is told once and in the
// stream's order, whoever is killed when and however long it was away; and nothing waits for it: events stay in the stream until it is back.
package notifier

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/notifier/audience"
)

const (
	maxBatch   = 512 // events told in one transaction
	retryDelay = time.Second
	// standby is how long a notifier rests after another one told the events that it had read.
	standby       = 2 * time.Second
	defaultWindow = time.Minute
	// stale is how old an event may be to go out of the house: who was away for days is not sent what is over.
	stale = 24 * time.Hour
)

// Config is what a Notifier may be told; zero values are the defaults.
type Config struct {
	Window  time.Duration         // how long a message waits for more about the same report: a minute
	Now     func() time.Time      // time.Now
	Log     *slog.Logger          // slog.Default
	Metrics prometheus.Registerer // nil: none
}

// Records keeps what is told.
type Records interface {
	NotifierPlace(ctx context.Context) (uint64, error)
	Circles(ctx context.Context, reports []civic.ReportID, spoken []store.Moment, created []civic.ReportID) (*store.Circles, error)
	PreferencesOf(ctx context.Context, accounts []civic.UUID) (map[civic.UUID]civic.Preferences, error)
	Tell(ctx context.Context, from, to uint64, told store.Told) (fresh map[civic.NotificationID]bool, ok bool, err error)
}

// Notifier tells.
type Notifier struct {
	cfg     Config
	records Records
	bus     *events.Bus
	city    func() *civic.City
	metrics *metrics
}

// New makes a notifier.
func New(cfg Config, records Records, bus *events.Bus, city func() *civic.City) *Notifier {
	if cfg.Window == 0 {
		cfg.Window = defaultWindow
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Notifier{cfg: cfg, records: records, bus: bus, city: city, metrics: newMetrics(cfg.Metrics)}
}

// InboxName is the name by which the screens of an account are woken when it has been told something.
func InboxName(account civic.UUID) string { return "inbox." + account.UUIDString() }

// Run tells until ctx ends.
func (n *Notifier) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		rest, err := n.follow(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			n.cfg.Log.Warn("notifications wait", "error", err)
			rest = retryDelay
		}
		pause(ctx, rest)
	}
	return nil
}

// follow tells events from where telling ended, until something breaks or somebody else tells them.
func (n *Notifier) follow(ctx context.Context) (rest time.Duration, err error) {
	place, err := n.records.NotifierPlace(ctx)
	if err != nil {
		return 0, err
	}
	follower := n.bus.Follow(place)
	defer follower.Close()
	for {
		happened, to, err := follower.Next(ctx, maxBatch)
		if err != nil {
			return 0, err
		}
		n.metrics.behind.Set(float64(follower.Behind()))
		ok, err := n.tell(ctx, place, to, happened)
		if err != nil {
			return 0, err
		}
		if !ok {
			return standby, nil
		}
		place = to
	}
}

// tell writes what people are told of events, and wakes their screens.
func (n *Notifier) tell(ctx context.Context, from, to uint64, happened []events.Happened) (ok bool, err error) {
	notifications, err := n.notifications(ctx, happened)
	if err != nil {
		return false, err
	}
	told := store.Told{Notifications: notifications}
	if told.Messages, err = n.messages(ctx, notifications); err != nil {
		return false, err
	}
	fresh, ok, err := n.records.Tell(ctx, from, to, told)
	if err != nil || !ok {
		return false, err
	}
	n.metrics.events.Add(float64(len(happened)))
	n.wake(notifications, fresh)
	return true, nil
}

func (n *Notifier) wake(notifications []civic.Notification, fresh map[civic.NotificationID]bool) {
	woken := map[civic.UUID]bool{}
	for _, told := range notifications {
		if !fresh[told.ID] {
			continue
		}
		n.metrics.told.WithLabelValues(string(told.Kind)).Inc()
		if !woken[told.To.ID] {
			woken[told.To.ID] = true
			n.bus.Poke(InboxName(told.To.ID))
		}
	}
}

// notifications are what the events tell to whom, in their order.
func (n *Notifier) notifications(ctx context.Context, happened []events.Happened) ([]civic.Notification, error) {
	var reports, created []civic.ReportID
	var spoken []store.Moment
	seen := map[civic.ReportID]bool{}
	for _, h := range happened {
		if h.Event.Kind == civic.EventUpvoted {
			continue // support is counted, not told
		}
		if id := h.Event.Report; !seen[id] {
			seen[id] = true
			reports = append(reports, id)
		}
		switch h.Event.Kind {
		case civic.EventCreated:
			created = append(created, h.Event.Report)
		case civic.EventCommented:
			spoken = append(spoken, store.Moment{Report: h.Event.Report, At: h.Event.At.UTC()})
		}
	}
	if len(reports) == 0 {
		return nil, nil
	}
	circles, err := n.records.Circles(ctx, reports, spoken, created)
	if err != nil {
		return nil, err
	}
	city := n.city()
	var told []civic.Notification
	for _, h := range happened {
		report := circles.Reports[h.Event.Report]
		if report == nil {
			continue // it is gone
		}
		told = append(told, audience.Of(city, h.ID, h.Event, circleOf(circles, report, h.Event))...)
	}
	return audience.Gather(told), nil
}

func circleOf(circles *store.Circles, report *civic.Report, event *civic.Event) audience.Circle {
	circle := audience.Circle{
		Report: report, Followers: circles.Followers[report.ID], Alerts: circles.Alerts[report.ID],
		Speakers: circles.Speakers[store.Moment{Report: report.ID, At: event.At.UTC()}],
	}
	for merged, reporter := range circles.Merged[report.ID] {
		circle.Merged = append(circle.Merged, audience.Merged{Report: merged, Reporter: reporter})
	}
	return circle
}

// messages are what goes out of the house for notifications.
func (n *Notifier) messages(ctx context.Context, told []civic.Notification) ([]civic.Message, error) {
	preferences, err := n.records.PreferencesOf(ctx, accountsOf(told))
	if err != nil {
		return nil, err
	}
	return audience.Messages(told, preferences, audience.Terms{
		Now: n.cfg.Now(), Zone: n.city().Calendar.Zone, Window: n.cfg.Window, Stale: stale,
	}), nil
}

func accountsOf(told []civic.Notification) []civic.UUID {
	var accounts []civic.UUID
	seen := map[civic.UUID]bool{}
	for _, n := range told {
		if !seen[n.To.ID] {
			seen[n.To.ID] = true
			accounts = append(accounts, n.To.ID)
		}
	}
	return accounts
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
