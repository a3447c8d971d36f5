package integration

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/figures"
)

func aReportFindsItsWay(t *testing.T, city *System) {
	citizen, officer, neighbour := city.Citizen(t, 0), city.Officer(t, "jalan"), city.Officer(t, "kebersihan")
	jalan := city.Department(t, "jalan")
	feed := officer.Dial(t).Subscribe(departmentFeed, Vars{"department": jalan, "after": city.Dawn(t)})
	feed.Tells(citizen.Submits(t, Draft{Category: "jalan-rusak"}).At("id").Text()) // from here on the officer is surely there

	var slowest time.Duration
	var report string
	for range 5 {
		filed := citizen.Submits(t, Draft{Category: "jalan-rusak", Title: "Lubang besar", Latitude: -6.9147, Longitude: 107.6098})
		answered := time.Now()
		report = filed.At("id").Text()
		if filed.At("status").Text() != "RECEIVED" || filed.At("reporter.name").Text() == "" || filed.At("location.district.name").Text() == "" {
			t.Errorf("it was filed as %v", filed)
		}
		// At once: the very next question finds it.
		if ids := city.Stranger().Must(t, `{publicReports(first:100){nodes{id}}}`, nil).At("publicReports.nodes").Texts("id"); !slices.Contains(ids, report) {
			t.Error("it is not among the public reports")
		}
		told := feed.Tells(report)
		if told.Text("kind") != "CREATED" {
			t.Errorf("the officer is told %v", told)
		}
		slowest = max(slowest, told.Came.Sub(answered))
	}
	figures.Tell(t, "live: the officer knows %v after the answer, at worst", slowest)

	mine := citizen.Dial(t).Subscribe(reportChanged, Vars{"report": report, "after": city.Dawn(t)})
	if told := mine.Happens(); told.Text("kind") != "CREATED" {
		t.Errorf("the first the citizen hears of is %v", told)
	}
	moved := officer.Moves(t, report, "VERIFIED", "Kami periksa besok.")
	if moved.At("status").Text() != "VERIFIED" {
		t.Errorf("it was moved to %v", moved)
	}
	told := mine.Happens()
	if told.Text("kind") != "STATUS_CHANGED" || told.Text("report.status") != "VERIFIED" || told.Text("previousStatus") != "RECEIVED" || told.Text("message") != "Kami periksa besok." {
		t.Errorf("the citizen is told %v", told)
	}
	if kinds := citizen.Sees(t, report).At("timeline.nodes").Texts("kind"); !slices.Equal(kinds, []string{"SUBMITTED", "STATUS_CHANGED"}) {
		t.Errorf("its history is %v", kinds)
	}
	neighbour.Refused(t, "NOT_FOUND", "", `mutation($r:ID!){changeStatus(report:$r,to:IN_PROGRESS){id}}`, Vars{"r": report})
}

func aPrivateReportIsNobodyElses(t *testing.T, city *System) {
	citizen, stranger := city.Citizen(t, 1), city.Stranger()
	other, another := city.Officer(t, "kesehatan"), city.Citizen(t, 2)
	elsewhere := city.Department(t, "kesehatan")
	their := other.Dial(t).Subscribe(departmentFeed, Vars{"department": elsewhere, "after": city.Dawn(t)})
	public := stranger.Dial(t).Subscribe(publicFeed, Vars{"after": city.Dawn(t)})

	report := citizen.Submits(t, Draft{Visibility: "PRIVATE"}).At("id").Text()
	officer := city.Officer(t, "drainase")
	for _, insider := range []*Caller{citizen, officer, city.Officer(t, "infrastruktur"), city.Officer(t, "walikota")} {
		if insider.Sees(t, report).At("id").Text() != report {
			t.Error("somebody who may see it does not")
		}
	}
	number := citizen.Sees(t, report).At("number").Text()
	for _, outsider := range []*Caller{stranger, other, another} {
		outsider.Refused(t, "NOT_FOUND", "", `query($r:ID!){report(id:$r){id}}`, Vars{"r": report})
		outsider.Refused(t, "NOT_FOUND", "", `query($n:String!){report(number:$n){id}}`, Vars{"n": number})
		outsider.Refused(t, "NOT_FOUND", "", `query($r:ID!){node(id:$r){id}}`, Vars{"r": report})
		outsider.Dial(t).Subscribe(reportChanged, Vars{"report": report}).Refused("NOT_FOUND")
	}
	drainase := Vars{"department": city.Department(t, "drainase")}
	other.Refused(t, "NOT_FOUND", "", `query($department:ID!){departmentReports(department:$department){nodes{id}}}`, drainase)
	other.Dial(t).Subscribe(departmentFeed, drainase).Refused("NOT_FOUND")
	another.Refused(t, "FORBIDDEN", "", `query($department:ID!){departmentReports(department:$department){nodes{id}}}`, drainase)
	stranger.Refused(t, "UNAUTHENTICATED", "", `query($department:ID!){departmentReports(department:$department){nodes{id}}}`, drainase)
	stranger.Dial(t).Subscribe(departmentFeed, drainase).Refused("UNAUTHENTICATED")

	// What is heard next, and everything before it, is not the private report.
	officer.Moves(t, report, "VERIFIED", "")
	last := city.Citizen(t, 2).Submits(t, Draft{Category: "wabah"}).At("id").Text()
	for _, feed := range []*Stream{their, public} {
		for told := feed.Happens(); told.Text("report.id") != last; told = feed.Happens() {
			if told.Text("report.id") == report || told.Text("report.visibility") != "PUBLIC" && feed == public {
				t.Errorf("a stranger is told %v", told)
			}
		}
	}
}

func whoWasCutOffMissesNothing(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 3), city.Officer(t, "lampu")
	report := citizen.Submits(t, Draft{Category: "lampu-jalan"}).At("id").Text()
	type watch struct {
		name, query string
		by          *Caller
		variables   Vars
		cursor      string
	}
	watches := []*watch{
		{name: "reportChanged", query: reportChanged, by: citizen, variables: Vars{"report": report}},
		{name: "publicFeed", query: publicFeed, by: city.Stranger(), variables: Vars{}},
		{name: "departmentFeed", query: departmentFeed, by: officer, variables: Vars{"department": city.Department(t, "lampu")}},
	}
	for _, w := range watches {
		w.variables["after"] = city.Dawn(t)
		socket := w.by.Dial(t)
		w.cursor = socket.Subscribe(w.query, w.variables).Tells(report).Text("cursor")
		socket.Cut()
	}
	// While they are away it moves several times; each step must be told as it was, not as it is now.
	steps := []string{"VERIFIED", "IN_PROGRESS", "RESOLVED", "IN_PROGRESS", "AWAITING_REPORTER"}
	for _, step := range steps {
		officer.Moves(t, report, step, "menjadi "+step)
	}
	streams := make([]*Stream, len(watches))
	for i, w := range watches {
		w.variables["after"] = w.cursor
		streams[i] = w.by.Dial(t).Subscribe(w.query, w.variables)
		before := "RECEIVED"
		for _, step := range steps {
			told := streams[i].Tells(report)
			if told.Text("report.status") != step || told.Text("previousStatus") != before || told.Text("message") != "menjadi "+step {
				t.Errorf("%s tells %v, want %s after %s", w.name, told, step, before)
			}
			before = step
		}
	}
	// And then they go on live, with nothing twice in between.
	citizen.Must(t, `mutation($r:ID!,$b:String!){commentOnReport(report:$r,body:$b){id}}`, Vars{"r": report, "b": canary + " sudah?"})
	for i, w := range watches {
		if told := streams[i].Tells(report); told.Text("kind") != "COMMENTED" {
			t.Errorf("%s goes on with %v", w.name, told)
		}
	}
	city.Stranger().Dial(t).Subscribe(publicFeed, Vars{"after": "nonsense"}).Refused("INVALID_INPUT")
}

func thePublicFeedWithinABox(t *testing.T, city *System) {
	citizen := city.Citizen(t, 4)
	box := Vars{"south": -6.93, "west": 107.60, "north": -6.92, "east": 107.61}
	feed := city.Stranger().Dial(t).Subscribe(publicFeed, Vars{"within": box, "after": city.Dawn(t)})
	nowhere := citizen.Submits(t, Draft{Title: "Tanpa tempat"}).At("id").Text()
	outside := citizen.Submits(t, Draft{Title: "Di luar kotak", Latitude: -6.90, Longitude: 107.65}).At("id").Text()
	inside := citizen.Submits(t, Draft{Title: "Di dalam kotak", Latitude: -6.925, Longitude: 107.605}).At("id").Text()
	if told := feed.Happens().Text("report.id"); told != inside {
		t.Errorf("%s is told first; inside %s, outside %s, nowhere %s", told, inside, outside, nowhere)
	}
	city.Stranger().Dial(t).Subscribe(publicFeed, Vars{"within": Vars{"south": 1, "west": 2, "north": 0, "east": 3}}).Refused("INVALID_INPUT")
	found := city.Stranger().Must(t, `query($box:BoundsInput){publicReports(filter:{within:$box}){nodes{id}}}`, Vars{"box": box})
	if ids := found.At("publicReports.nodes").Texts("id"); fmt.Sprint(ids) != fmt.Sprint([]string{inside}) {
		t.Errorf("the box holds %v", ids)
	}
}
