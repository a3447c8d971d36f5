package audience

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Terms are when messages go out.
type Terms struct {
	Now    time.Time
	Zone   *time.Location
	Window time.Duration // how long a message waits for others about the same report
	Stale  time.Duration // what is older is news for the inbox alone
}

// Messages are what goes out of the house for notifications, by the preferences of those who are told: for each account, channel and
// report one. New reports do not go out one by one: they have the morning's digest.
func Messages(told []civic.Notification, preferences map[civic.UUID]civic.Preferences, terms Terms) []civic.Message {
	type key struct {
		to      civic.Account
		channel civic.Channel
		report  civic.ReportID
	}
	at := map[key]int{}
	var messages []civic.Message
	for _, n := range told {
		wishes, said := preferences[n.To.ID]
		if !said || n.Kind == civic.NotifyNew && !n.Detail.Digest || terms.Now.Sub(n.CreatedAt) > terms.Stale {
			continue
		}
		for _, channel := range civic.Channels {
			if !wishes.Wants(channel, n.Kind) {
				continue
			}
			about := key{n.To, channel, civic.ReportID{}}
			if n.Report != nil {
				about.report = *n.Report
			}
			place, open := at[about]
			if !open {
				place = len(messages)
				at[about] = place
				messages = append(messages, civic.Message{
					ID: civic.MessageID{UUID: civic.NamedUUID("message " + string(channel) + " " + n.ID.UUIDString())}, To: n.To, Channel: channel,
					Report: n.Report, DueAt: wishes.Quiet.After(terms.Now.Add(terms.Window), terms.Zone), CreatedAt: terms.Now,
				})
			}
			messages[place].Notifications = append(messages[place].Notifications, n.ID)
		}
	}
	return messages
}
