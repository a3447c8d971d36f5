// Package service puts each service together from its parts: the one place where the database, the stream and the verbs meet. Each
// constructor returns a task that lives until its context ends and has closed everything when it returns. The walled services,
// identity and anonymizer, put themselves together elsewhere.
package service

import (
	"context"
	"log/slog"
	"net"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/internal/suggest"
)

// Deps are the live things that a service shares with its process; zero values are what a process of its own has.
type Deps struct {
	Log         *slog.Logger
	Metrics     prometheus.Registerer
	Tracer      *trace.Tracer
	NATS        nats.InProcessConnProvider   // an embedded broker
	InboxPrefix string                       // under which answers of the broker come; default the service's own
	Listen      func() (net.Listener, error) // the public address, if somebody holds it already
	Checks      observe.Checks               // filled in by the constructor; nil if nobody asks
	Portal      *process.Portal              // the server shows the pages, too; nil: it does not
}

// outbox is the name by which verbs wake the relay.
const outbox = "outbox"

// theCity is the name by which all processes are told that the city was changed.
const theCity = "city"

// base is what every worker stands on.
type base struct {
	store *store.Store
	bus   *events.Bus
	city  *cityKeeper
	desk  *casework.Desk

	advisor *suggest.Advisor // learns where it is run: in the server
}

// open connects. The database may be away for now, but not the first time the city is read.
func open(ctx context.Context, cfg process.Config, deps Deps, intake casework.Intake, media casework.Media, accounts *identityclient.Client, bus *events.Bus) (*base, error) {
	rows, err := store.New(ctx, store.Config{
		URL: cfg.DatabaseURL, PublicURL: cfg.PublicDatabaseURL, Queries: store.Traced(deps.Tracer),
	})
	if err != nil {
		return nil, err
	}
	city, err := newCityKeeper(ctx, rows, cfg.TimeScale, bus.Poked(theCity), deps.Log)
	if err != nil {
		rows.Close()
		return nil, err
	}
	advisor := suggest.NewAdvisor(suggest.AdvisorConfig{Log: deps.Log}, city.City, rows.Examples)
	renew := func(ctx context.Context) error {
		bus.Poke(theCity)
		return city.read(ctx)
	}
	ports := casework.Ports{
		City: city.City, Records: records.Of{Store: rows}, Intake: intake, Media: media, Guesser: advisor, Renew: renew, Poke: func() { bus.Poke(outbox) },
	}
	if accounts != nil {
		ports.Accounts, ports.Citizens = accounts, accounts
	}
	desk := casework.New(casework.Config{}, ports)
	if deps.Checks != nil {
		deps.Checks["database"] = rows.Ready
		deps.Checks["stream"] = func(context.Context) error { return bus.Ready() }
	}
	return &base{store: rows, bus: bus, city: city, desk: desk, advisor: advisor}, nil
}

func connect(ctx context.Context, name string, cfg process.Config, deps Deps) (*events.Bus, error) {
	prefix := deps.InboxPrefix
	if prefix == "" {
		prefix = "_INBOX_" + name
	}
	return events.Connect(ctx, events.Config{
		URL: cfg.NATSURL, Name: "jagawarga-" + name, InboxPrefix: prefix, InProcess: deps.NATS, Log: deps.Log, Metrics: deps.Metrics,
	})
}

func (b *base) close() {
	b.bus.Close()
	b.store.Close()
}

// together runs tasks until ctx ends or one of them fails, and then closes.
func together(close func(), tasks ...func(context.Context) error) process.Task {
	return process.TaskFunc(func(ctx context.Context) error {
		defer close()
		group, ctx := errgroup.WithContext(ctx)
		for _, task := range tasks {
			group.Go(func() error { return task(ctx) })
		}
		return group.Wait()
	})
}
