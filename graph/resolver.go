package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/graph/generated"
)

// Resolver holds what resolvers share.
type Resolver struct {
	Deps
	shown *showing
}

// New makes the executable schema.
func New(deps Deps) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(Config(deps))
}

// Config is what New makes the schema from; tests take single walls out of it.
func Config(deps Deps) generated.Config {
	if deps.Guesses == nil {
		deps.Guesses = unhurried{}
	}
	r := &Resolver{Deps: deps, shown: newShowing(deps.Reader)}
	return generated.Config{
		Resolvers: r,
		Directives: generated.DirectiveRoot{
			Auth:       r.auth,
			Department: r.department,
			Reporter:   r.reporter,
		},
		Complexity: complexity(),
	}
}
