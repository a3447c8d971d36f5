package ws

import (
	"strconv"
	"unicode/utf8"
)

// closing is why a socket ends: the close codes of the protocol and those of RFC 6455.
type closing struct {
	code   int
	reason string
}

// Reasons tell what to do, never what was sent.
var (
	goingAway          = closing{1001, "Going away"}
	tryAgainLater      = closing{1013, "Try again later"}
	invalidMessage     = closing{4400, "Invalid message"}
	unauthorized       = closing{4401, "Unauthorized"}
	forbidden          = closing{4403, "refresh and come back"}
	badSubprotocol     = closing{4406, "Subprotocol not acceptable"}
	initTimeout        = closing{4408, "Connection initialisation timeout"}
	tooManyInitialised = closing{4429, "Too many initialisation requests"}
)

// maxReason is what fits into a close frame beside the code (RFC 6455, 5.5).
const maxReason = 123

// subscriberExists names the id as the protocol wants, cut where the close frame ends.
func subscriberExists(id string) closing {
	const before, after = "Subscriber for ", " already exists"
	if room := maxReason - len(before) - len(after); len(id) > room {
		id = id[:room]
		for !utf8.ValidString(id) { // a reason is UTF-8: no half characters
			id = id[:len(id)-1]
		}
	}
	return closing{4409, before + id + after}
}

func (c closing) label() string { return strconv.Itoa(c.code) }
