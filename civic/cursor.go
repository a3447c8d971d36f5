package civic

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// EventCursor is the opaque form of an event's position, for clients that come back.
func EventCursor(sequence uint64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("e" + strconv.FormatUint(sequence, 36)))
}

// ParseEventCursor reads what EventCursor wrote; anything else is INVALID_INPUT for "after".
func ParseEventCursor(cursor string) (uint64, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return 0, Invalid("after", "cursor.malformed")
	}
	digits, found := strings.CutPrefix(string(raw), "e")
	sequence, err := strconv.ParseUint(digits, 36, 64)
	if !found || err != nil {
		return 0, Invalid("after", "cursor.malformed")
	}
	return sequence, nil
}
