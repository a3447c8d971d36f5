package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// mostUnread is how far unread notifications are counted.
const mostUnread = 1000

// Inbox is a page of an account's notifications, newest first, and how many of all are unread.
func (s *Store) Inbox(ctx context.Context, account civic.Account, unread bool, page civic.PageRequest) (found civic.Page[*civic.Notification], unreadCount int, err error) {
	before, err := parsePlaceCursor(page.After)
	if err != nil {
		return found, 0, err
	}
	err = s.read(ctx, inboxOf(account), func(tx db.DBTX) error {
		q := db.New(tx)
		rows, err := q.ListNotifications(ctx, db.ListNotificationsParams{
			AccountID: account.ID, Before: before, Unread: unread, Most: int32(page.First + 1),
		})
		if err != nil {
			return err
		}
		for _, row := range rows[:min(len(rows), page.First)] {
			n, err := notificationOf(row, account)
			if err != nil {
				return err
			}
			found.Items, found.Cursors = append(found.Items, n), append(found.Cursors, placeCursor(row.Place, row.ID))
		}
		found.HasNext, found.HasPrev = len(rows) > page.First, page.After != ""
		count, err := q.CountUnread(ctx, db.CountUnreadParams{AccountID: account.ID, Most: mostUnread})
		unreadCount = int(count)
		return err
	})
	return found, unreadCount, err
}

// InboxAfter lists what an account was told after a place, oldest first.
func (s *Store) InboxAfter(ctx context.Context, account civic.Account, place int64, most int) (found []*civic.Notification, err error) {
	err = s.read(ctx, inboxOf(account), func(tx db.DBTX) error {
		rows, err := db.New(tx).ListNotificationsAfter(ctx, db.ListNotificationsAfterParams{AccountID: account.ID, After: place, Most: int32(most)})
		if err != nil {
			return err
		}
		found, err = notificationsOf(rows, account)
		return err
	})
	return found, err
}

// InboxEnd is the place of the last notification of an account.
func (s *Store) InboxEnd(ctx context.Context, account civic.Account) (place int64, err error) {
	err = s.read(ctx, inboxOf(account), func(tx db.DBTX) error {
		place, err = db.New(tx).LastNotification(ctx, account.ID)
		return err
	})
	return place, err
}

// OneNotification finds one of the account's; NOT_FOUND otherwise.
func (s *Store) OneNotification(ctx context.Context, account civic.Account, id civic.NotificationID) (found *civic.Notification, err error) {
	err = s.read(ctx, inboxOf(account), func(tx db.DBTX) error {
		rows, err := db.New(tx).FindNotification(ctx, id.UUID)
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].AccountID != account.ID {
			return civic.NotFound("notification.not_found")
		}
		found, err = notificationOf(rows[0], account)
		return err
	})
	return found, err
}

// MarkRead marks what the account was told up to a place, and answers how much of it was unread.
func (s *Store) MarkRead(ctx context.Context, account civic.Account, place int64, at time.Time) (marked int, err error) {
	err = s.write(ctx, inboxOf(account), func(tx pgx.Tx) error {
		rows, err := db.New(tx).MarkRead(ctx, db.MarkReadParams{AccountID: account.ID, Place: place, At: &at})
		marked = int(rows)
		return err
	})
	return marked, err
}

// NotifierChannels is what the notifier said that it can do.
func (s *Store) NotifierChannels(ctx context.Context) (email bool, pushKey string, err error) {
	row, err := db.New(s.own).NotifierDesk(ctx)
	return row.Email, row.PushKey, border(err)
}

// EndEmail ends e-mail for whoever the secret of a link belongs to; false where it is nobody's.
func (s *Store) EndEmail(ctx context.Context, secret []byte) (ended bool, err error) {
	err = s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "-- name: AsUnsubscribing\nSELECT set_config('app.unsubscribe', $1, true)", hex.EncodeToString(secret)); err != nil {
			return err
		}
		rows, err := db.New(tx).EndEmail(ctx, secret)
		ended = rows > 0
		return err
	})
	return ended, err
}

func inboxOf(account civic.Account) civic.Scope { return civic.Scope{Account: &account.ID} }

func notificationsOf(rows []db.Notification, account civic.Account) ([]*civic.Notification, error) {
	found := make([]*civic.Notification, len(rows))
	for i, row := range rows {
		var err error
		if found[i], err = notificationOf(row, account); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func notificationOf(row db.Notification, to civic.Account) (*civic.Notification, error) {
	n := &civic.Notification{
		ID: civic.NotificationID{UUID: row.ID}, Place: row.Place, To: to, Kind: civic.NotificationKind(row.Kind), CreatedAt: row.CreatedAt, ReadAt: row.ReadAt,
	}
	if row.ReportID != nil {
		n.Report = &civic.ReportID{UUID: *row.ReportID}
	}
	return n, json.Unmarshal(row.Detail, &n.Detail)
}

func placeCursor(place int64, id civic.UUID) string { return encodeCursor(orderByPlace, place, id) }

// parsePlaceCursor reads a place to go back from; "" is behind everything.
func parsePlaceCursor(cursor string) (int64, error) {
	if cursor == "" {
		return math.MaxInt64, nil
	}
	_, place, _, err := decodeCursor(cursor, orderByPlace)
	return place, err
}
