package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Told are notifications and the messages that carry them out of the house.
type Told struct {
	Notifications []civic.Notification
	Messages      []civic.Message
}

// NotifierPlace is up to which place of the stream events have been told.
func (s *Store) NotifierPlace(ctx context.Context) (uint64, error) {
	row, err := db.New(s.own).NotifierDesk(ctx)
	return uint64(row.Place), border(err)
}

// NoteChannels writes down what the notifier can do, for the server to show: whether there is a mail server, and the key of push messages.
func (s *Store) NoteChannels(ctx context.Context, email bool, pushKey string) error {
	return border(db.New(s.own).NoteNotifierChannels(ctx, db.NoteNotifierChannelsParams{Email: email, PushKey: pushKey}))
}

// Tell writes what is told of the events between two places, and that it is: all or nothing, and once. It answers which notifications
// are new; ok is false, and nothing is written, when somebody else has told these events.
func (s *Store) Tell(ctx context.Context, from, to uint64, told Told) (fresh map[civic.NotificationID]bool, ok bool, err error) {
	err = s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		q := db.New(tx)
		place, err := q.LockNotifierDesk(ctx)
		if err != nil || uint64(place) != from {
			ok = false
			return err
		}
		ok = true
		if fresh, err = tell(ctx, q, told, s.now()); err != nil {
			return err
		}
		return q.MoveNotifierDesk(ctx, int64(to))
	})
	return fresh, ok && err == nil, err
}

// TellDigests is Tell for the digests of a day, which are made once.
func (s *Store) TellDigests(ctx context.Context, day time.Time, told Told) (fresh map[civic.NotificationID]bool, err error) {
	err = s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		q := db.New(tx)
		taken, err := q.TakeDigestDay(ctx, day)
		if err != nil || taken == 0 {
			return err
		}
		fresh, err = tell(ctx, q, told, s.now())
		return err
	})
	return fresh, err
}

// DigestDay is the last day whose digests are made; the zero time before the first.
func (s *Store) DigestDay(ctx context.Context) (time.Time, error) {
	row, err := db.New(s.own).NotifierDesk(ctx)
	if err != nil || !row.DigestDay.Valid {
		return time.Time{}, border(err)
	}
	return row.DigestDay.Time, nil
}

// DepartmentMorning is what a department's digest tells.
type DepartmentMorning struct {
	Department     civic.DepartmentID
	Fresh, Overdue int
}

// Mornings are the departments that have something open: how much came since, and how much is late.
func (s *Store) Mornings(ctx context.Context, since time.Time) ([]DepartmentMorning, error) {
	rows, err := db.New(s.own).DigestFigures(ctx, db.DigestFiguresParams{Since: since, Now: s.now()})
	mornings := make([]DepartmentMorning, len(rows))
	for i, row := range rows {
		mornings[i] = DepartmentMorning{civic.DepartmentID{UUID: row.DepartmentID}, int(row.Fresh), int(row.Overdue)}
	}
	return mornings, border(err)
}

type notificationRow struct {
	Position  int                      `json:"position"`
	ID        string                   `json:"id"`
	Account   string                   `json:"account_id"`
	Kind      civic.NotificationKind   `json:"kind"`
	Report    *string                  `json:"report_id"`
	Detail    civic.NotificationDetail `json:"detail"`
	CreatedAt time.Time                `json:"created_at"`
}

type messageRow struct {
	Position      int           `json:"position"`
	ID            string        `json:"id"`
	Account       string        `json:"account_id"`
	Officer       bool          `json:"officer"`
	Channel       civic.Channel `json:"channel"`
	Report        *string       `json:"report_id"`
	Notifications []string      `json:"notifications"`
	DueAt         time.Time     `json:"due_at"`
}

func tell(ctx context.Context, q *db.Queries, told Told, now time.Time) (map[civic.NotificationID]bool, error) {
	fresh := map[civic.NotificationID]bool{}
	if len(told.Notifications) == 0 {
		return fresh, nil
	}
	rows := make([]notificationRow, len(told.Notifications))
	for i, n := range told.Notifications {
		rows[i] = notificationRow{i, n.ID.UUIDString(), n.To.ID.UUIDString(), n.Kind, textOf(n.Report), n.Detail, n.CreatedAt}
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	written, err := q.Tell(ctx, encoded)
	if err != nil {
		return nil, err
	}
	for _, id := range written {
		fresh[civic.NotificationID{UUID: id}] = true
	}
	return fresh, addMessages(ctx, q, told.Messages, fresh, now)
}

// addMessages writes messages about what is new.
func addMessages(ctx context.Context, q *db.Queries, messages []civic.Message, fresh map[civic.NotificationID]bool, now time.Time) error {
	var rows []messageRow
	for i, m := range messages {
		row := messageRow{Position: i, ID: m.ID.UUIDString(), Account: m.To.ID.UUIDString(), Officer: m.To.Officer, Channel: m.Channel,
			Report: textOf(m.Report), DueAt: m.DueAt}
		for _, id := range m.Notifications {
			if fresh[id] {
				row.Notifications = append(row.Notifications, id.UUIDString())
			}
		}
		if len(row.Notifications) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return q.AddMessages(ctx, db.AddMessagesParams{Now: now, Messages: encoded})
}

func textOf(id *civic.ReportID) *string {
	if id == nil {
		return nil
	}
	text := id.UUIDString()
	return &text
}

// ForgetTold deletes notifications that are older than before, up to most, and messages that ended before it. It answers whether there
// may be more.
func (s *Store) ForgetTold(ctx context.Context, notified, sent time.Time, most int) (more bool, err error) {
	q := db.New(s.own)
	n, err := q.ForgetNotifications(ctx, db.ForgetNotificationsParams{Before: notified, Most: int32(most)})
	if err == nil {
		_, err = q.ForgetOldMessages(ctx, &sent)
	}
	return n == int64(most), border(err)
}
