package civic_test

import (
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

func rule(name string, owner *civic.Department, position int, change func(*civic.RoutingRule)) *civic.RoutingRule {
	r := &civic.RoutingRule{
		ID: civic.RoutingRuleID{UUID: civic.NamedUUID("rule " + name)}, Department: owner.ID, Name: name, Position: position, Enabled: true,
	}
	change(r)
	return r
}

func to(d *civic.Department, more ...func(*civic.RoutingRule)) func(*civic.RoutingRule) {
	return func(r *civic.RoutingRule) {
		r.Unit = &d.ID
		for _, change := range more {
			change(r)
		}
	}
}

// The first rule that fits decides; what is nobody's to send stays with the category's department.
func TestRoute(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	waste, flood := city.CategoryFor("sampah"), city.CategoryFor("banjir")
	coblong, day, night := city.Districts[0], monday(t), monday(t).Add(12*time.Hour)
	officer := civic.OfficerID{UUID: civic.NamedUUID("officer")}
	answer := civic.Answer{Question: "size", Answer: "big"}
	inCoblong := func(r *civic.RoutingRule) { r.District = &coblong.ID }
	atNight := func(r *civic.RoutingRule) { r.Hours = civic.OutsideWorkingHours }
	byDay := func(r *civic.RoutingRule) { r.Hours = civic.InWorkingHours }
	ofWaste := func(r *civic.RoutingRule) { r.Category = &waste.ID }
	ofFlood := func(r *civic.RoutingRule) { r.Category = &flood.ID }
	big := func(r *civic.RoutingRule) { r.Question, r.Answer = answer.Question, answer.Answer }
	off := func(r *civic.RoutingRule) { r.Enabled = false }
	toOfficer := func(id civic.OfficerID) func(*civic.RoutingRule) {
		return func(r *civic.RoutingRule) { r.Officer = &id }
	}
	place := &civic.Place{District: &coblong.ID}
	for name, c := range map[string]struct {
		rules []*civic.RoutingRule
		of    *civic.Category
		place *civic.Place
		big   bool
		at    time.Time
		want  *civic.Department
		whom  bool
	}{
		"no rule":                     {nil, waste, nil, false, day, works, false},
		"any":                         {[]*civic.RoutingRule{rule("a", works, 1, to(roads))}, waste, nil, false, day, roads, false},
		"switched off":                {[]*civic.RoutingRule{rule("a", works, 1, to(roads, off))}, waste, nil, false, day, works, false},
		"by position":                 {[]*civic.RoutingRule{rule("a", works, 2, to(roads)), rule("b", works, 1, to(drains))}, waste, nil, false, day, drains, false},
		"the higher house first":      {[]*civic.RoutingRule{rule("a", works, 1, to(roads)), rule("b", secretariat, 9, to(drains))}, waste, nil, false, day, drains, false},
		"its category":                {[]*civic.RoutingRule{rule("a", works, 1, to(roads, ofWaste))}, waste, nil, false, day, roads, false},
		"another category":            {[]*civic.RoutingRule{rule("a", works, 1, to(roads, ofFlood))}, waste, nil, false, day, works, false},
		"its district":                {[]*civic.RoutingRule{rule("a", works, 1, to(roads, inCoblong))}, waste, place, false, day, roads, false},
		"no place":                    {[]*civic.RoutingRule{rule("a", works, 1, to(roads, inCoblong))}, waste, nil, false, day, works, false},
		"its answer":                  {[]*civic.RoutingRule{rule("a", works, 1, to(roads, big))}, waste, nil, true, day, roads, false},
		"no answer":                   {[]*civic.RoutingRule{rule("a", works, 1, to(roads, big))}, waste, nil, false, day, works, false},
		"by night":                    {[]*civic.RoutingRule{rule("a", works, 1, to(roads, atNight))}, waste, nil, false, night, roads, false},
		"not by night":                {[]*civic.RoutingRule{rule("a", works, 1, to(roads, byDay))}, waste, nil, false, night, works, false},
		"the next that fits":          {[]*civic.RoutingRule{rule("a", works, 1, to(roads, atNight)), rule("b", works, 2, to(drains))}, waste, nil, false, day, drains, false},
		"to an officer":               {[]*civic.RoutingRule{rule("a", works, 1, toOfficer(officer))}, waste, nil, false, day, roads, true},
		"to an officer who has left":  {[]*civic.RoutingRule{rule("a", works, 1, toOfficer(civic.OfficerID{UUID: civic.NamedUUID("gone")}))}, waste, nil, false, day, works, false},
		"out of the category's house": {[]*civic.RoutingRule{rule("a", works, 1, to(roads))}, flood, nil, false, day, drains, false},
		"a rule from below":           {[]*civic.RoutingRule{rule("a", roads, 1, to(roads))}, waste, nil, false, day, works, false},
		"a rule from another house":   {[]*civic.RoutingRule{rule("a", inspection, 1, to(roads))}, waste, nil, false, day, works, false},
	} {
		arriving := civic.Arriving{Category: c.of, Place: c.place, At: c.at}
		if c.big {
			arriving.Answers = []civic.Answer{{Question: "other", Answer: "big"}, answer}
		}
		way := city.WithRules(c.rules).Route(arriving)
		if way.Department != c.want.ID || (way.Assignee != nil) != c.whom {
			t.Errorf("%s: to %s, %v", name, city.Department(way.Department).Code, way.Assignee)
		}
	}
}

func TestCheckRule(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	flood := city.CategoryFor("banjir").ID
	for name, c := range map[string]struct {
		rule       *civic.RoutingRule
		field, key string
	}{
		"nowhere":             {rule("a", works, 1, func(*civic.RoutingRule) {}), "unit", "routing.target"},
		"to both":             {rule("a", works, 1, to(roads, func(r *civic.RoutingRule) { r.Officer = new(civic.OfficerID) })), "unit", "routing.target"},
		"no such unit":        {rule("a", works, 1, func(r *civic.RoutingRule) { r.Unit = new(departmentID("none")) }), "unit", "department.unknown"},
		"no such officer":     {rule("a", works, 1, func(r *civic.RoutingRule) { r.Officer = new(civic.OfficerID) }), "officer", "officer.not_of_department"},
		"beside":              {rule("a", works, 1, to(inspection)), "unit", "routing.not_below"},
		"above":               {rule("a", works, 1, to(secretariat)), "unit", "routing.not_below"},
		"no such category":    {rule("a", works, 1, to(roads, func(r *civic.RoutingRule) { r.Category = new(civic.CategoryID) })), "category", "category.unknown"},
		"another's category":  {rule("a", roads, 1, to(roads, func(r *civic.RoutingRule) { r.Category = &flood })), "category", "routing.category"},
		"out of the category": {rule("a", works, 1, to(roads, func(r *civic.RoutingRule) { r.Category = &flood })), "unit", "routing.not_below"},
		"no such district":    {rule("a", works, 1, to(roads, func(r *civic.RoutingRule) { r.District = new(civic.DistrictID) })), "district", "district.unknown"},
		"no such hours":       {rule("a", works, 1, to(roads, func(r *civic.RoutingRule) { r.Hours = "TEA" })), "hours", "routing.hours"},
		"half a question":     {rule("a", works, 1, to(roads, func(r *civic.RoutingRule) { r.Question = "size" })), "answer", "routing.answer"},
		"no such question": {rule("a", works, 1, to(drains, func(r *civic.RoutingRule) {
			r.Category, r.Question, r.Answer = &flood, "size", "big"
		})), "question", "answers.unknown_question"},
		"no such house": {rule("a", &civic.Department{ID: departmentID("none")}, 1, to(roads)), "department", "department.unknown"},
	} {
		wantInvalid(t, name, city.CheckRule(c.rule), c.field, c.key)
	}
	if err := city.CheckRule(rule("a", works, 1, to(roads))); err != nil {
		t.Error(err)
	}
}

// A rule is tried among the others as they are: what an earlier one takes is not its own.
func TestTryARule(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	waste, flood := city.CategoryFor("sampah").ID, city.CategoryFor("banjir").ID
	var came []*civic.Report
	for i := range 30 {
		r := &civic.Report{ID: civic.ReportID{UUID: civic.UUID{byte(i)}}, Category: waste, CreatedAt: monday(t)}
		switch i % 3 {
		case 1:
			r.CreatedAt = r.CreatedAt.Add(12 * time.Hour)
		case 2:
			r.Category = flood
		}
		came = append(came, r)
	}
	tried := rule("tried", works, 5, to(roads))
	tried.Enabled = false
	if got := city.WithRules([]*civic.RoutingRule{tried}).Try(*tried, came); got.Looked != 30 || got.Matched != 20 || len(got.Sample) != civic.TrySample || got.Sample[0] != came[0].ID {
		t.Errorf("%+v", got)
	}
	before := rule("before", works, 1, to(drains, func(r *civic.RoutingRule) { r.Hours = civic.OutsideWorkingHours }))
	city = city.WithRules([]*civic.RoutingRule{before})
	if got := city.Try(*tried, came); got.Matched != 10 || len(city.Rules()) != 1 {
		t.Errorf("%+v", got)
	}
}

// Parts and what was merged count from the earliest day.
func TestJoiningWinsNoTime(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	old, fresh := filed(t, city), filed(t, city)
	now := monday(t).Add(24 * time.Hour)
	fresh.CreatedAt = now
	city.PromiseAgain(fresh)
	response, resolution := old.Clock.ResponseDue, old.Clock.ResolutionDue
	if !fresh.Clock.ResponseDue.After(response) {
		t.Fatal("the second is not later")
	}
	old.Visibility, fresh.Visibility = civic.Public, civic.Private
	if err := city.Merge(old, fresh, now); err == nil || old.Status == civic.Merged {
		t.Error("a public report went out of sight")
	}
	fresh.Visibility = civic.Public
	if err := city.Merge(old, fresh, now); err != nil {
		t.Fatal(err)
	}
	if !fresh.Clock.ResponseDue.Equal(response) || !fresh.Clock.ResolutionDue.Equal(resolution) || !fresh.Clock.NextDue.Equal(response) {
		t.Errorf("%+v", fresh.Clock)
	}
	city.PromiseAgain(fresh) // as after another holiday
	if !fresh.Clock.ResolutionDue.Equal(resolution) {
		t.Errorf("counted anew it wins time: %+v", fresh.Clock)
	}
	origin := filed(t, city)
	move(t, city, origin, civic.ByDepartment, civic.AwaitingReporter, monday(t).Add(time.Hour))
	move(t, city, origin, civic.ByReporter, civic.InProgress, monday(t).Add(3*time.Hour))
	flood := city.CategoryFor("banjir")
	part := city.Part(origin, "x", "x", flood, now)
	city.PlacePart(part, flood.Department, nil)
	if want := city.Calendar.Add(origin.CreatedAt, time.Duration(flood.ResolutionHours)*time.Hour+2*time.Hour); !part.Clock.ResolutionDue.Equal(want) {
		t.Errorf("%s, want %s", part.Clock.ResolutionDue, want)
	}
}
