package store

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Cursors of pages are opaque: a letter for the order, the value sorted by, and the id that breaks ties. Who hands in
// another order's cursor, or a made-up one, gets INVALID_INPUT for "after".

const (
	orderByTime  = 't'
	orderByCount = 'c'
	orderByDue   = 'd'
	orderByIndex = 'i' // of the ledger
	orderByPlace = 'p' // of notifications and messages
	orderNever   = 'n' // in the order of due times: a report that is never due
	cursorLength = 1 + 8 + 16
)

// reach bounds the values of each order to what its column can hold: a made-up cursor must not become an error of the database.
var reach = map[byte]int64{
	orderByTime:  4_000 * 365 * 24 * int64(time.Hour/time.Microsecond),
	orderByCount: math.MaxInt32,
	orderByIndex: math.MaxInt64,
	orderByPlace: math.MaxInt64,
	orderByDue:   4_000 * 365 * 24 * int64(time.Hour/time.Microsecond),
}

func encodeCursor(order byte, value int64, id civic.UUID) string {
	var raw [cursorLength]byte
	raw[0] = order
	binary.BigEndian.PutUint64(raw[1:9], uint64(value))
	copy(raw[9:], id[:])
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

func decodeCursor(cursor string, orders ...byte) (order byte, value int64, id civic.UUID, err error) {
	raw, decodeErr := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if decodeErr == nil && len(raw) == cursorLength {
		for _, known := range orders {
			if raw[0] == known {
				value = int64(binary.BigEndian.Uint64(raw[1:9]))
				if value < -reach[known] || value > reach[known] {
					break
				}
				return known, value, civic.UUID(raw[9:]), nil
			}
		}
	}
	return 0, 0, civic.UUID{}, civic.Invalid("after", "cursor.malformed")
}

func timeCursor(at time.Time, id civic.UUID) string {
	return encodeCursor(orderByTime, at.UnixMicro(), id)
}

// parseTimeCursor reads a position in time; "" is before everything.
func parseTimeCursor(cursor string) (timeKey, error) {
	if cursor == "" {
		return timeKey{at: time.Unix(0, 0)}, nil
	}
	_, value, id, err := decodeCursor(cursor, orderByTime)
	return timeKey{time.UnixMicro(value).UTC(), id}, err
}
