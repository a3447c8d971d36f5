package notifier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/notifier/mail"
	"github.com/jagawarga/jagawarga/notifier/push"
)

const (
	postTick  = time.Second
	postBatch = 50
	postAt    = 4 // messages on their way at once
	// postLease is longer than sending takes with all its timeouts; it is also how long messages of a killed process are held back.
	postLease = 3 * time.Minute
	// maxAttempts with the backoff below are about two days: mail servers are sometimes away for a weekend's half.
	maxAttempts  = 14
	firstBackoff = 15 * time.Second
	mostBackoff  = 6 * time.Hour
)

// Mailer hands letters to a mail server.
type Mailer interface {
	Send(ctx context.Context, letter mail.Letter) error
}

// Pusher hands messages to push services.
type Pusher interface {
	Send(ctx context.Context, to civic.PushSubscription, message []byte, topic string, urgent bool) error
}

// Contacts tells where somebody gets mail, at the moment of sending: nobody here keeps it.
type Contacts interface {
	Contact(ctx context.Context, account civic.UUID) (string, error)
}

// Outgoing keeps messages on their way out.
type Outgoing interface {
	TakeMessages(ctx context.Context, channels []civic.Channel, lease time.Duration, most int) ([]store.Outbound, error)
	Carried(ctx context.Context, m civic.Message) ([]*civic.Notification, error)
	Circles(ctx context.Context, reports []civic.ReportID, spoken []store.Moment, created []civic.ReportID) (*store.Circles, error)
	PreferencesOf(ctx context.Context, accounts []civic.UUID) (map[civic.UUID]civic.Preferences, error)
	EndMessage(ctx context.Context, id civic.MessageID, state civic.MessageState, reason string) error
	RetryMessage(ctx context.Context, id civic.MessageID, at time.Time, reason string, done []civic.UUID) error
	RefuseEmail(ctx context.Context, account civic.Account) error
	Browsers(ctx context.Context, account civic.Account) ([]civic.PushSubscription, error)
	ForgetBrowser(ctx context.Context, id civic.UUID) error
	MessagesWaiting(ctx context.Context) (waiting int, oldest time.Time, err error)
}

// PostConfig is what a Post may be told; zero values are the defaults.
type PostConfig struct {
	PublicURL string                // how people reach the pages; empty: letters have no links
	Now       func() time.Time      // time.Now
	Log       *slog.Logger          // slog.Default
	Metrics   prometheus.Registerer // nil: none
}

// Post carries messages out of the house. A message is taken for a while, sent, and only then crossed off: whoever is killed in between, it is
// sent at least once, and twice only where the answer of the other side was lost.
type Post struct {
	cfg      PostConfig
	records  Outgoing
	contacts Contacts
	city     func() *civic.City
	mailer   Mailer // nil: there is no mail server
	pusher   Pusher // nil: there is no push
	metrics  *postMetrics
}

// NewPost makes a post; mailer and pusher may be nil.
func NewPost(cfg PostConfig, records Outgoing, contacts Contacts, city func() *civic.City, mailer Mailer, pusher Pusher) *Post {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Post{cfg, records, contacts, city, mailer, pusher, newPostMetrics(cfg.Metrics)}
}

func (p *Post) channels() (open []civic.Channel) {
	if p.mailer != nil {
		open = append(open, civic.ChannelEmail)
	}
	if p.pusher != nil {
		open = append(open, civic.ChannelPush)
	}
	return open
}

// Run carries until ctx ends. Messages of a channel that is not open wait.
func (p *Post) Run(ctx context.Context) error {
	if len(p.channels()) == 0 {
		<-ctx.Done()
		return nil
	}
	for ctx.Err() == nil {
		if err := p.Drain(ctx); err != nil && ctx.Err() == nil {
			p.cfg.Log.Warn("messages wait", "error", err)
		}
		if waiting, _, err := p.records.MessagesWaiting(ctx); err == nil {
			p.metrics.waiting.Set(float64(waiting))
		}
		pause(ctx, postTick)
	}
	return nil
}

// Drain carries what is due.
func (p *Post) Drain(ctx context.Context) error {
	for ctx.Err() == nil {
		taken, err := p.records.TakeMessages(ctx, p.channels(), postLease, postBatch)
		if err != nil || len(taken) == 0 {
			return err
		}
		var carriers sync.WaitGroup
		turns := make(chan struct{}, postAt)
		for _, message := range taken {
			turns <- struct{}{}
			carriers.Go(func() {
				defer func() { <-turns }()
				if err := p.carry(ctx, message); err != nil && ctx.Err() == nil {
					p.cfg.Log.Warn("a message comes again", "channel", message.Channel, "error", err)
				}
			})
		}
		carriers.Wait()
	}
	return nil
}

// carry sends one message and writes what became of it. An error of its own means that nothing could be written: the lease ends it.
func (p *Post) carry(ctx context.Context, message store.Outbound) error {
	said, err := p.compose(ctx, message)
	if err != nil {
		return err
	}
	if said == nil {
		return p.end(ctx, message, civic.MessageSent, "nothing_left")
	}
	if wait := said.wishes.Quiet.After(p.cfg.Now(), p.city().Calendar.Zone); wait.After(p.cfg.Now()) {
		return p.records.RetryMessage(ctx, message.ID, wait, "", message.Done)
	}
	if message.Channel == civic.ChannelEmail {
		return p.mail(ctx, message, said)
	}
	return p.push(ctx, message, said)
}

func (p *Post) mail(ctx context.Context, message store.Outbound, said *saying) error {
	address, err := p.contacts.Contact(ctx, message.To.ID)
	if err != nil {
		return p.again(ctx, message, "unknown_address", message.Done)
	}
	if address == "" {
		return p.end(ctx, message, civic.MessageSent, "no_address")
	}
	letter, err := said.letter(message.ID, address, p.cfg.PublicURL)
	if err != nil {
		return err
	}
	switch err := p.mailer.Send(ctx, letter); {
	case err == nil:
		return p.end(ctx, message, civic.MessageSent, "")
	case errors.Is(err, mail.ErrNoSuchAddress):
		if err := p.records.RefuseEmail(ctx, message.To); err != nil {
			return err
		}
		return p.end(ctx, message, civic.MessageFailed, "refused")
	case errors.Is(err, mail.ErrRejected):
		return p.end(ctx, message, civic.MessageFailed, "rejected")
	default:
		return p.again(ctx, message, "unreachable", message.Done)
	}
}

// push sends to each browser that has not had the message. One that is gone is forgotten.
func (p *Post) push(ctx context.Context, message store.Outbound, said *saying) error {
	browsers, err := p.records.Browsers(ctx, message.To)
	if err != nil {
		return err
	}
	had := map[civic.UUID]bool{}
	for _, id := range message.Done {
		had[id] = true
	}
	payload, topic, urgent, err := said.note(message.ID, p.cfg.PublicURL)
	if err != nil {
		return err
	}
	done, unreachable, rejected := message.Done, false, false
	for _, browser := range browsers {
		if had[browser.ID] {
			continue
		}
		switch err := p.pusher.Send(ctx, browser, payload, topic, urgent); {
		case err == nil:
			done = append(done, browser.ID)
		case errors.Is(err, push.ErrGone):
			if err := p.records.ForgetBrowser(ctx, browser.ID); err != nil {
				return err
			}
		case errors.Is(err, push.ErrRejected):
			rejected = true
			done = append(done, browser.ID)
		default:
			unreachable = true
		}
	}
	switch {
	case unreachable:
		return p.again(ctx, message, "unreachable", done)
	case rejected:
		return p.end(ctx, message, civic.MessageFailed, "rejected")
	}
	return p.end(ctx, message, civic.MessageSent, "")
}

// again puts a message back for a while that doubles each time, until it has failed too often.
func (p *Post) again(ctx context.Context, message store.Outbound, reason string, done []civic.UUID) error {
	if message.Attempts >= maxAttempts {
		return p.end(ctx, message, civic.MessageFailed, reason)
	}
	p.metrics.sent.WithLabelValues(string(message.Channel), "retry").Inc()
	wait := min(firstBackoff<<min(message.Attempts-1, 20), mostBackoff)
	// Apart by a part of the wait that the message's own id gives, so that those that failed together do not come together.
	wait += time.Duration(float64(wait) * 0.2 * float64(message.ID.UUID[0]) / 255)
	return p.records.RetryMessage(ctx, message.ID, p.cfg.Now().Add(wait), reason, done)
}

func (p *Post) end(ctx context.Context, message store.Outbound, state civic.MessageState, reason string) error {
	outcome := "sent"
	switch {
	case state == civic.MessageFailed:
		outcome = "failed"
	case reason != "":
		outcome = "dropped"
	}
	p.metrics.sent.WithLabelValues(string(message.Channel), outcome).Inc()
	// What was sent is crossed off also when the process is being stopped.
	return p.records.EndMessage(context.WithoutCancel(ctx), message.ID, state, reason)
}
