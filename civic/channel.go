package civic

import (
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Channel is a way out of the house; the inbox is none: it is told always and at once.
type Channel string

// The channels.
const (
	ChannelEmail Channel = "EMAIL"
	ChannelPush  Channel = "PUSH"
)

// Channels are all of them.
var Channels = []Channel{ChannelEmail, ChannelPush}

// Muted is a kind of notification that does not go out by a channel.
type Muted struct {
	Kind    NotificationKind `json:"kind"`
	Channel Channel          `json:"channel"`
}

// Preferences are how somebody wants to be told outside the inbox. The e-mail address is not among them: the identity service has it.
type Preferences struct {
	Account  Account
	Language string // id or en
	Email    bool
	Push     bool
	Digest   bool // a department's digest each working morning
	Muted    []Muted
	Quiet    *QuietHours
	// EmailRefused is when the receiving server last said that there is no such address: nothing goes there until it is given anew.
	EmailRefused *time.Time
	// Unsubscribe ends e-mail for whoever has it.
	Unsubscribe []byte
}

// DefaultPreferences are those of somebody who has said nothing: the inbox alone.
func DefaultPreferences(account Account) Preferences {
	return Preferences{Account: account, Language: "id", Digest: true}
}

// Wants reports whether notifications of that kind go out by the channel.
func (p *Preferences) Wants(channel Channel, kind NotificationKind) bool {
	on := p.Push
	if channel == ChannelEmail {
		on = p.Email && p.EmailRefused == nil
	}
	return on && !slices.Contains(p.Muted, Muted{kind, channel})
}

// QuietHours are when nothing goes out, from a minute of the day to another, in the city's zone; over midnight if From is the later one.
type QuietHours struct{ From, Until int }

// After is the first moment from at on that is not quiet.
func (q *QuietHours) After(at time.Time, zone *time.Location) time.Time {
	if q == nil || q.From == q.Until {
		return at
	}
	local := at.In(zone)
	minute := local.Hour()*60 + local.Minute()
	quiet := q.From <= minute && minute < q.Until
	if q.From > q.Until {
		quiet = minute >= q.From || minute < q.Until
	}
	if !quiet {
		return at
	}
	end := time.Date(local.Year(), local.Month(), local.Day(), q.Until/60, q.Until%60, 0, 0, zone)
	if minute >= q.Until {
		end = time.Date(local.Year(), local.Month(), local.Day()+1, q.Until/60, q.Until%60, 0, 0, zone)
	}
	return end
}

const clockFormat = "15:04"

// ParseQuietHours reads two times of the day like 22:00 and 06:00; two empty ones are none.
func ParseQuietHours(from, until string) (*QuietHours, error) {
	if from == "" && until == "" {
		return nil, nil
	}
	minutes := func(field, text string) (int, error) {
		at, err := time.Parse(clockFormat, text)
		if err != nil {
			return 0, Invalid(field, "quiet_hours.malformed")
		}
		return at.Hour()*60 + at.Minute(), nil
	}
	begin, err := minutes("quietFrom", from)
	if err != nil {
		return nil, err
	}
	end, err := minutes("quietUntil", until)
	if err != nil {
		return nil, err
	}
	if begin == end {
		return nil, Invalid("quietUntil", "quiet_hours.empty")
	}
	return &QuietHours{begin, end}, nil
}

// TimeOfDay is a minute of the day as ParseQuietHours reads it.
func TimeOfDay(minute int) string {
	return time.Date(0, 1, 1, minute/60, minute%60, 0, 0, time.UTC).Format(clockFormat)
}

// CheckEmail gives an address in the form that is kept: without a name, its host in lower case.
func CheckEmail(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" || parsed.Address != text || len(text) > 254 {
		return "", Invalid(field, "email.malformed")
	}
	local, host, _ := strings.Cut(text, "@")
	if len(local) > 64 || !strings.Contains(host, ".") || strings.ContainsAny(text, "\r\n\x00 \"\\") || strings.Contains(host, "[") || strings.Contains(host, "@") {
		return "", Invalid(field, "email.malformed")
	}
	return local + "@" + strings.ToLower(host), nil
}

// PushSubscription is a browser that takes push messages (RFC 8030, RFC 8291).
type PushSubscription struct {
	ID       UUID
	Account  Account
	Endpoint string // a capability: whoever has it may send
	Key      []byte // the browser's P-256 public key, uncompressed
	Auth     []byte // 16 bytes that browser and sender share
}

// MaxPushSubscriptions is how many browsers of one account are kept; the oldest goes.
const MaxPushSubscriptions = 10

// MessageState is how far a message has come on its way out.
type MessageState string

// The states of a message.
const (
	MessageWaiting MessageState = "WAITING"
	MessageSent    MessageState = "SENT"
	MessageFailed  MessageState = "FAILED"
)

// Message is what goes out to one account by one channel: the notifications about one report that came close together.
type Message struct {
	ID            MessageID
	To            Account
	Channel       Channel
	Report        *ReportID
	Notifications []NotificationID
	State         MessageState
	DueAt         time.Time
	Attempts      int
	Error         string // a word of ours: refused, unreachable...; never what the other side said
	CreatedAt     time.Time
	EndedAt       *time.Time
}

// Wishes are how somebody wants to be told, and what of that is possible.
type Wishes struct {
	Preferences
	Address  string // where mail goes; empty: nowhere yet
	Browsers int    // that take push messages
	CanEmail bool   // the city has a mail server
	PushKey  string // of push messages; empty: there are none
}
