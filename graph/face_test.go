package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/jackc/pgx/v5"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/dossier"
	"github.com/jagawarga/jagawarga/internal/export"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/internal/suggest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// face is the executable schema on a real core database, without a transport.
type face struct {
	*coretest.Core
	desk     *casework.Desk
	exec     *executor.Executor
	queries  *queries
	advisor  *suggest.Advisor // knows keywords alone until the test runs it
	accounts *accounts
}

// plan says what a face is made without, and what it stands on besides the database.
type plan struct {
	noDirectives, noVerbs, noRows bool // the walls that are taken away
	intake                        casework.Intake
	feed                          graph.Feed
	anonymizer                    graph.Anonymizer
	guesses                       graph.Guesses
	media                         casework.Media
}

func newFace(t *testing.T, c *coretest.Core, p plan) *face {
	t.Helper()
	f := &face{Core: c, queries: &queries{}, accounts: &accounts{}}
	role := roles.Server
	if p.noRows {
		role = coretest.Unwalled
	}
	rows := c.StoreWith(role, store.Config{Queries: f.queries})
	verbs := casework.Config{}
	if p.noVerbs {
		verbs.Guard = func(*civic.City, civic.Principal, civic.DepartmentID) bool { return true }
	}
	city := func() *civic.City { return c.City }
	f.advisor = suggest.NewAdvisor(suggest.AdvisorConfig{Log: slog.New(slog.DiscardHandler)}, city, rows.Examples)
	f.desk = casework.New(verbs, casework.Ports{City: city, Records: records.Of{Store: rows}, Intake: p.intake, Media: p.media, Guesser: f.advisor})
	dossiers, err := dossier.NewLinks(make([]byte, 32), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	config := graph.Config(graph.Deps{Dossiers: dossiers, City: city, Desk: f.desk, Reader: rows, Accounts: f.accounts, Inbox: newInbox(rows, city), Feed: p.feed, Anonymizer: p.anonymizer, Guesses: p.guesses, Links: links, Suggestions: f.advisor,
		Analyst: insight.New(insight.Config{Now: func() time.Time { return coretest.Monday }}, rows, city), Figures: rows, Exports: export.NewLinks([]byte("key"), nil)})
	if p.noDirectives {
		through := func(ctx context.Context, _ any, next graphql.Resolver, _ *string) (any, error) { return next(ctx) }
		config.Directives.Department, config.Directives.Reporter = through, through
		config.Directives.Auth = func(ctx context.Context, _ any, next graphql.Resolver, _ []civic.Role) (any, error) { return next(ctx) }
	}
	f.exec = newExecutor(t, generated.NewExecutableSchema(config))
	return f
}

func newExecutor(t *testing.T, schema graphql.ExecutableSchema) *executor.Executor {
	exec := executor.New(schema)
	exec.SetErrorPresenter(present)
	exec.SetRecoverFunc(func(_ context.Context, cause any) error {
		t.Errorf("panic: %v", cause)
		return errors.New("panic")
	})
	return exec
}

// present keeps what tests look at: code, field, key and the allowed list.
func present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Message: err.Error(), Path: graphql.GetPath(ctx), Extensions: map[string]any{"code": "INTERNAL"}}
	var known *civic.Error
	if errors.As(err, &known) {
		shown.Extensions = map[string]any{"code": string(known.Code), "field": known.Field, "key": known.Key}
	}
	return shown
}

// answer is what came of an operation; Data may be half of it.
type answer struct {
	t      *testing.T
	Data   map[string]any
	Errors gqlerror.List
}

// ask runs an operation as somebody.
func (f *face) ask(t *testing.T, p civic.Principal, document string, variables map[string]any) answer {
	t.Helper()
	answers := f.follow(t, t.Context(), p, document, variables)
	return answers()
}

// follow starts an operation; each call of the result gives its next answer, the zero answer when there is no more.
func (f *face) follow(t *testing.T, ctx context.Context, p civic.Principal, document string, variables map[string]any) func() answer {
	t.Helper()
	ctx = graphql.StartOperationTrace(auth.With(ctx, p))
	operation, faults := f.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if faults != nil {
		return func() answer { return answer{t: t, Errors: faults} }
	}
	next, ctx := f.exec.DispatchOperation(ctx, operation)
	return func() answer {
		got := answer{t: t}
		response := next(ctx)
		if response == nil {
			return got
		}
		got.Errors = response.Errors
		if response.Data != nil {
			if err := json.Unmarshal(response.Data, &got.Data); err != nil {
				t.Fatalf("%s: %v", response.Data, err)
			}
		}
		return got
	}
}

// at walks the data along a path like "report.comments.nodes"; nil where there is nothing.
func (a answer) at(path string) any {
	var value any = a.Data
	for step := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[step]
	}
	return value
}

func (a answer) fine() answer {
	a.t.Helper()
	if len(a.Errors) > 0 {
		a.t.Fatalf("errors: %v", a.Errors)
	}
	return a
}

// refusal is the code and field of the first error; empty when there is none.
func (a answer) refusal() (code, field string) {
	if len(a.Errors) == 0 {
		return "", ""
	}
	code, _ = a.Errors[0].Extensions["code"].(string)
	field, _ = a.Errors[0].Extensions["field"].(string)
	return code, field
}

// queries counts what is sent to the database, by the name it carries; BEGIN and COMMIT are queries, too.
type queries struct {
	mu    sync.Mutex
	names []string
}

func (q *queries) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	name, _, _ := strings.Cut(strings.TrimPrefix(data.SQL, "-- name: "), "\n")
	name, _, _ = strings.Cut(name, " ")
	q.mu.Lock()
	defer q.mu.Unlock()
	q.names = append(q.names, strings.TrimSuffix(name, ";"))
	return ctx
}

func (q *queries) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// take is what was sent since the last time.
func (q *queries) take() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	names := q.names
	q.names = nil
	return names
}

// accounts stands for the identity service, which is another process: it names everybody and counts how often it is asked.
type accounts struct {
	graph.Accounts
	mu    sync.Mutex
	asked int
}

func (a *accounts) Names(_ context.Context, citizens []civic.CitizenID) (map[civic.CitizenID]string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked++
	names := map[civic.CitizenID]string{}
	for _, id := range citizens {
		names[id] = "name of " + id.String()
	}
	return names, nil
}
