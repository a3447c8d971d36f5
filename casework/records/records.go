// Package records joins the verbs of casework to the rows of internal/store, which know nothing of each other.
package records

import (
	"context"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store"
)

// Of is the store as casework sees it.
type Of struct{ *store.Store }

// Change runs act in one transaction.
func (r Of) Change(ctx context.Context, scope civic.Scope, act func(ctx context.Context, tx casework.Tx) error) error {
	return r.Store.Change(ctx, scope, func(ctx context.Context, tx *store.Tx) error { return act(ctx, tx) })
}

var _ casework.Records = Of{}
