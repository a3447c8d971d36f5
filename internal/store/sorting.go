package store

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// sorting is one way to sort reports: the ORDER BY, the cursor of a report, and the condition for what comes after a cursor.
type sorting struct {
	by     string
	cursor func(r *civic.Report) string
	after  func(q *pageQuery, cursor string) error
}

var sortings = map[civic.Order]sorting{
	civic.Newest:      {"created_at DESC, id DESC", cursorOfTime, afterTime("<")},
	civic.Oldest:      {"created_at, id", cursorOfTime, afterTime(">")},
	civic.MostUpvoted: {"upvotes DESC, id DESC", cursorOfUpvotes, afterUpvotes},
	civic.DueSoonest:  {"next_due_at, id", cursorOfDue, afterDue}, // never due comes last: NULLS LAST is the default
}

func (q *pageQuery) after(order sorting, cursor string) error {
	if cursor == "" {
		return nil
	}
	return order.after(q, cursor)
}

func cursorOfTime(r *civic.Report) string { return timeCursor(r.CreatedAt, r.ID.UUID) }

func afterTime(comparison string) func(*pageQuery, string) error {
	return func(q *pageQuery, cursor string) error {
		key, err := parseTimeCursor(cursor)
		q.where("(created_at, id) " + comparison + " (" + q.arg(key.at) + ", " + q.arg(key.id) + ")")
		return err
	}
}

func cursorOfUpvotes(r *civic.Report) string {
	return encodeCursor(orderByCount, int64(r.Upvotes), r.ID.UUID)
}

func afterUpvotes(q *pageQuery, cursor string) error {
	_, count, id, err := decodeCursor(cursor, orderByCount)
	q.where("(upvotes, id) < (" + q.arg(count) + ", " + q.arg(id) + ")")
	return err
}

func cursorOfDue(r *civic.Report) string {
	if r.Clock.NextDue == nil {
		return encodeCursor(orderNever, 0, r.ID.UUID)
	}
	return encodeCursor(orderByDue, r.Clock.NextDue.UnixMicro(), r.ID.UUID)
}

func afterDue(q *pageQuery, cursor string) error {
	order, micros, id, err := decodeCursor(cursor, orderByDue, orderNever)
	if order == orderNever {
		q.where("next_due_at IS NULL AND id > " + q.arg(id))
		return err
	}
	q.where("((next_due_at, id) > (" + q.arg(time.UnixMicro(micros).UTC()) + ", " + q.arg(id) + ") OR next_due_at IS NULL)")
	return err
}
