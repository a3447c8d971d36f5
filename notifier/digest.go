package notifier

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/notifier/audience"
)

const digestLook = 30 * time.Second

// Mornings keeps what digests are made of.
type Mornings interface {
	DigestDay(ctx context.Context) (time.Time, error)
	Mornings(ctx context.Context, since time.Time) ([]store.DepartmentMorning, error)
	PreferencesOf(ctx context.Context, accounts []civic.UUID) (map[civic.UUID]civic.Preferences, error)
	TellDigests(ctx context.Context, day time.Time, told store.Told) (map[civic.NotificationID]bool, error)
}

// Digest tells who answers for a department, at the start of each working day, how much came in and how much is late. Any number may run side
// by side: a day's digests are made once. Who does not want it says so in the preferences.
type Digest struct {
	cfg     Config
	records Mornings
	bus     *events.Bus
	city    func() *civic.City
}

// NewDigest makes one; of cfg it takes the clock and the log.
func NewDigest(cfg Config, records Mornings, bus *events.Bus, city func() *civic.City) *Digest {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Digest{cfg, records, bus, city}
}

// Run makes digests until ctx ends.
func (d *Digest) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := d.Look(ctx); err != nil && ctx.Err() == nil {
			d.cfg.Log.Warn("the digests wait", "error", err)
		}
		pause(ctx, digestLook)
	}
	return nil
}

// Look makes the digests of today if they are due and nobody has made them.
func (d *Digest) Look(ctx context.Context) error {
	city := d.city()
	now := d.cfg.Now().In(city.Calendar.Zone)
	if !city.Calendar.Working(now) {
		return nil
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	last, err := d.records.DigestDay(ctx)
	if err != nil || !last.Before(today) {
		return err
	}
	since := now.Add(-24 * time.Hour)
	if !last.IsZero() { // over a weekend it is more than a day; after a long absence a week is enough
		began := time.Date(last.Year(), last.Month(), last.Day(), 0, 0, 0, 0, city.Calendar.Zone).Add(city.Calendar.Start)
		since = began
		if week := now.Add(-7 * 24 * time.Hour); since.Before(week) {
			since = week
		}
	}
	mornings, err := d.records.Mornings(ctx, since)
	if err != nil {
		return err
	}
	told, err := d.told(ctx, city, today, mornings)
	if err != nil {
		return err
	}
	fresh, err := d.records.TellDigests(ctx, today, told)
	for _, n := range told.Notifications {
		if fresh[n.ID] {
			d.bus.Poke(InboxName(n.To.ID))
		}
	}
	return err
}

func (d *Digest) told(ctx context.Context, city *civic.City, day time.Time, mornings []store.DepartmentMorning) (told store.Told, err error) {
	var all []civic.Notification
	for _, morning := range mornings {
		for _, officer := range city.Answering(morning.Department) {
			to, department := civic.OfficerAccount(officer.ID), morning.Department
			name := strings.Join([]string{"digest", day.Format(time.DateOnly), department.String()}, " ")
			all = append(all, civic.Notification{
				ID: civic.NotificationName(name, to), To: to, Kind: civic.NotifyNew, CreatedAt: d.cfg.Now().UTC().Truncate(time.Microsecond),
				Detail: civic.NotificationDetail{Digest: true, Department: &department, Count: morning.Fresh, Overdue: morning.Overdue},
			})
		}
	}
	preferences, err := d.records.PreferencesOf(ctx, accountsOf(all))
	if err != nil {
		return told, err
	}
	for _, n := range all {
		if wishes, said := preferences[n.To.ID]; !said || wishes.Digest {
			told.Notifications = append(told.Notifications, n)
		}
	}
	told.Messages = audience.Messages(told.Notifications, preferences, audience.Terms{
		Now: d.cfg.Now(), Zone: city.Calendar.Zone, Stale: stale,
	})
	return told, nil
}
