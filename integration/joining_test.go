package integration

import (
	"slices"
	"testing"
)

// Two citizens see the same hole, one of them tells of a blocked drain as well, and the drains unit lends a hand.
func reportsBecomeOneAndSeveral(t *testing.T, city *System) {
	first, second, officer := city.Citizen(t, 72), city.Citizen(t, 73), city.Officer(t, "jalan")
	hole, again := first.Submits(t, Draft{Category: "jalan-rusak"}).At("id").Text(), second.Submits(t, Draft{Category: "jalan-rusak", Visibility: "PRIVATE"})
	feed := officer.Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "jalan"), "after": city.Dawn(t)})
	feed.Tells(hole)
	officer.Must(t, `mutation($a:ID!,$b:ID!){mergeReports(into:$a,reports:[$b]){id}}`, Vars{"a": hole, "b": again.At("id").Text()})
	if told := feed.Tells(hole); told.Text("kind") != "MERGED" {
		t.Errorf("the department is told %v", told)
	}
	officer.Moves(t, hole, "VERIFIED", "Baik.")
	feed.Tells(hole)
	seen := second.Must(t, `query($n:String!){report(number:$n){status mergedStatus mergedInto{id followedByMe}}}`, Vars{"n": again.At("number").Text()}).At("report")
	if seen.At("status").Text() != "MERGED" || seen.At("mergedStatus").Text() != "VERIFIED" || seen.At("mergedInto.id").Text() != hole || !seen.At("mergedInto.followedByMe").True() {
		t.Errorf("who reported it, too, sees %v", seen)
	}
	city.Stranger().Refused(t, "NOT_FOUND", "", `query($n:String!){report(number:$n){id}}`, Vars{"n": again.At("number").Text()})

	parts := officer.Must(t, `mutation($r:ID!,$a:ID!,$b:ID!){splitReport(report:$r,parts:[{title:"`+canary+` Lubang",body:"`+canary+`",category:$a},
		{title:"`+canary+` Saluran",body:"`+canary+`",category:$b}]){id department{code}}}`,
		Vars{"r": hole, "a": city.Category(t, "jalan-rusak"), "b": city.Category(t, "saluran-mampet")}).At("splitReport")
	if codes := parts.Texts("department.code"); !slices.Equal(codes, []string{"jalan", "drainase"}) {
		t.Errorf("the parts went to %v", codes)
	}
	if ids := first.Must(t, `query($r:ID!){report(id:$r){parts{id}}}`, Vars{"r": hole}).At("report.parts").Texts("id"); !slices.Equal(ids, parts.Texts("id")) {
		t.Errorf("its reporter sees the parts %v", ids)
	}
	if told := feed.Tells(hole); told.Text("kind") != "SPLIT" {
		t.Errorf("the department is told %v", told)
	}

	helper := city.Officer(t, "drainase")
	const departmentTasks = `subscription($d:ID!,$a:Cursor){c:departmentTasks(department:$d,after:$a){cursor task{id state answer}}}`
	drains, dawn := Vars{"d": city.Department(t, "drainase")}, city.Dawn(t)
	screen := helper.Dial(t).Subscribe(departmentTasks, Vars{"d": drains["d"], "a": dawn})
	officer.Dial(t).Subscribe(departmentTasks, drains).Refused("NOT_FOUND")
	city.Citizen(t, 72).Dial(t).Subscribe(departmentTasks, drains).Refused("FORBIDDEN")
	task := officer.Must(t, `mutation($r:ID!,$d:ID!){createTask(report:$r,department:$d,title:"`+canary+` Sedot air",body:"`+canary+`",dueInHours:8){id}}`,
		Vars{"r": hole, "d": city.Department(t, "drainase")}).At("createTask.id").Text()
	open := helper.Must(t, `query($d:ID!){departmentTasks(department:$d,state:OPEN){nodes{id}}}`, Vars{"d": city.Department(t, "drainase")}).At("departmentTasks.nodes").Texts("id")
	if !slices.Contains(open, task) {
		t.Errorf("the drains unit has to do %v", open)
	}
	cursor := dawn
	screen.until(t, "the unit's screen", func(told Value) bool {
		cursor = told.At("cursor").Text()
		return told.At("task.id").Text() == task && told.At("task.state").Text() == "OPEN"
	})
	helper.Must(t, `mutation($t:ID!){finishTask(task:$t,message:"`+canary+` Sudah kering."){state}}`, Vars{"t": task})
	for range 2 {
		if told := feed.Tells(hole); told.Text("kind") != "TASK_CHANGED" {
			t.Errorf("the department is told %v", told)
		}
	}
	done := func(told Value) bool {
		return told.At("task.id").Text() == task && told.At("task.state").Text() == "DONE"
	}
	screen.until(t, "the unit's screen", done)
	helper.Dial(t).Subscribe(departmentTasks, Vars{"d": drains["d"], "a": cursor}).until(t, "the unit's screen, come back", done)
	city.Officer(t, "kesehatan").Refused(t, "NOT_FOUND", "", `mutation($t:ID!){declineTask(task:$t,reason:"x"){id}}`, Vars{"t": task})
}

// A head sends what comes in to a unit below, for the next report on.
func aHeadSaysWhereReportsGo(t *testing.T, city *System) {
	head := city.signedIn(t, Vars{"email": "kepala.kebersihan@demo.jagawarga.test", "password": people(t).Password})
	before := city.Citizen(t, 74).Submits(t, Draft{Category: "sampah-liar"})
	rule := Vars{"in": Vars{
		"department": city.Department(t, "kebersihan"), "name": canary + " Utara", "position": 1, "enabled": true,
		"category": city.Category(t, "sampah-liar"), "unit": city.Department(t, "kebersihan-utara"),
	}}
	tried := head.Must(t, `query($in:RoutingRuleInput!){dryRunRoutingRule(input:$in){matched sample{id}}}`, rule).At("dryRunRoutingRule")
	if !slices.Contains(tried.At("sample").Texts("id"), before.At("id").Text()) || tried.At("matched").Number() < 1 {
		t.Errorf("it was tried on %v", tried)
	}
	id := head.Must(t, `mutation($in:RoutingRuleInput!){saveRoutingRule(input:$in){id}}`, rule).At("saveRoutingRule.id").Text()
	if to := city.Citizen(t, 74).Submits(t, Draft{Category: "sampah-liar"}).At("department.code").Text(); to != "kebersihan-utara" {
		t.Errorf("the next report goes to %s", to)
	}
	head.Must(t, `mutation($id:ID!){deleteRoutingRule(id:$id)}`, Vars{"id": id})
	if to := city.Citizen(t, 74).Submits(t, Draft{Category: "sampah-liar"}).At("department.code").Text(); to != "kebersihan" {
		t.Errorf("without the rule it goes to %s", to)
	}
	city.Officer(t, "kebersihan").Refused(t, "FORBIDDEN", "", `mutation($in:RoutingRuleInput!){saveRoutingRule(input:$in){id}}`, rule)
}
