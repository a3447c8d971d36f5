package service

import (
	"context"
	"io"
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/dossier"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/export"
	"github.com/jagawarga/jagawarga/internal/guess"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/inbox"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/media"
	"github.com/jagawarga/jagawarga/internal/open311"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/notifier"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/server"
)

// Server answers GraphQL.
func Server(ctx context.Context, cfg process.Config, deps Deps) (process.Task, error) {
	bus, err := connect(ctx, "server", cfg, deps)
	if err != nil {
		return nil, err
	}
	in, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsPublic})
	if err != nil {
		bus.Close()
		return nil, err
	}
	pictures, err := openPictures(ctx, cfg, deps)
	if err != nil {
		bus.Close()
		return nil, err
	}
	accounts, err := identityclient.New(identityclient.Config{Address: cfg.Identity, Tracer: deps.Tracer})
	if err != nil {
		pictures.close()
		bus.Close()
		return nil, err
	}
	b, err := open(ctx, cfg, deps, intake{in}, pictures.cleaning(), accounts, bus)
	if err != nil {
		_ = accounts.Close()
		pictures.close()
		bus.Close()
		return nil, err
	}
	face, err := newFace(b, pictures, accounts, cfg, deps)
	closeAll := func() {
		b.close()
		if face != nil {
			face.close()
		}
		_ = accounts.Close()
		pictures.close()
	}
	if err != nil {
		closeAll()
		return nil, err
	}
	// What requests stand on ends after the last request has.
	behind, end := context.WithCancel(context.Background())
	return together(closeAll,
		func(ctx context.Context) error {
			defer end()
			return face.http.Run(ctx)
		},
		until(behind, in.Run), until(behind, face.hub.Run), until(behind, b.city.Run),
		until(behind, face.anonymizer.Run), until(behind, accounts.Run), until(behind, b.departing(deps.Log)), until(behind, b.advisor.Run),
	), nil
}

// until runs a task under another context than its group's, so that it outlives the first of the group to end; if the task fails
// the group is told.
func until(life context.Context, run func(context.Context) error) func(context.Context) error {
	return func(context.Context) error { return run(life) }
}

// face is the server with what only it uses.
type face struct {
	http       *server.Server
	hub        *events.Hub
	identity   *identityclient.Client
	anonymizer *redeemer
}

func newFace(b *base, pictures *pictures, accounts *identityclient.Client, cfg process.Config, deps Deps) (f *face, err error) {
	f = &face{identity: accounts}
	opened := f // a return without a face forgets f
	defer func() {
		if err != nil {
			opened.close()
		}
	}()
	if f.hub, err = events.NewHub(b.bus, events.HubConfig{}); err != nil {
		return nil, err
	}
	anonymizer, err := anonymizerclient.New(cfg.Anonymizer)
	if err != nil {
		return nil, err
	}
	f.anonymizer = &redeemer{Client: anonymizer, keys: f.identity.TokenKeyLog, log: deps.Log}
	verifier, err := auth.NewVerifier(auth.VerifierConfig{Keys: f.identity.Keys, Revoked: f.identity.Revoked})
	if err != nil {
		return nil, err
	}
	trusted, err := process.ParseNetworks(cfg.TrustedProxies)
	if err != nil {
		return nil, err
	}
	brake, err := guess.New(guess.Config{Trusted: trusted})
	if err != nil {
		return nil, err
	}
	siege, err := guess.NewSiege(guess.SiegeConfig{})
	if err != nil {
		return nil, err
	}
	guesses := guess.Tries{Brake: brake, Siege: siege}
	box := inbox.New(inbox.Config{}, b.store, f.identity, b.city.City, b.bus.PokedUntil)
	ports := graph.Deps{
		City: b.city.City, Desk: b.desk, Reader: b.store, Accounts: f.identity, Inbox: box, Anonymizer: unknowing{f.anonymizer, f.identity.Person}, Feed: feed{f.hub}, Links: pictures.links, Guesses: guesses, Suggestions: b.advisor,
		Analyst: insight.New(insight.Config{}, b.store, b.city.City), Figures: b.store, Exports: pictures.exports, Dossiers: pictures.own,
	}
	var extensions []graphql.HandlerExtension
	if deps.Tracer != nil {
		extensions = append(extensions, server.Tracing(deps.Tracer))
	}
	extensions = append(extensions, graph.NewQuick(ports))
	extra := map[string]http.Handler{
		"GET " + media.Path + "{file}":          pictures.handler(b.store),
		"GET " + dossier.Path + "{link}":        dossier.NewHandler(dossier.Config{Log: deps.Log}, pictures.own, f.identity, b.store),
		"GET " + export.Path + "{file}":         export.NewHandler(export.Config{Log: deps.Log}, pictures.exports, b.store, b.city.City),
		notifier.UnsubscribePath + "{secret}":   http.HandlerFunc(box.Unsubscribe),
		"GET /.well-known/jagawarga-filing-key": http.HandlerFunc(f.filingKey),
		"GET /.well-known/jagawarga-ledger-key": http.HandlerFunc(b.ledgerKey),
		"GET /.well-known/jagawarga-token-keys": http.HandlerFunc(f.anonymizer.publish),
	}
	keyGuesses, err := guess.New(guess.Config{Trusted: trusted})
	if err != nil {
		return nil, err
	}
	extra[open311.Path] = open311.New(open311.Config{PublicURL: cfg.Portal.PublicURL, Log: deps.Log}, open311.Ports{
		City: b.city.City, Desk: b.desk, Reader: b.store, Links: pictures.links, Guesses: keyGuesses,
	})
	if deps.Portal != nil {
		within := client.Within(func() http.Handler { return f.http.Handler() })
		if extra["/"], err = pages(*deps.Portal, cfg.Secrets, client.New("http://server", within), deps.Log); err != nil {
			return nil, err
		}
	}
	f.http, err = server.New(server.Config{
		Listen: cfg.Listen, JWKS: verifier.JWKS, Log: deps.Log, Metrics: deps.Metrics, Checks: f.checks(b), Extensions: extensions, Mark: guesses.Mark, Greet: siege.Greet,
		OnRevoked: f.identity.OnRevoked,
		Extra:     extra,
	}, graph.New(ports), verifier)
	if err != nil {
		return nil, err
	}
	if deps.Listen != nil {
		listener, err := deps.Listen()
		if err != nil {
			return nil, err
		}
		f.http.Use(listener)
	}
	return f, nil
}

func (f *face) checks(b *base) []server.Check {
	return []server.Check{
		{Name: "database", Probe: b.store.Ready},
		{Name: "stream", Needed: true, Probe: func(context.Context) error { return b.bus.Ready() }},
		{Name: "identity", Probe: f.identity.Ready},
		{Name: "anonymizer", Probe: func(ctx context.Context) error {
			_, err := f.anonymizer.FilingKey(ctx)
			return err
		}},
	}
}

// filingKey publishes the key that proofs of filing are checked with.
func (f *face) filingKey(w http.ResponseWriter, r *http.Request) {
	key, err := f.anonymizer.FilingKey(r.Context())
	if err != nil {
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, key+"\n")
}

func (f *face) close() {
	if f.anonymizer != nil {
		_ = f.anonymizer.Close()
	}
}
