package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/plan"
)

// reportBytes is about what the JSON of one report in a list takes; a buffer of that size seldom grows.
const reportBytes = 512

// quickReports plans publicReports. A filter is read by gqlgen's own code, so a query with one goes that way.
func quickReports(field *ast.Field) root {
	write := plan.Reports(field.SelectionSet)
	if write == nil || field.Arguments.ForName("filter") != nil {
		return nil
	}
	open, media := `{"`+field.Alias+`":`, plan.WantsMedia(field.SelectionSet)
	return func(ctx context.Context, r *Resolver, variables map[string]any) []byte {
		given := field.ArgumentMap(variables)
		first, err := graphql.UnmarshalInt(given["first"])
		if err != nil || given["first"] == nil {
			return nil
		}
		var order *civic.Order
		if name, ok := given["order"].(string); ok {
			order = (*civic.Order)(&name)
		}
		page, err := r.Query().PublicReports(ctx, nil, order, &first, optional(given["after"]))
		if err == nil && media {
			err = r.fillMedia(ctx, page.Nodes...)
		}
		if err != nil {
			return nil
		}
		json := append(make([]byte, 0, reportBytes*(1+len(page.Nodes))), open...)
		return append(write(json, page), '}')
	}
}

// quickReport plans report.
func quickReport(field *ast.Field) root {
	write := plan.Report(field.SelectionSet)
	if write == nil {
		return nil
	}
	open, media := `{"`+field.Alias+`":`, plan.WantsMedia(field.SelectionSet)
	return func(ctx context.Context, r *Resolver, variables map[string]any) []byte {
		given := field.ArgumentMap(variables)
		report, err := r.Query().Report(ctx, optional(given["id"]), optional(given["number"]))
		if err == nil && media {
			err = r.fillMedia(ctx, report)
		}
		if err != nil {
			return nil
		}
		return append(write(append(make([]byte, 0, 2*reportBytes), open...), report), '}')
	}
}

func optional(argument any) *string {
	text, ok := argument.(string)
	if !ok {
		return nil
	}
	return &text
}
