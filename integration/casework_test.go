package integration

import (
	"slices"
	"testing"
)

func supportComesAndGoes(t *testing.T, city *System) {
	author, fan, officer := city.Citizen(t, 30), city.Citizen(t, 31), city.Officer(t, "jalan")
	report := author.Submits(t, Draft{Category: "trotoar"}).At("id").Text()
	stream := city.Stranger().Dial(t).Subscribe(reportChanged, Vars{"report": report, "after": city.Dawn(t)})
	stream.Happens() // CREATED
	vote := func(by *Caller, verb string, count float64, mine bool) {
		t.Helper()
		got := by.Must(t, `mutation($r:ID!){v:`+verb+`(report:$r){upvoteCount upvotedByMe}}`, Vars{"r": report}).At("v")
		if got.At("upvoteCount").Number() != count || got.At("upvotedByMe").True() != mine {
			t.Errorf("%s gives %v, want %v %v", verb, got, count, mine)
		}
	}
	told := func(count float64) {
		t.Helper()
		if told := stream.Happens(); told.Text("kind") != "UPVOTED" || told.At("report.upvoteCount").Number() != count {
			t.Errorf("everybody is told %v, want %v", told, count)
		}
	}
	vote(fan, "upvoteReport", 1, true)
	told(1)
	vote(fan, "upvoteReport", 1, true) // twice is once
	vote(author, "upvoteReport", 2, true)
	told(2)
	vote(fan, "removeUpvote", 1, false)
	told(1)
	if seen := city.Stranger().Sees(t, report); seen.At("upvoteCount").Number() != 1 || seen.At("upvotedByMe").True() {
		t.Errorf("a stranger sees %v", seen)
	}
	const upvote = `mutation($r:ID!){upvoteReport(report:$r){id}}`
	city.Stranger().Refused(t, "UNAUTHENTICATED", "", upvote, Vars{"r": report})
	officer.Refused(t, "FORBIDDEN", "", upvote, Vars{"r": report})
	private := author.Submits(t, Draft{Visibility: "PRIVATE"}).At("id").Text()
	fan.Refused(t, "NOT_FOUND", "", upvote, Vars{"r": private})
}

const comment = `mutation($r:ID!,$b:String!){commentOnReport(report:$r,body:$b){id body author{kind name department{code}}}}`

func aConversation(t *testing.T, city *System) {
	author, passerby, officer := city.Citizen(t, 32), city.Citizen(t, 33), city.Officer(t, "jalan")
	report := author.Submits(t, Draft{Category: "jembatan"}).At("id").Text()
	for _, speaker := range []struct {
		by         *Caller
		kind, dept string
	}{{author, "REPORTER", ""}, {passerby, "CITIZEN", ""}, {officer, "DEPARTMENT", "jalan"}} {
		said := speaker.by.Must(t, comment, Vars{"r": report, "b": canary + " dari " + speaker.kind}).At("commentOnReport")
		if said.At("author.kind").Text() != speaker.kind || said.At("author.department.code").Text() != speaker.dept || said.At("author.name").Text() == "" {
			t.Errorf("%s spoke as %v", speaker.kind, said)
		}
	}
	for _, reader := range []*Caller{city.Stranger(), author, officer} {
		comments := reader.Sees(t, report).At("comments.nodes")
		if kinds := comments.Texts("author.kind"); !slices.Equal(kinds, []string{"REPORTER", "CITIZEN", "DEPARTMENT"}) {
			t.Errorf("the conversation is %v", kinds)
		}
	}
	english := &Caller{System: city, Language: "en"}
	if name := english.Sees(t, report).At("comments.nodes.0.author.name").Text(); name != "Reporter" {
		t.Errorf("in English the reporter is %q", name)
	}
	city.Officer(t, "kebersihan").Refused(t, "NOT_FOUND", "", comment, Vars{"r": report, "b": "x"})
	city.Stranger().Refused(t, "UNAUTHENTICATED", "", comment, Vars{"r": report, "b": "x"})
	author.Refused(t, "INVALID_INPUT", "body", comment, Vars{"r": report, "b": " "})
}

func aReportIsHandedOn(t *testing.T, city *System) {
	author, here, there := city.Citizen(t, 34), city.Officer(t, "jalan"), city.Officer(t, "lampu")
	report := author.Submits(t, Draft{Category: "jalan-rusak", Title: "Ternyata lampunya"}).At("id").Text()
	after := city.Dawn(t)
	hereFeed := here.Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "jalan"), "after": after})
	thereFeed := there.Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "lampu"), "after": after})
	hereFeed.Tells(report)

	officer := here.Must(t, `{viewer{... on Officer{id name}}}`, nil).At("viewer")
	const assign = `mutation($r:ID!,$o:ID!){assignReport(report:$r,officer:$o){assignee{name}}}`
	assigned := here.Must(t, assign, Vars{"r": report, "o": officer.At("id").Text()})
	if assigned.At("assignReport.assignee.name").Text() != officer.At("name").Text() {
		t.Errorf("it was assigned: %v", assigned)
	}
	if told := hereFeed.Tells(report); told.Text("kind") != "ASSIGNED" {
		t.Errorf("the department is told %v", told)
	}
	stranger := there.Must(t, `{viewer{... on Officer{id}}}`, nil).At("viewer.id").Text()
	here.Refused(t, "INVALID_INPUT", "officer", assign, Vars{"r": report, "o": stranger})

	const transfer = `mutation($r:ID!,$d:ID!,$why:String!){transferReport(report:$r,department:$d,reason:$why){department{code}}}`
	here.Refused(t, "INVALID_INPUT", "department", transfer, Vars{"r": report, "d": city.Department(t, "jalan"), "why": "ke sini"})
	here.Refused(t, "INVALID_INPUT", "reason", transfer, Vars{"r": report, "d": city.Department(t, "lampu"), "why": ""})
	moved := here.Must(t, transfer, Vars{"r": report, "d": city.Department(t, "lampu"), "why": "Urusan lampu."})
	if moved.At("transferReport.department.code").Text() != "lampu" {
		t.Errorf("it was handed on: %v", moved)
	}
	// Everybody sees a public report; who works on it has changed.
	here.Refused(t, "NOT_FOUND", "", assign, Vars{"r": report, "o": officer.At("id").Text()})
	if told := thereFeed.Tells(report); told.Text("kind") != "TRANSFERRED" || told.Text("message") != "Urusan lampu." {
		t.Errorf("the new department is told %v", told)
	}
	if told := hereFeed.Tells(report); told.Text("kind") != "TRANSFERRED" || told.Text("report.department.code") != "lampu" {
		t.Errorf("the old department is told %v", told)
	}
	history := author.Sees(t, report).At("timeline.nodes")
	if !slices.Equal(history.Texts("kind"), []string{"SUBMITTED", "ASSIGNED", "TRANSFERRED"}) || history.At("2.department.code").Text() != "lampu" {
		t.Errorf("its history is %v", history)
	}
}

func aReportIsTakenBack(t *testing.T, city *System) {
	author, officer := city.Citizen(t, 35), city.Officer(t, "drainase")
	report := author.Submits(t, Draft{}).At("id").Text()
	const withdraw = `mutation($r:ID!){withdrawReport(report:$r,reason:"Sudah surut."){status timeline{nodes{kind message}}}}`
	for outsider, code := range map[*Caller]string{city.Citizen(t, 36): "NOT_FOUND", officer: "NOT_FOUND", city.Stranger(): "UNAUTHENTICATED"} {
		outsider.Refused(t, code, "", withdraw, Vars{"r": report})
	}
	if gone := author.Must(t, withdraw, Vars{"r": report}).At("withdrawReport"); gone.At("status").Text() != "WITHDRAWN" || gone.At("timeline.nodes.1.message").Text() != "Sudah surut." {
		t.Errorf("it was withdrawn: %v", gone)
	}
	author.Refused(t, "CONFLICT", "", withdraw, Vars{"r": report})
	fault := officer.Refused(t, "CONFLICT", "to", `mutation($r:ID!){changeStatus(report:$r,to:VERIFIED){id}}`, Vars{"r": report})
	if len(fault.Extensions.Allowed) != 0 {
		t.Errorf("a withdrawn report may become %v", fault.Extensions.Allowed)
	}
}

func whatTheDepartmentKnows(t *testing.T, city *System) {
	author, officer := city.Citizen(t, 37), city.Officer(t, "drainase")
	report := author.Submits(t, Draft{}).At("id").Text()
	noted := officer.Must(t, `mutation($r:ID!){addInternalNote(report:$r,body:"`+canary+` pompa rusak"){id author{name}}}`, Vars{"r": report})
	if noted.At("addInternalNote.author.name").Text() == "" {
		t.Errorf("noted was %v", noted)
	}
	const inside = `query($r:ID!){report(id:$r){title reporter{name} dueAt escalationLevel escalatedTo{code} hidden assignee{name} internalNotes{body author{name}} category{code}}}`
	whole := officer.Must(t, inside, Vars{"r": report}).At("report")
	if whole.At("dueAt").Null() || whole.At("internalNotes.0.body").Text() != canary+" pompa rusak" || whole.At("reporter.name").Text() != people(t).Citizens[37].Name {
		t.Errorf("the department sees %v", whole)
	}
	// To others each such field is null with an error of its own, and its neighbours answer.
	for name, outsider := range map[string]*Caller{"author": author, "another": city.Citizen(t, 38), "other department": city.Officer(t, "lampu"), "stranger": city.Stranger()} {
		answer := outsider.Ask(t, inside, Vars{"r": report})
		seen, want := answer.Data.At("report"), "FORBIDDEN"
		if outsider.Token == "" {
			want = "UNAUTHENTICATED"
		}
		if seen.At("title").Null() || seen.At("category.code").Text() != "banjir" {
			t.Errorf("%s: the neighbours do not answer: %v", name, seen)
		}
		if knows := !seen.At("reporter").Null(); knows != (outsider == author) {
			t.Errorf("%s: the reporter is %v", name, seen.At("reporter"))
		}
		var refused []string
		for _, fault := range answer.Errors {
			refused = append(refused, fault.Path[len(fault.Path)-1].(string))
			if fault.Extensions.Code != want {
				t.Errorf("%s: %v", name, fault)
			}
		}
		slices.Sort(refused)
		if !slices.Equal(refused, []string{"assignee", "dueAt", "escalatedTo", "escalationLevel", "hidden", "internalNotes"}) {
			t.Errorf("%s is refused %v", name, refused)
		}
		for _, field := range refused {
			if !seen.At(field).Null() {
				t.Errorf("%s sees %s: %v", name, field, seen.At(field))
			}
		}
	}
}
