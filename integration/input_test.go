package integration

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// wellFormed ids that name nothing.
const (
	noReport   = "report_AAAAAAAAQACAAAAAAAAAAA"
	noCategory = "cat_AAAAAAAAQACAAAAAAAAAAA"
)

func badInput(t *testing.T, city *System) {
	citizen, english := city.Citizen(t, 40), *city.Citizen(t, 40)
	english.Language = "en-GB,en;q=0.9,id;q=0.1"
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	place := func(latitude, longitude any) Vars { return Vars{"latitude": latitude, "longitude": longitude} }
	for name, c := range map[string]struct {
		change Vars
		field  string
	}{
		"an unknown category":          {Vars{"category": noCategory}, "category"},
		"a category that is no id":     {Vars{"category": "banjir"}, "category"},
		"a department for a category":  {Vars{"category": city.Department(t, "drainase")}, "category"},
		"no title":                     {Vars{"title": nil}, "title"},
		"an empty title":               {Vars{"title": ""}, "title"},
		"a title of spaces":            {Vars{"title": " \n\t "}, "title"},
		"a title nobody sees":          {Vars{"title": "\u200b\u2060"}, "title"},
		"a title too long":             {Vars{"title": strings.Repeat("ü", 121)}, "title"},
		"a title that is a list":       {Vars{"title": []string{"a", "b"}}, "title"},
		"a NUL in the title":           {Vars{"title": "a\x00b"}, "title"},
		"an empty body":                {Vars{"body": ""}, "body"},
		"a body too long":              {Vars{"body": strings.Repeat("ü", 10_001)}, "body"},
		"a NUL in the body":            {Vars{"body": "a\x00b"}, "body"},
		"no visibility":                {Vars{"visibility": nil}, "visibility"},
		"an anonymous one, signed":     {Vars{"visibility": "ANONYMOUS"}, "visibility"},
		"a visibility made up":         {Vars{"visibility": "SECRET"}, "visibility"},
		"a place in Jakarta":           {Vars{"location": place(-6.2, 106.8)}, "location"},
		"a place off the Earth":        {Vars{"location": place(-600, 107.6)}, "location"},
		"a place beyond numbers":       {Vars{"location": place(raw("1e999"), 107.6)}, "latitude"},
		"a place that is not a number": {Vars{"location": place(-6.91, "NaN")}, "location"},
		"a place that is infinite":     {Vars{"location": place("Inf", 107.6)}, "location"},
		"a place that is a word":       {Vars{"location": place(-6.91, "timur")}, "longitude"},
		"half a place":                 {Vars{"location": Vars{"latitude": -6.91}}, "longitude"},
		"an address too long":          {Vars{"location": Vars{"latitude": -6.91, "longitude": 107.6, "address": strings.Repeat("a", 301)}}, "location.address"},
		"a client key too long":        {Vars{"clientKey": strings.Repeat("k", 129)}, "clientKey"},
		"an answer to no question":     {Vars{"answers": []Vars{{"question": "?", "answer": "ya"}}}, "answers"},
		"a field that does not exist":  {Vars{"nik": "3273065911860012"}, "nik"},
	} {
		input := Draft{}.input(t, city)
		for field, value := range c.change {
			input[field] = value
		}
		fault := citizen.Refused(t, "INVALID_INPUT", c.field, submitReport, Vars{"input": input})
		plain(t, name, fault)
		if other := english.Refused(t, "INVALID_INPUT", c.field, submitReport, Vars{"input": input}); other.Message == fault.Message {
			t.Errorf("%s: %q in both languages", name, other.Message)
		}
		if name == "no visibility" || name == "an anonymous one, signed" || name == "a visibility made up" {
			continue
		}
		delete(input, "visibility")
		citizen.Refused(t, "INVALID_INPUT", c.field, submitAnonymous, Vars{"input": input})
	}
	// The same for values that are written into the document.
	for literal, field := range map[string]string{
		`visibility:"` + canary + `"`: "visibility", `visibility:PUBLIC,category:` + canary: "category", `visibility:PUBLIC,nik:"` + canary + `"`: "nik",
		`visibility:PUBLIC,location:{latitude:"` + canary + `",longitude:1}`: "latitude", `category:"x"`: "visibility",
	} {
		query := `mutation{submitReport(input:{title:"` + canary + `",body:"` + canary + `",` + literal + `}){state}}`
		fault := citizen.Refused(t, "INVALID_INPUT", field, query, nil)
		plain(t, literal, fault)
		if other := english.Refused(t, "INVALID_INPUT", field, query, nil); other.Message == fault.Message {
			t.Errorf("%s: %q in both languages", literal, other.Message)
		}
	}
	if mine := citizen.Must(t, `{myReports{nodes{title}}}`, nil).At("myReports.nodes"); len(mine.Items()) > 0 {
		t.Errorf("something was stored: %v", mine)
	}
	// The longest that may be sent comes back whole.
	input := Draft{}.input(t, city)
	input["title"], input["body"], input["visibility"] = strings.Repeat("ü", 120), strings.Repeat("𝒳", 10_000), "PRIVATE"
	if filed := citizen.Must(t, submitReport, Vars{"input": input}).At("submitReport.report"); filed.At("title").Text() != input["title"] || filed.At("body").Text() != input["body"] {
		t.Error("the longest report came back changed")
	}
}

// plain holds that an error says something to people and nothing about us.
func plain(t *testing.T, what string, fault Fault) {
	t.Helper()
	for _, ours := range []string{"goroutine", ".go:", "runtime", "pgx", "SQLSTATE", "nats", "strconv", "json:", "panic", canary} {
		if strings.Contains(fault.Message, ours) {
			t.Errorf("%s: the error says %q", what, fault.Message)
		}
	}
	if len(fault.Message) < 5 {
		t.Errorf("%s: the error says only %q", what, fault.Message)
	}
}

func badInputToOthersReports(t *testing.T, city *System) {
	citizen, officer, stranger := city.Citizen(t, 41), city.Officer(t, "drainase"), city.Stranger()
	report := citizen.Submits(t, Draft{Visibility: "PRIVATE"}).At("id").Text()
	const move = `mutation($r:ID!,$to:Status!){changeStatus(report:$r,to:$to){id}}`
	for _, c := range []struct {
		to      string
		allowed []string
	}{
		{"RESOLVED", []string{"VERIFIED", "IN_PROGRESS", "AWAITING_REPORTER", "REJECTED"}},
		{"CLOSED", []string{"VERIFIED", "IN_PROGRESS", "AWAITING_REPORTER", "REJECTED"}},
		{"ESCALATED", []string{"VERIFIED", "IN_PROGRESS", "AWAITING_REPORTER", "REJECTED"}},
		{"RECEIVED", []string{"VERIFIED", "IN_PROGRESS", "AWAITING_REPORTER", "REJECTED"}},
	} {
		fault := officer.Refused(t, "CONFLICT", "to", move, Vars{"r": report, "to": c.to})
		if !slices.Equal(fault.Extensions.Allowed, c.allowed) {
			t.Errorf("to %s: allowed are %v", c.to, fault.Extensions.Allowed)
		}
	}
	officer.Refused(t, "INVALID_INPUT", "to", move, Vars{"r": report, "to": "DONE"})
	officer.Refused(t, "INVALID_INPUT", "message", `mutation($r:ID!,$m:String){changeStatus(report:$r,to:VERIFIED,message:$m){id}}`, Vars{"r": report, "m": "a\x00"})
	if seen := officer.Sees(t, report); seen.At("status").Text() != "RECEIVED" || len(seen.At("timeline.nodes").Items()) != 1 {
		t.Errorf("refused moves left %v", seen)
	}
	for _, verb := range []string{
		`changeStatus(report:$r,to:VERIFIED){id}`, `assignReport(report:$r,officer:"officer_AAAAAAAAQACAAAAAAAAAAA"){id}`,
		`transferReport(report:$r,department:"dept_AAAAAAAAQACAAAAAAAAAAA",reason:"x"){id}`, `addInternalNote(report:$r,body:"x"){id}`,
	} {
		query := `mutation($r:ID!){` + verb + `}`
		officer.Refused(t, "INVALID_INPUT", "report", query, Vars{"r": "7"})
		officer.Refused(t, "NOT_FOUND", "", query, Vars{"r": noReport})
		plain(t, verb, city.Officer(t, "lampu").Refused(t, "NOT_FOUND", "", query, Vars{"r": report}))
		citizen.Refused(t, "FORBIDDEN", "", query, Vars{"r": report})
		stranger.Refused(t, "UNAUTHENTICATED", "", query, Vars{"r": report})
	}
	for _, c := range []struct{ code, field, query string }{
		{"INVALID_INPUT", "id", `{report(id:"7"){id}}`}, {"INVALID_INPUT", "id", `{report(id:"dept_AAAAAAAAQACAAAAAAAAAAA"){id}}`},
		{"NOT_FOUND", "", `{report(id:"` + noReport + `"){id}}`}, {"INVALID_INPUT", "number", `{report(number:"7"){id}}`},
		{"NOT_FOUND", "", `{report(number:"JW-0000-0000"){id}}`}, {"INVALID_INPUT", "", `{report{id}}`},
		{"INVALID_INPUT", "", `{report(id:"` + noReport + `",number:"JW-0000-0000"){id}}`},
		{"INVALID_INPUT", "id", `{node(id:"unknown_AAAAAAAAQACAAAAAAAAAAA"){id}}`}, {"INVALID_INPUT", "id", `{node(id:""){id}}`},
		{"INVALID_INPUT", "after", `{publicReports(after:"7"){nodes{id}}}`}, {"INVALID_INPUT", "after", `{publicReports(after:"'; DROP TABLE reports"){nodes{id}}}`},
		{"INVALID_INPUT", "first", `{publicReports(first:0){nodes{id}}}`}, {"INVALID_INPUT", "first", `{publicReports(first:101){nodes{id}}}`},
		{"INVALID_INPUT", "first", `{publicReports(first:-1){nodes{id}}}`}, {"INVALID_INPUT", "order", `{publicReports(order:DUE_SOONEST){nodes{id}}}`},
		{"INVALID_INPUT", "filter.overdue", `{publicReports(filter:{overdue:true}){nodes{id}}}`},
		{"INVALID_INPUT", "filter.categories", `{publicReports(filter:{categories:["7"]}){nodes{id}}}`},
		{"INVALID_INPUT", "filter.text", `{publicReports(filter:{text:"a\u0000"}){nodes{id}}}`},
		{"INVALID_INPUT", "receipt", `{anonymousReport(receipt:"lima ekor kucing"){unread}}`},
		{"UNAUTHENTICATED", "", `{myReports{nodes{id}}}`},
	} {
		plain(t, c.query, stranger.Refused(t, c.code, c.field, c.query, nil))
	}
	// A cursor of another list is none of this one, and an unknown word finds nothing rather than everything.
	comments := stranger.Must(t, `{publicReports(order:MOST_UPVOTED,first:1){pageInfo{endCursor}}}`, nil).At("publicReports.pageInfo.endCursor").Text()
	stranger.Refused(t, "INVALID_INPUT", "after", `query($c:Cursor){publicReports(order:NEWEST,after:$c){nodes{id}}}`, Vars{"c": comments})
	if none := stranger.Must(t, `{publicReports(filter:{text:"tidakadakatasepertiini"}){nodes{id}}}`, nil).At("publicReports.nodes"); len(none.Items()) > 0 {
		t.Errorf("an unknown word finds %v", none)
	}
}

func everyNodeByItsID(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 42), city.Officer(t, "drainase")
	filed := citizen.Submits(t, Draft{Latitude: -6.9117, Longitude: 107.5787})
	report := filed.At("id").Text()
	said := citizen.Must(t, comment, Vars{"r": report, "b": canary}).At("commentOnReport.id").Text()
	noted := officer.Must(t, `mutation($r:ID!){addInternalNote(report:$r,body:"`+canary+`"){id}}`, Vars{"r": report}).At("addInternalNote.id").Text()
	district := city.Stranger().Must(t, `{districts{id name}}`, nil).At("districts.0.id").Text()
	clerk := officer.Must(t, `{viewer{... on Officer{id}}}`, nil).At("viewer.id").Text()
	stranger, other := city.Stranger(), city.Citizen(t, 43)
	for _, c := range []struct {
		kind, id string
		see, not []*Caller
	}{
		{"Report", report, []*Caller{stranger, citizen, officer}, nil},
		{"Department", city.Department(t, "jalan"), []*Caller{stranger, citizen, officer}, nil},
		{"Category", city.Category(t, "banjir"), []*Caller{stranger, citizen, officer}, nil},
		{"District", district, []*Caller{stranger, citizen, officer}, nil},
		{"Comment", said, []*Caller{stranger, citizen, officer}, nil},
		{"InternalNote", noted, []*Caller{officer, city.Officer(t, "walikota")}, []*Caller{stranger, citizen, city.Officer(t, "lampu")}},
		{"Officer", clerk, []*Caller{officer, city.Officer(t, "lampu")}, []*Caller{stranger, citizen}},
		{"Citizen", filed.At("reporter.id").Text(), []*Caller{citizen}, []*Caller{stranger, other, officer}},
	} {
		const node = `query($id:ID!){node(id:$id){__typename id}}`
		for i, caller := range c.see {
			if found := caller.Must(t, node, Vars{"id": c.id}).At("node"); found.At("__typename").Text() != c.kind || found.At("id").Text() != c.id {
				t.Errorf("%s %d finds %v", c.kind, i, found)
			}
		}
		for _, caller := range c.not {
			caller.Refused(t, "NOT_FOUND", "", node, Vars{"id": c.id})
		}
		prefix, rest, _ := strings.Cut(c.id, "_")
		stranger.Refused(t, "NOT_FOUND", "", node, Vars{"id": prefix + "_" + strings.Repeat("A", len(rest)-1) + "A"})
	}
}

func listsCanBeNarrowedSortedAndPaged(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 44), city.Officer(t, "puskesmas")
	const word = "kupukupu"
	var all []string
	for i := range 5 {
		all = append(all, citizen.Submits(t, Draft{Category: "pelayanan-puskesmas", Title: fmt.Sprint(word, " ", i)}).At("id").Text())
	}
	officer.Moves(t, all[1], "VERIFIED", "")
	city.Citizen(t, 45).Must(t, `mutation($r:ID!){upvoteReport(report:$r){id}}`, Vars{"r": all[3]})
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	list := func(by *Caller, field, filter, order string) []string {
		t.Helper()
		var ids []string
		after := Value{}
		for {
			page := by.Must(t, `query($after:Cursor){`+field+`filter:{text:"`+word+`"`+filter+`}`+order+` first:2 after:$after){
				nodes{id} edges{cursor node{id}} pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}`, Vars{"after": after.raw})
			name, _, _ := strings.Cut(field, "(")
			ids = append(ids, page.At(name+".nodes").Texts("id")...)
			info := page.At(name + ".pageInfo")
			if info.At("hasPreviousPage").True() == after.Null() && len(ids) > 0 {
				t.Errorf("%s: behind %v it says %v", field, after, info)
			}
			if after = info.At("endCursor"); !info.At("hasNextPage").True() {
				return ids
			}
		}
	}
	same := func(what string, got, want []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	const public = `publicReports(`
	stranger := city.Stranger()
	same("newest", list(stranger, public, "", ""), backwards)
	same("oldest", list(stranger, public, "", " order:OLDEST"), all)
	same("most upvoted", list(stranger, public, "", " order:MOST_UPVOTED")[:1], all[3:4])
	same("verified", list(stranger, public, " statuses:[VERIFIED]", ""), all[1:2])
	same("nothing", list(stranger, public, " statuses:[]", ""), nil)
	same("other category", list(stranger, public, ` categories:["`+city.Category(t, "banjir")+`"]`, ""), nil)
	same("this department", list(stranger, public, ` departments:["`+city.Department(t, "puskesmas")+`"]`, ""), backwards)
	same("before", list(stranger, public, ` createdTo:"2020-01-01T00:00:00Z"`, ""), nil)
	same("since", list(stranger, public, ` createdFrom:"2020-01-01T00:00:00Z"`, ""), backwards)
	inside := `departmentReports(department:"` + city.Department(t, "kesehatan") + `" `
	boss := city.Officer(t, "kesehatan")
	same("the department above, oldest", list(boss, inside, "", " order:OLDEST"), all)
	same("unassigned", list(boss, inside, " unassigned:true", " order:OLDEST"), all)
	same("on my desk", list(boss, inside, " assignedToMe:true", ""), nil)
	same("escalated", list(boss, inside, " escalated:true", ""), nil)
	same("overdue", list(boss, inside, " overdue:true", ""), nil)
	due := list(boss, inside, "", "")
	slices.Sort(due)
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	same("due soonest", due, sorted)
}
