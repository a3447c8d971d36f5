package civic

import (
	"cmp"
	"slices"
	"time"
)

// RoutingHours is the part of the day that a routing rule is for.
type RoutingHours string

// The hours of the public contract.
const (
	InWorkingHours      RoutingHours = "WORKING"
	OutsideWorkingHours RoutingHours = "OUTSIDE" // nights, weekends, holidays
)

// RoutingRule sends new reports to a unit or an officer. What is nil or empty asks for nothing.
type RoutingRule struct {
	ID         RoutingRuleID
	Department DepartmentID // whose rule it is
	Name       string
	Position   int // of a department's rules the lowest comes first
	Enabled    bool

	Category *CategoryID
	District *DistrictID
	Question string // with Answer: what the reporter answered
	Answer   string
	Hours    RoutingHours

	Unit    *DepartmentID // one of the two
	Officer *OfficerID

	UpdatedAt time.Time
}

// Route is where a report goes: its category's department, or a unit below it; Assignee is the officer that a rule names, or nil.
type Route struct {
	Department DepartmentID
	Assignee   *OfficerID
	Rule       *RoutingRule // that decided; nil: none
}

// Arriving is what routing looks at.
type Arriving struct {
	Category *Category
	Place    *Place
	Answers  []Answer
	At       time.Time
}

// WithRules is the city with these routing rules and no others, those of higher departments first; the city itself stays as it is.
func (c *City) WithRules(rules []*RoutingRule) *City {
	changed := *c
	rank := make(map[DepartmentID]int, len(c.Departments))
	for i, department := range c.Departments {
		rank[department.ID] = i
	}
	changed.rules = slices.SortedStableFunc(slices.Values(rules), func(a, b *RoutingRule) int {
		return cmp.Or(cmp.Compare(rank[a.Department], rank[b.Department]), cmp.Compare(a.Position, b.Position),
			slices.Compare(a.ID.UUID[:], b.ID.UUID[:]))
	})
	return &changed
}

// Rules are the routing rules in the order in which they are asked. The caller must not change them.
func (c *City) Rules() []*RoutingRule { return c.rules }

// Trying is the city as it would be with one more rule, switched on, or with this one in the place of its former self.
func (c *City) Trying(rule RoutingRule) *City {
	rule.Enabled = true
	rules := slices.DeleteFunc(slices.Clone(c.rules), func(r *RoutingRule) bool { return r.ID == rule.ID })
	return c.WithRules(append(rules, &rule))
}

// Route finds where a report goes: the first rule that fits decides. A rule is heard if it belongs to the category's department or to one
// above it, and only where it stays within the category's department.
func (c *City) Route(a Arriving) Route {
	for _, rule := range c.rules {
		if to, officer, fits := c.follow(rule, a); fits {
			return Route{Department: to, Assignee: officer, Rule: rule}
		}
	}
	return Route{Department: a.Category.Department}
}

func (c *City) follow(rule *RoutingRule, a Arriving) (to DepartmentID, officer *OfficerID, fits bool) {
	if !rule.Enabled || !c.Within(a.Category.Department, rule.Department) || !rule.asksFor(a) {
		return to, nil, false
	}
	if rule.Hours != "" && (rule.Hours == InWorkingHours) != c.Calendar.Working(a.At) {
		return to, nil, false
	}
	to, known := c.target(rule)
	return to, rule.Officer, known && c.Within(to, a.Category.Department)
}

// target is the department that a rule sends to; not known is an officer who has left.
func (c *City) target(rule *RoutingRule) (DepartmentID, bool) {
	if rule.Unit != nil {
		return *rule.Unit, c.ActiveDepartment(*rule.Unit) != nil
	}
	if rule.Officer != nil {
		if officer := c.ActiveOfficer(*rule.Officer); officer != nil {
			return officer.Department, true
		}
	}
	return DepartmentID{}, false
}

func (rule *RoutingRule) asksFor(a Arriving) bool {
	if rule.Category != nil && *rule.Category != a.Category.ID {
		return false
	}
	if rule.District != nil && (a.Place == nil || a.Place.District == nil || *a.Place.District != *rule.District) {
		return false
	}
	return rule.Question == "" || slices.Contains(a.Answers, Answer{rule.Question, rule.Answer})
}

// CheckRule refuses a rule that could never send anything anywhere; fields are those of the input.
func (c *City) CheckRule(rule *RoutingRule) error {
	if c.ActiveDepartment(rule.Department) == nil {
		return Invalid("department", "department.unknown")
	}
	if rule.District != nil && c.District(*rule.District) == nil {
		return Invalid("district", "district.unknown")
	}
	if rule.Hours != "" && rule.Hours != InWorkingHours && rule.Hours != OutsideWorkingHours {
		return Invalid("hours", "routing.hours")
	}
	if (rule.Unit == nil) == (rule.Officer == nil) {
		return Invalid("unit", "routing.target")
	}
	field, key := "unit", "department.unknown"
	if rule.Officer != nil {
		field, key = "officer", "officer.not_of_department"
	}
	to, known := c.target(rule)
	switch {
	case !known:
		return Invalid(field, key)
	case !c.Within(to, rule.Department):
		return Invalid(field, "routing.not_below")
	}
	return c.checkCategory(rule, to)
}

func (c *City) checkCategory(rule *RoutingRule, to DepartmentID) error {
	if (rule.Question == "") != (rule.Answer == "") {
		return Invalid("answer", "routing.answer")
	}
	if rule.Category == nil {
		return nil
	}
	category := c.ActiveCategory(*rule.Category)
	switch {
	case category == nil:
		return Invalid("category", "category.unknown")
	case !c.Within(category.Department, rule.Department):
		return Invalid("category", "routing.category")
	case !c.Within(to, category.Department):
		return Invalid("unit", "routing.not_below")
	case rule.Question != "" && !slices.ContainsFunc(category.Questions, func(q Question) bool { return q.Code == rule.Question }):
		return Invalid("question", "answers.unknown_question")
	}
	return nil
}

// RoutingTrial is what a rule would have done.
type RoutingTrial struct {
	Looked  int // at how many reports
	Matched int // how many of them it would have sent
	Sample  []ReportID
}

// TrySample is how many of them are shown.
const TrySample = 10

// Try holds a rule against reports that came, newest first.
func (c *City) Try(rule RoutingRule, came []*Report) RoutingTrial {
	trial, city := RoutingTrial{Looked: len(came)}, c.Trying(rule)
	for _, r := range came {
		category := c.Category(r.Category)
		if category == nil {
			continue
		}
		decided := city.Route(Arriving{Category: category, Place: r.Place, Answers: r.Answers, At: r.CreatedAt}).Rule
		if decided == nil || decided.ID != rule.ID {
			continue
		}
		if trial.Matched++; len(trial.Sample) < TrySample {
			trial.Sample = append(trial.Sample, r.ID)
		}
	}
	return trial
}
