package graph

import (
	"context"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

const (
	maxTryDays = 92
	mostTried  = 50_000
)

func (r *Resolver) showRule(ctx context.Context, rule *civic.RoutingRule, err error) (*model.RoutingRule, error) {
	if err != nil {
		return nil, err
	}
	return &model.RoutingRule{RoutingRule: rule, View: r.view(ctx)}, nil
}

// rules are those of a department and of all below it. They are in memory with the rest of the city.
func (r *Resolver) rules(ctx context.Context, department civic.DepartmentID) []*model.RoutingRule {
	view, rules := r.view(ctx), []*model.RoutingRule{}
	for _, rule := range view.City.Rules() {
		if view.City.Within(rule.Department, department) && view.Handles(rule.Department) {
			rules = append(rules, &model.RoutingRule{RoutingRule: rule, View: view})
		}
	}
	return rules
}

func (r *Resolver) ruleNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseRoutingRuleID("id", text)
	if err != nil {
		return nil, err
	}
	view := r.view(ctx)
	for _, rule := range view.City.Rules() {
		if rule.ID == id && view.Handles(rule.Department) {
			return &model.RoutingRule{RoutingRule: rule, View: view}, nil
		}
	}
	return nil, errNodeNotFound
}

// dryRun holds a rule against the reports of the last days, as far as the caller may see them.
func (r *Resolver) dryRun(ctx context.Context, draft civic.RoutingRule, days int) (*model.RoutingDryRun, error) {
	rule, err := r.Desk.CheckRoutingRule(auth.From(ctx), draft)
	if err != nil {
		return nil, err
	}
	if days < 1 || days > maxTryDays {
		return nil, civic.Invalid("days", "routing.days", "max", strconv.Itoa(maxTryDays))
	}
	back := time.Duration(days) * 24 * time.Hour
	came, err := r.Reader.ToRoute(ctx, r.scope(ctx), r.City().Below(rule.Department), back, mostTried)
	if err != nil {
		return nil, err
	}
	trial := r.City().Try(*rule, came)
	found, err := r.Reader.Reports(ctx, r.scope(ctx), trial.Sample)
	if err != nil {
		return nil, err
	}
	byID := map[civic.ReportID]*model.Report{}
	for _, report := range model.NewReports(r.view(ctx), r.scope(ctx), found) {
		byID[report.ID] = report
	}
	run := &model.RoutingDryRun{Looked: trial.Looked, Matched: trial.Matched, Sample: []*model.Report{}}
	for _, id := range trial.Sample {
		if byID[id] != nil && byID[id].View.Handles(byID[id].Report.Department) {
			run.Sample = append(run.Sample, byID[id])
		}
	}
	return run, nil
}

func ruleDraft(in model.RoutingRuleInput) (draft civic.RoutingRule, err error) {
	draft = civic.RoutingRule{
		Name: in.Name, Position: in.Position, Enabled: in.Enabled, Question: value(in.Question), Answer: value(in.Answer), Hours: value(in.Hours),
	}
	if in.ID != nil {
		if draft.ID, err = civic.ParseRoutingRuleID("id", *in.ID); err != nil {
			return draft, err
		}
	}
	if draft.Department, err = civic.ParseDepartmentID("department", in.Department); err != nil {
		return draft, err
	}
	if draft.Category, err = optionalID("category", in.Category, civic.ParseCategoryID); err != nil {
		return draft, err
	}
	if draft.District, err = optionalID("district", in.District, civic.ParseDistrictID); err != nil {
		return draft, err
	}
	if draft.Unit, err = optionalID("unit", in.Unit, civic.ParseDepartmentID); err != nil {
		return draft, err
	}
	draft.Officer, err = optionalID("officer", in.Officer, civic.ParseOfficerID)
	return draft, err
}
