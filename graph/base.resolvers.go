package graph

import (
	"context"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/graph/model"
)

// Node finds any object by its global id: the id's first word tells the kind.
func (r *queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	kind, _, _ := strings.Cut(id, "_")
	find := r.nodes()[kind]
	if find == nil {
		return nil, civic.Invalid("id", "id.malformed")
	}
	return find(ctx, id)
}

func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

type (
	mutationResolver struct{ *Resolver }
	queryResolver    struct{ *Resolver }
)
