package page

import (
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
)

// Inbox is what the frame tells a citizen who is signed in of their inbox.
type Inbox struct {
	// Newest is the last that they were told; empty for nothing yet. A page that is kept up goes on from there.
	Newest string
	Unread int
}

// mostCounted is up to where a number says more than "many".
const mostCounted = 99

// Badge is how many are unread, short enough for a small screen.
func (i Inbox) Badge() string {
	if i.Unread > mostCounted {
		return strconv.Itoa(mostCounted) + "+"
	}
	return strconv.Itoa(i.Unread)
}

// inbox asks for it. Nobody is refused a page because their inbox cannot be had: then it looks empty, and the inbox itself says why.
func (v *Visit) inbox() *Inbox {
	if v.told != nil || v.Session == nil || v.Keeper != v.Site.Sessions {
		return v.told
	}
	v.told = &Inbox{}
	answer, err := client.Unread(v.R.Context(), v.API())
	if err != nil || answer.Notifications == nil {
		return v.told
	}
	v.told.Unread = answer.Notifications.UnreadCount
	if newest := answer.Notifications.Nodes; len(newest) > 0 {
		v.told.Newest = newest[0].Id
	}
	return v.told
}
