package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Outbound is a message that was taken to be sent, and the browsers that have had it.
type Outbound struct {
	civic.Message
	Done []civic.UUID
}

// TakeMessages takes up to most messages of those channels that are due, for as long as the lease: who does not say in that time what
// became of one leaves it to others.
func (s *Store) TakeMessages(ctx context.Context, channels []civic.Channel, lease time.Duration, most int) (taken []Outbound, err error) {
	names := make([]string, len(channels))
	for i, channel := range channels {
		names[i] = string(channel)
	}
	now := s.now()
	err = s.statement(ctx, func(tx db.DBTX) error {
		rows, err := db.New(tx).TakeMessages(ctx, db.TakeMessagesParams{Now: now, Lease: now.Add(lease), Channels: names, Most: int32(most)})
		taken = make([]Outbound, len(rows))
		for i, row := range rows {
			taken[i] = Outbound{messageOf(row), row.Done}
		}
		return err
	})
	return taken, err
}

// Carried are the notifications that a message carries, in the order in which they were told.
func (s *Store) Carried(ctx context.Context, m civic.Message) ([]*civic.Notification, error) {
	rows, err := db.New(s.own).MessageNotifications(ctx, uuids(m.Notifications))
	if err != nil {
		return nil, border(err)
	}
	return notificationsOf(rows, m.To)
}

// EndMessage writes what became of a message.
func (s *Store) EndMessage(ctx context.Context, id civic.MessageID, state civic.MessageState, reason string) error {
	now := s.now()
	return border(db.New(s.own).EndMessage(ctx, db.EndMessageParams{ID: id.UUID, State: string(state), Error: reason, At: &now}))
}

// RetryMessage puts a message back until then; done are the browsers that have it.
func (s *Store) RetryMessage(ctx context.Context, id civic.MessageID, at time.Time, reason string, done []civic.UUID) error {
	return border(db.New(s.own).RetryMessage(ctx, db.RetryMessageParams{ID: id.UUID, DueAt: at, Error: reason, Done: append([]civic.UUID{}, done...)}))
}

// Browsers are those of an account that take push messages.
func (s *Store) Browsers(ctx context.Context, account civic.Account) ([]civic.PushSubscription, error) {
	rows, err := db.New(s.own).ListPushSubscriptions(ctx, account.ID)
	found := make([]civic.PushSubscription, len(rows))
	for i, row := range rows {
		found[i] = civic.PushSubscription{
			ID: row.ID, Account: civic.Account{ID: row.AccountID, Officer: row.Officer}, Endpoint: row.Endpoint, Key: row.P256dh, Auth: row.Auth,
		}
	}
	return found, border(err)
}

// ForgetBrowser forgets one that is gone.
func (s *Store) ForgetBrowser(ctx context.Context, id civic.UUID) error {
	_, err := db.New(s.own).DropPushSubscription(ctx, id)
	return border(err)
}

// RefuseEmail writes that the receiving server knows no such address.
func (s *Store) RefuseEmail(ctx context.Context, account civic.Account) error {
	now := s.now()
	return border(db.New(s.own).RefuseEmail(ctx, db.RefuseEmailParams{AccountID: account.ID, At: &now}))
}

// MessagesWaiting is how many messages wait and since when the first is due.
func (s *Store) MessagesWaiting(ctx context.Context) (waiting int, oldest time.Time, err error) {
	row, err := db.New(s.own).MessageState(ctx)
	return int(row.Waiting), row.Oldest, border(err)
}

// FailedMessages is a page of messages that could not be sent, newest first, for an administrator.
func (s *Store) FailedMessages(ctx context.Context, page civic.PageRequest) (found civic.Page[*civic.Message], err error) {
	before, err := parsePlaceCursor(page.After)
	if err != nil {
		return found, err
	}
	err = s.read(ctx, civic.Scope{Admin: true}, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListFailedMessages(ctx, db.ListFailedMessagesParams{Before: before, Most: int32(page.First + 1)})
		for _, row := range rows[:min(len(rows), page.First)] {
			message := messageOf(row)
			found.Items, found.Cursors = append(found.Items, &message), append(found.Cursors, placeCursor(row.Place, row.ID))
		}
		found.HasNext, found.HasPrev = len(rows) > page.First, page.After != ""
		return err
	})
	return found, err
}

// ResendMessage lets a message that failed be tried again; NOT_FOUND for any other.
func (s *Store) ResendMessage(ctx context.Context, id civic.MessageID) (message *civic.Message, err error) {
	err = s.write(ctx, civic.Scope{Admin: true}, func(tx pgx.Tx) error {
		rows, err := db.New(tx).ResendMessage(ctx, db.ResendMessageParams{ID: id.UUID, At: s.now()})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return civic.NotFound("message.not_found")
		}
		found := messageOf(rows[0])
		message = &found
		return nil
	})
	return message, err
}

func messageOf(row db.Message) civic.Message {
	m := civic.Message{
		ID: civic.MessageID{UUID: row.ID}, To: civic.Account{ID: row.AccountID, Officer: row.Officer}, Channel: civic.Channel(row.Channel),
		State: civic.MessageState(row.State), DueAt: row.DueAt, Attempts: int(row.Attempts), Error: row.Error, CreatedAt: row.CreatedAt, EndedAt: row.EndedAt,
	}
	if row.ReportID != nil {
		m.Report = &civic.ReportID{UUID: *row.ReportID}
	}
	for _, id := range row.Notifications {
		m.Notifications = append(m.Notifications, civic.NotificationID{UUID: id})
	}
	return m
}
