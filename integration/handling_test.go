package integration

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const handOn = `mutation($r:ID!,$d:ID!){transferReport(report:$r,department:$d,reason:"Bukan wewenang kami."){department{code}}}`

func whatNobodyWantsGoesToTheSecretariat(t *testing.T, city *System) {
	author := city.Citizen(t, 70)
	report := author.Submits(t, Draft{Category: "jalan-rusak", Title: "Milik siapa"}).At("id").Text()
	to := func(code string) Vars { return Vars{"r": report, "d": city.Department(t, code)} }
	tray := city.Officer(t, "sekda").Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "sekda"), "after": city.Dawn(t)})
	tray.Tells(report) // CREATED: the secretariat is above
	city.Officer(t, "jalan").Must(t, handOn, to("lampu"))
	city.Officer(t, "lampu").Refused(t, "CONFLICT", "", handOn, to("jalan"))
	if moved := city.Officer(t, "lampu").Must(t, handOn, to("air")); moved.At("transferReport.department.code").Text() != "sekda" {
		t.Errorf("refused twice it goes to %v", moved)
	}
	for range 2 {
		if told := tray.Tells(report); told.Text("kind") != "TRANSFERRED" {
			t.Errorf("the secretariat is told %v", told)
		}
	}
	city.Officer(t, "sekda").Must(t, handOn, to("jalan"))
	city.Officer(t, "jalan").Refused(t, "CONFLICT", "", handOn, to("air"))
	city.Officer(t, "jalan").Moves(t, report, "VERIFIED", "Baik, kami kerjakan.")
	if kinds := author.Sees(t, report).At("timeline.nodes").Texts("kind"); !slices.Equal(kinds, []string{"SUBMITTED", "TRANSFERRED", "TRANSFERRED", "TRANSFERRED", "STATUS_CHANGED"}) {
		t.Errorf("its history is %v", kinds)
	}
}

// A day at a desk: correct, order, answer with what is prepared, hide, move many at once.
func aDayAtADesk(t *testing.T, city *System) {
	author, officer, stranger := city.Citizen(t, 71), city.Officer(t, "jalan"), city.Stranger()
	report := author.Submits(t, Draft{Category: "trotoar", Title: "Trotoar ambles"}).At("id").Text()
	edited := author.Must(t, `mutation($r:ID!){editReport(report:$r,input:{title:"`+canary+` Trotoar ambles parah"}){title}}`, Vars{"r": report})
	if !strings.HasSuffix(edited.At("editReport.title").Text(), "ambles parah") {
		t.Errorf("it was edited: %v", edited)
	}
	after := officer.Must(t, `mutation($r:ID!,$c:ID!){prioritizeReport(report:$r,priority:URGENT){id}
		recategorizeReport(report:$r,category:$c){priority category{code} department{code}}}`, Vars{"r": report, "c": city.Category(t, "jembatan")}).At("recategorizeReport")
	if after.At("priority").Text() != "URGENT" || after.At("category.code").Text() != "jembatan" || after.At("department.code").Text() != "jalan" {
		t.Errorf("it was corrected: %v", after)
	}
	prepared := officer.Must(t, `mutation($d:ID!){saveResponseTemplate(input:{department:$d,title:"Diterima",body:"`+canary+` {number}: {status}."}){id}}`,
		Vars{"d": city.Department(t, "jalan")}).At("saveResponseTemplate.id").Text()
	answer := officer.Must(t, `query($t:ID!,$r:ID!){renderedTemplate(template:$t,report:$r) report(id:$r){number}}`, Vars{"t": prepared, "r": report})
	if want := canary + " " + answer.At("report.number").Text() + ": Diterima."; answer.At("renderedTemplate").Text() != want {
		t.Errorf("the answer reads %v, want %s", answer, want)
	}
	other := author.Submits(t, Draft{Category: "trotoar"}).At("id").Text()
	foreign := author.Submits(t, Draft{Category: "sampah"}).At("id").Text()
	const many = `mutation($r:[ID!]!){changeStatuses(reports:$r,to:VERIFIED,message:"Diterima."){changed code report{status}}}`
	results := officer.Must(t, many, Vars{"r": []string{report, other, foreign, report}}).At("changeStatuses")
	if codes := results.Texts("code"); !slices.Equal(codes, []string{"", "", "NOT_FOUND", "CONFLICT"}) || !results.At("1.changed").True() {
		t.Errorf("of many: %v", results)
	}
	author.Refused(t, "CONFLICT", "", `mutation($r:ID!){editReport(report:$r,input:{title:"x"}){id}}`, Vars{"r": report})

	feed := stranger.Dial(t).Subscribe(publicFeed, Vars{"after": city.Dawn(t)})
	const hide = `mutation($r:ID!,$h:Boolean!){hideReport(report:$r,hidden:$h,reason:"Menyebut nama anak."){hidden}}`
	officer.Must(t, hide, Vars{"r": report, "h": true})
	stranger.Refused(t, "NOT_FOUND", "", `query($r:ID!){report(id:$r){id}}`, Vars{"r": report})
	author.Sees(t, report)
	officer.Must(t, hide, Vars{"r": report, "h": false})
	if seen := stranger.Sees(t, report); seen.At("priority").Text() != "URGENT" {
		t.Errorf("shown again it is %v", seen)
	}
	if told := feed.Tells(report); told.Text("kind") == "" {
		t.Errorf("the public is told %v", told)
	}
	const similar = `query($c:ID!){similarReports(location:{latitude:-6.9,longitude:107.61},category:$c,text:"ambles"){id}}`
	city.Stranger().Must(t, similar, Vars{"c": city.Category(t, "jembatan")})

	counter := officer.Must(t, `mutation($in:SubmitReportInput!){fileAtCounter(input:$in,contact:"`+canary+` 0812"){state report{id reporter{id}}}}`,
		Vars{"in": Draft{Category: "trotoar", Visibility: "PRIVATE"}.input(t, city)}).At("fileAtCounter.report")
	officer.Stored(t, counter.At("id").Text())
	notes := officer.Must(t, `query($r:ID!){report(id:$r){reporter{id} internalNotes{body}}}`, Vars{"r": counter.At("id").Text()}).At("report")
	if !notes.At("reporter").Null() || notes.At("internalNotes.0.body").Text() != canary+" 0812" {
		t.Errorf("at the counter was filed %v", notes)
	}
}

// What came of a fall of rain is said with the resolution, found again and counted; nobody else is told.
func aDepartmentSaysWhatItCameFrom(t *testing.T, city *System) {
	author, officer := city.Citizen(t, 75), city.Officer(t, "perhubungan")
	report := author.Submits(t, Draft{Category: "angkutan-umum", Title: "Halte roboh"}).At("id").Text()
	named := map[string]string{}
	causes := city.Stranger().Must(t, `query($c:ID!){causes(category:$c){id code}}`, Vars{"c": city.Category(t, "angkutan-umum")}).At("causes")
	for n, id := range causes.Texts("id") {
		named[causes.Texts("code")[n]] = id
	}
	const name = `mutation($r:ID!,$c:ID){nameCause(report:$r,cause:$c){cause{code}}}`
	officer.Moves(t, report, "IN_PROGRESS", "")
	if got := officer.Must(t, name, Vars{"r": report, "c": named["cuaca"]}).At("nameCause.cause.code").Text(); got != "cuaca" {
		t.Errorf("it came from %s", got)
	}
	resolved := officer.Must(t, `mutation($r:ID!,$c:ID){resolveReport(report:$r,message:"`+canary+` Berdiri lagi.",cause:$c){cause{code}}}`, Vars{"r": report, "c": named["kecelakaan"]})
	if got := resolved.At("resolveReport.cause.code").Text(); got != "kecelakaan" {
		t.Errorf("resolved, it came from %s", got)
	}
	city.Officer(t, "kesehatan").Refused(t, "NOT_FOUND", "", name, Vars{"r": report, "c": named["cuaca"]})
	author.Refused(t, "FORBIDDEN", "", `query($r:ID!){report(id:$r){cause{code}}}`, Vars{"r": report})
	found := officer.Must(t, `query($d:ID!,$c:[ID!]){departmentReports(department:$d,filter:{causes:$c}){nodes{id}}}`,
		Vars{"d": city.Department(t, "perhubungan"), "c": []string{named["kecelakaan"]}}).At("departmentReports.nodes").Texts("id")
	if !slices.Equal(found, []string{report}) {
		t.Errorf("found by its cause: %v", found)
	}
	eventually(t, "it is counted by its cause", func() error {
		counted := officer.Must(t, `{ analytics(from: "2020-01-01T00:00:00Z", to: "2029-01-01T00:00:00Z") { byCause { key count } } }`, nil).At("analytics.byCause")
		if keys := counted.Texts("key"); !slices.Equal(keys, []string{named["kecelakaan"]}) {
			return fmt.Errorf("counted are %v", counted)
		}
		return nil
	})
}
