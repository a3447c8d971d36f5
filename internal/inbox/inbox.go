// Package inbox is what people do with what they are told: read it, mark it, say how they want to be told, and name places that they care about.
// It belongs to the server, and each call is about the caller's own. The notifier writes what is read here.
package inbox

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Records keeps it; the rows are the caller's alone.
type Records interface {
	Inbox(ctx context.Context, account civic.Account, unread bool, page civic.PageRequest) (civic.Page[*civic.Notification], int, error)
	InboxAfter(ctx context.Context, account civic.Account, place int64, most int) ([]*civic.Notification, error)
	InboxEnd(ctx context.Context, account civic.Account) (int64, error)
	OneNotification(ctx context.Context, account civic.Account, id civic.NotificationID) (*civic.Notification, error)
	MarkRead(ctx context.Context, account civic.Account, place int64, at time.Time) (int, error)
	NotifierChannels(ctx context.Context) (email bool, pushKey string, err error)
	Preferences(ctx context.Context, account civic.Account) (civic.Preferences, bool, error)
	SavePreferences(ctx context.Context, p civic.Preferences, newAddress bool) error
	SavePush(ctx context.Context, p civic.PushSubscription) error
	DropPush(ctx context.Context, account civic.Account, endpoint string) (bool, error)
	CountPush(ctx context.Context, account civic.Account) (int, error)
	Alerts(ctx context.Context, citizen civic.CitizenID) ([]civic.AreaAlert, error)
	SaveAlert(ctx context.Context, alert civic.AreaAlert) error
	DropAlert(ctx context.Context, citizen civic.CitizenID, id civic.AreaAlertID) (bool, error)
	FailedMessages(ctx context.Context, page civic.PageRequest) (civic.Page[*civic.Message], error)
	ResendMessage(ctx context.Context, id civic.MessageID) (*civic.Message, error)
	EndEmail(ctx context.Context, secret []byte) (bool, error)
}

// Contacts is the identity service.
type Contacts interface {
	SaveContact(ctx context.Context, citizen civic.CitizenID, email string) error
	Contact(ctx context.Context, account civic.UUID) (string, error)
}

// Config is what a Box may be told; zero values are the defaults.
type Config struct {
	Now    func() time.Time // time.Now
	Random io.Reader        // crypto/rand
	// Private allows push endpoints on private addresses, for tests.
	Private bool
}

// Box is everybody's inbox.
type Box struct {
	cfg      Config
	records  Records
	contacts Contacts
	city     func() *civic.City
	woken    func(ctx context.Context, name string) (<-chan struct{}, error)
}

// New makes a box; woken listens, until its context ends, for the word that an inbox has something new.
func New(cfg Config, records Records, contacts Contacts, city func() *civic.City, woken func(context.Context, string) (<-chan struct{}, error)) *Box {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	return &Box{cfg, records, contacts, city, woken}
}

// Page is a page of what the caller was told, newest first, and how many of all are unread, up to 1,000.
func (b *Box) Page(ctx context.Context, p civic.Principal, unread bool, page civic.PageRequest) (found civic.Page[*civic.Notification], unreadCount int, err error) {
	account, err := accountOf(p)
	if err != nil {
		return found, 0, err
	}
	return b.records.Inbox(ctx, account, unread, page)
}

// One finds one of the caller's.
func (b *Box) One(ctx context.Context, p civic.Principal, id civic.NotificationID) (*civic.Notification, error) {
	account, err := accountOf(p)
	if err != nil {
		return nil, civic.NotFound("notification.not_found")
	}
	return b.records.OneNotification(ctx, account, id)
}

// MarkRead marks what the caller was told up to one of them, and answers how many were unread.
func (b *Box) MarkRead(ctx context.Context, p civic.Principal, upTo civic.NotificationID) (int, error) {
	last, err := b.One(ctx, p, upTo)
	if err != nil {
		return 0, err
	}
	return b.records.MarkRead(ctx, last.To, last.Place, b.cfg.Now().UTC().Truncate(time.Microsecond))
}

// End is the place of the last that the caller was told, to go on after it.
func (b *Box) End(ctx context.Context, p civic.Principal) (int64, error) {
	account, err := accountOf(p)
	if err != nil {
		return 0, err
	}
	return b.records.InboxEnd(ctx, account)
}

// After lists what the caller was told after a place, oldest first.
func (b *Box) After(ctx context.Context, p civic.Principal, place int64, most int) ([]*civic.Notification, error) {
	account, err := accountOf(p)
	if err != nil {
		return nil, err
	}
	return b.records.InboxAfter(ctx, account, place, most)
}

// Woken is told when there is something new, until ctx ends. A word may be lost: who listens also looks now and then.
func (b *Box) Woken(ctx context.Context, p civic.Principal) (<-chan struct{}, error) {
	account, err := accountOf(p)
	if err != nil {
		return nil, err
	}
	return b.woken(ctx, "inbox."+account.ID.UUIDString())
}

// FailedMessages is a page of what could not be sent, newest first, for administrators.
func (b *Box) FailedMessages(ctx context.Context, p civic.Principal, page civic.PageRequest) (found civic.Page[*civic.Message], err error) {
	if p.Role != civic.RoleAdmin {
		return found, civic.Forbidden("auth.role")
	}
	return b.records.FailedMessages(ctx, page)
}

// Resend lets an administrator have one tried again.
func (b *Box) Resend(ctx context.Context, p civic.Principal, id civic.MessageID) (*civic.Message, error) {
	if p.Role != civic.RoleAdmin {
		return nil, civic.Forbidden("auth.role")
	}
	return b.records.ResendMessage(ctx, id)
}

func accountOf(p civic.Principal) (civic.Account, error) {
	account, known := p.Account()
	if !known {
		return account, civic.Unauthenticated("auth.sign_in")
	}
	return account, nil
}
