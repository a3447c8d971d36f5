package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Outgoing is an event on its way out. ID and CreatedAt are the same each time it is sent, and together no other event's: after a
// return to an earlier backup ids alone come again.
type Outgoing struct {
	ID        int64
	CreatedAt time.Time
	Event     json.RawMessage // a civic.Event
}

// RelayOutbox hands up to most waiting events, oldest first, to send and deletes them when send succeeds. Relays that run side by
// side wait for each other, so the order holds. It answers how many were sent.
func (s *Store) RelayOutbox(ctx context.Context, most int, send func(ctx context.Context, events []Outgoing) error) (sent int, err error) {
	err = s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		q := db.New(tx)
		rows, err := q.TakeOutbox(ctx, int32(most))
		if err != nil || len(rows) == 0 {
			return err
		}
		events, ids := make([]Outgoing, len(rows)), make([]int64, len(rows))
		for i, row := range rows {
			events[i], ids[i] = Outgoing{row.ID, row.CreatedAt, row.Event}, row.ID
		}
		if err := send(ctx, events); err != nil {
			return err
		}
		sent = len(events)
		return q.DropOutbox(ctx, ids)
	})
	return sent, err
}

// OutboxState tells how many events wait and since when the oldest does.
func (s *Store) OutboxState(ctx context.Context) (waiting int, oldest time.Time, err error) {
	row, err := db.New(s.own).OutboxState(ctx)
	return int(row.Waiting), row.Oldest, border(err)
}
