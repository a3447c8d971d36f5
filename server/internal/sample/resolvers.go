// Package sample is the GraphQL schema that the server's own tests run against: generated like the real one, so that the
// transports meet what gqlgen really does, but with resolvers that fail, wait and count on demand.
package sample

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/locale"
)

//go:generate go tool gqlgen generate --config gqlgen.yml

// Secret stands for what a citizen wrote: no answer, log or metric may hold it.
const Secret = "rahasia-3273010101010001"

// Resolvers answer. Watching counts the subscriptions that run now.
type Resolvers struct {
	Watching atomic.Int64
	// Entered gets a value when wait starts waiting; nil if nobody listens.
	Entered chan struct{}
	// Tick drives forever, and ends wait; nil means neither.
	Tick chan int
}

// New makes an executable schema.
func New(r *Resolvers) graphql.ExecutableSchema { return NewExecutableSchema(Config{Resolvers: r}) }

func (r *Resolvers) Query() QueryResolver               { return query{r} }
func (r *Resolvers) Mutation() MutationResolver         { return mutation{r} }
func (r *Resolvers) Subscription() SubscriptionResolver { return subscription{r} }

// Box is a thing with itself inside, for deep queries.
type Box struct {
	Name  string
	Color *Color
}

// Self is the box.
func (b *Box) Self() *Box { return b }

// Required fails in a box called "broken".
func (b *Box) Required() (string, error) {
	if b.Name == "broken" {
		return "", civic.Conflict("status.broken")
	}
	return "there", nil
}

// Place is a scalar that refuses with an error of its own, or with a coded one.
type Place string

// UnmarshalGQL reads it.
func (p *Place) UnmarshalGQL(v any) error {
	switch text := fmt.Sprint(v); text {
	case "coded":
		return civic.Invalid("", "input.malformed", "field", "at")
	case "here":
		*p = Place(text)
		return nil
	default:
		return errors.New("no such place: " + text)
	}
}

// MarshalGQL writes it.
func (p Place) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(p))) }

type query struct{ *Resolvers }

func (query) Hello(_ context.Context, name *string) (string, error) {
	if name == nil {
		return "hello", nil
	}
	return "hello " + *name, nil
}
func (query) Box(context.Context) (*Box, error)                  { return &Box{Name: "box"}, nil }
func (query) Language(ctx context.Context) (string, error)       { return locale.From(ctx), nil }
func (query) Place(_ context.Context, at Place) (*string, error) { return (*string)(&at), nil }
func (query) Viewer(ctx context.Context) (role *string, err error) {
	if p := auth.From(ctx); p.SignedIn() {
		role = (*string)(&p.Role)
	}
	return role, nil
}

func (q query) Wait(ctx context.Context) (*string, error) {
	if q.Entered != nil {
		q.Entered <- struct{}{}
	}
	select {
	case <-q.Tick:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (query) Fail(_ context.Context, how string) (*string, error) {
	switch how {
	case "conflict":
		return nil, fmt.Errorf("save: %w", &civic.Error{Code: civic.CodeConflict, Field: "to", Key: "error.conflict", Allowed: []string{"A", "B"}, State: civic.Resolved})
	case "unavailable":
		return nil, civic.Unavailable("error.unavailable")
	case "key":
		return nil, civic.NotFound("no.such.key")
	case "panic":
		panic(Secret)
	case "nil":
		var nothing *Box
		return &nothing.Name, nil
	}
	return nil, errors.New("disk on fire")
}

type mutation struct{ *Resolvers }

func (mutation) SaveBox(_ context.Context, input BoxInput) (*Box, error) {
	if input.Name == "" {
		return nil, civic.Invalid("name", "input.required", "field", "name")
	}
	return &Box{Name: input.Name, Color: input.Color}, nil
}

type subscription struct{ *Resolvers }

func (s subscription) Count(ctx context.Context, to int) (<-chan int, error) {
	out := make(chan int)
	s.Watching.Add(1)
	go func() {
		defer s.Watching.Add(-1)
		defer close(out)
		for i := range to {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

func (s subscription) Forever(ctx context.Context) (<-chan int, error) {
	out := make(chan int)
	s.Watching.Add(1)
	go func() {
		defer s.Watching.Add(-1)
		defer close(out)
		for {
			select {
			case n := <-s.Tick:
				select {
				case out <- n:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

func (subscription) Refused(context.Context) (<-chan int, error) {
	return nil, civic.Forbidden("error.forbidden")
}

func (subscription) Broken(context.Context) (<-chan int, error) {
	return nil, errors.New("stream on fire")
}

func (subscription) Stumbles(context.Context) (<-chan *Box, error) {
	out := make(chan *Box, 3)
	out <- &Box{Name: "first"}
	out <- &Box{Name: "broken"}
	out <- &Box{Name: "third"}
	close(out)
	return out, nil
}
