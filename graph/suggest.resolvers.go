package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

// SuggestCategories says what a text may be about.
func (r *queryResolver) SuggestCategories(ctx context.Context, text string) ([]*model.Category, error) {
	text, err := civic.CheckText("text", text, civic.MaxBody)
	if err != nil {
		return nil, err
	}
	return shown(r.Suggestions.Suggest(text, mostSuggested), r.view(ctx).Category), nil
}
