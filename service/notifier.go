package service

import (
	"context"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/notifier"
	"github.com/jagawarga/jagawarga/notifier/mail"
	"github.com/jagawarga/jagawarga/notifier/push"
	"github.com/jagawarga/jagawarga/upkeep"
)

// Notifier tells people what happened: in their inboxes, and by mail and push messages as far as there is a mail server and a place for the key
// of push messages.
func Notifier(ctx context.Context, cfg process.Config, deps Deps) (process.Task, error) {
	b, err := openWorker(ctx, "notifier", cfg, deps)
	if err != nil {
		return nil, err
	}
	task, err := b.notifier(cfg, deps)
	if err != nil {
		b.close()
		return nil, err
	}
	return task, nil
}

func (b *base) notifier(cfg process.Config, deps Deps) (process.Task, error) {
	mailer, err := newMailer(cfg.Mail)
	if err != nil {
		return nil, err
	}
	pusher, pushKey, err := newPusher(cfg)
	if err != nil {
		return nil, err
	}
	accounts, err := identityclient.New(identityclient.Config{Address: cfg.Identity, Tracer: deps.Tracer})
	if err != nil {
		return nil, err
	}
	options := notifier.Config{Log: deps.Log, Metrics: deps.Metrics}
	teller := notifier.New(options, b.store, b.bus, b.city.City)
	digest := notifier.NewDigest(options, b.store, b.bus, b.city.City)
	post := notifier.NewPost(notifier.PostConfig{PublicURL: publicURL(cfg), Log: deps.Log, Metrics: deps.Metrics}, b.store, accounts, b.city.City, mailer, pusher)
	channels := upkeep.Chore{Name: "tell the server what goes out", Every: cityAge, Do: func(ctx context.Context) error {
		return b.store.NoteChannels(ctx, mailer != nil, pushKey)
	}}
	closeAll := func() {
		b.close()
		_ = accounts.Close()
	}
	return together(closeAll, teller.Run, post.Run, digest.Run, b.city.Run, func(ctx context.Context) error {
		return upkeep.Run(ctx, deps.Log, channels, b.forgettingTold())
	}), nil
}

// How long is kept what people were told, and what became of the messages.
const (
	keepTold = 180 * 24 * time.Hour
	keepSent = 30 * 24 * time.Hour
)

func (b *base) forgettingTold() upkeep.Chore {
	return upkeep.Chore{Name: "forget old notifications", First: time.Minute, Every: time.Hour, Retry: time.Minute, Do: func(ctx context.Context) error {
		for more := true; more; {
			var err error
			if more, err = b.store.ForgetTold(ctx, time.Now().Add(-keepTold), time.Now().Add(-keepSent), 5000); err != nil {
				return err
			}
		}
		return nil
	}}
}

// newMailer is nil without a mail server.
func newMailer(cfg process.Mail) (notifier.Mailer, error) {
	if cfg.URL == "" {
		return nil, nil
	}
	if cfg.From == "" {
		cfg.From = "JagaWarga <no-reply@localhost>"
	}
	return mail.New(mail.Config{URL: cfg.URL, From: cfg.From})
}

// newPusher is nil for a service without a directory of secrets.
func newPusher(cfg process.Config) (notifier.Pusher, string, error) {
	if cfg.Secrets == "" {
		return nil, "", nil
	}
	key, err := push.LoadKey(cfg.Secrets)
	if err != nil {
		return nil, "", err
	}
	about := ""
	if strings.HasPrefix(cfg.Portal.PublicURL, "https:") {
		about = cfg.Portal.PublicURL
	}
	return push.New(push.Config{Subject: about}, key), key.Public, nil
}

// publicURL is how people reach the pages; where nobody has said, as this machine does.
func publicURL(cfg process.Config) string {
	if cfg.Portal.PublicURL != "" || cfg.Listen == "" {
		return cfg.Portal.PublicURL
	}
	return "http://" + cfg.Listen
}
