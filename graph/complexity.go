package graph

import (
	"time"

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
	c.Query.MyReports = func(child int, _ []civic.Status, first *int, _ *string) int { return page(child, first) }
	c.Query.FollowedReports = func(child int, first *int, _ *string) int { return page(child, first) }
	c.CityStatistics.Weeks = func(child int) int { return 50 + 12*child }
	c.CityStatistics.ByCategory = func(child int) int { return 50 + 10*child }
	c.CityStatistics.ByDistrict = func(child int) int { return 50 + 10*child }
	c.Query.DepartmentReports = func(child int, _ string, _ *model.ReportFilter, _ *civic.Order, first *int, _ *string) int {
		return page(child, first)
	}
	c.Query.Notifications = func(child int, first *int, _ *string, _ *bool) int { return page(child, first) }
	c.Query.FailedMessages = func(child int, first *int, _ *string) int { return page(child, first) }
	c.Query.SuggestCategories = func(child int, _ string) int { return 10 + mostSuggested*child }
	c.Query.SimilarReports = func(child int, _ model.LocationInput, _ *string, _ *string) int { return 20 + civic.MostLike*child }
	c.Report.PossibleDuplicates = func(child int) int { return 20 + civic.MostLike*child } // a query of its own for each report
	c.Query.ReportsOnMap = func(child int, _ model.BoundsInput, _ int, _ *model.ReportFilter) int { return 100 + 100*child }
	c.Report.Comments = func(child int, first *int, _ *string) int { return page(child, first) }
	c.Report.Media = func(child int) int { return 1 + 3*child } // seldom more than three
	c.Resolution.Photos = func(child int) int { return 1 + 3*child }
	c.Resolution.Facts = func(child int) int { return 1 + 3*child }
	c.Report.Timeline = func(child int, first *int, _ *string) int { return page(child, first) }
	c.Report.Attachments = func(child int) int { return 1 + 3*child } // seldom more than three
	c.Report.Parts = func(child int) int { return 1 + civic.MaxParts*child }
	c.Query.DepartmentTasks = func(child int, _ string, _ *civic.TaskState, first *int, _ *string) int { return page(child, first) }
	c.Query.DryRunRoutingRule = func(child int, _ model.RoutingRuleInput, _ int) int { return 100 + civic.TrySample*child }
	c.Query.Performance = func(child int, _, _ time.Time) int { return 50 + 20*child }
	c.DepartmentPerformance.Officers = func(child int) int { return 1 + 3*child }
	c.Analytics.Hotspots = func(child int, limit *int) int { return 100 + max(value(limit), 1)*child }
	return c
}
