package graph

import (
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/graph/model"
)

// complexity prices lists by what they may hold: a page of 20 reports with 20 comments each costs what 400 comments cost.
func complexity() generated.ComplexityRoot {
	var c generated.ComplexityRoot
	page := func(child int, first *int) int {
		if first == nil {
			return 1 + 20*child
		}
		return 1 + max(*first, 1)*child
	}
	c.Query.PublicReports = func(child int, _ *model.ReportFilter, _ *civic.Order, first *int, _ *string) int {
		return page(child, first)
	}
	c.Query.MyReports = func(child int, first *int, _ *string) int { return page(child, first) }
	c.Query.DepartmentReports = func(child int, _ string, _ *model.ReportFilter, _ *civic.Order, first *int, _ *string) int {
		return page(child, first)
	}
	c.Report.Comments = func(child int, first *int, _ *string) int { return page(child, first) }
	c.Report.Timeline = func(child int, first *int, _ *string) int { return page(child, first) }
	return c
}
