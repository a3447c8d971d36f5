package integration

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// TestEscalation is a city whose working hours last a second: what a department promises within 8 hours is due in 8 seconds.
func TestEscalation(t *testing.T) {
	t.Parallel()
	city := Start(t, "--time-scale", "3600")
	city.Dawn(t)
	t.Run("stories", func(t *testing.T) {
		for name, story := range map[string]func(*testing.T, *System){
			"nobody answers":                aReportThatNobodyAnswersClimbs,
			"somebody answers":              aReportThatIsAnsweredWaitsForItsResolution,
			"nobody answers, and anonymous": anAnonymousReportClimbsToo,
			"the reporter is asked":         theClockStandsWhileTheReporterIsAsked,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				story(t, city)
			})
		}
	})
}

const climbed = `query($r:ID!){report(id:$r){status dueAt escalationLevel escalatedTo{code level} department{code} createdAt
	timeline{nodes{kind at status level department{code}}}}}`

// ladder is who answers for the unit for drainage and floods when it does not.
var ladder = []string{"infrastruktur", "sekda", "walikota"}

// hour is a working hour in this city.
const hour = time.Second

func instant(t *testing.T, v Value) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, v.Text())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func aReportThatNobodyAnswersClimbs(t *testing.T, city *System) {
	filed := city.Citizen(t, 60).Submits(t, Draft{Title: "Tidak dijawab"})
	report, due := filed.At("id").Text(), instant(t, filed.At("createdAt"))
	feeds := map[string]*Stream{"drainase": nil}
	for _, boss := range append([]string{"drainase"}, ladder...) {
		feeds[boss] = city.Officer(t, boss).Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, boss), "after": city.Dawn(t)})
		feeds[boss].Tells(report) // CREATED
	}
	mine := city.Citizen(t, 60).Dial(t).Subscribe(reportChanged, Vars{"report": report, "after": city.Dawn(t)})
	mine.Happens()
	for step, boss := range ladder {
		due = due.Add(8 * hour)
		for place, feed := range feeds { // everybody above hears of every step: they answer for what is below them
			told := feed.Tells(report)
			for told.Text("kind") == "DUE_SOON" {
				told = feed.Tells(report)
			}
			if told.Text("kind") != "ESCALATED" || told.Text("report.status") != "ESCALATED" || told.Text("report.department.code") != "drainase" {
				t.Errorf("step %d: %s is told %v", step+1, place, told)
			}
			if late := instant(t, told.At("at")).Sub(due); late < 0 || late > patience {
				t.Errorf("step %d came %v after it was due", step+1, late)
			} else if place == boss {
				figures.Tell(t, "escalation: step %d to %s: %v after it was due", step+1, boss, late)
				due = instant(t, told.At("at")) // the next one is due that long after this
			}
		}
		mine.Happens()
		seen := city.Officer(t, boss).Must(t, climbed, Vars{"r": report}).At("report")
		level := int(seen.At("escalationLevel").Number()) // whoever looks late sees a later step; the last is the last
		if level < step+1 || level > len(ladder) {
			t.Errorf("after step %d: %v", step+1, seen)
			continue
		}
		if boss := ladder[level-1]; seen.At("escalatedTo.code").Text() != boss || seen.At("status").Text() != "ESCALATED" ||
			seen.At("escalatedTo.level").Number() != float64(level) || seen.At("dueAt").Null() != (boss == "walikota") {
			t.Errorf("after step %d: %v", step+1, seen)
		}
	}
	history := city.Citizen(t, 60).Sees(t, report).At("timeline.nodes")
	if got, want := fmt.Sprint(history.Texts("department.code")), fmt.Sprint(append([]string{"drainase"}, ladder...)); got != want {
		t.Errorf("its history went through %s", got)
	}
	for i, entry := range history.Items() {
		if want := []string{"SUBMITTED", "ESCALATED", "ESCALATED", "ESCALATED"}[i]; entry.At("kind").Text() != want || entry.At("level").Number() != float64(i) {
			t.Errorf("step %d of its history is %v", i, entry)
		}
	}
	// The department keeps the case, and whoever is above may act. That the top is the top shows in that it says so, and in what comes
	// next: the answer.
	if moved := city.Officer(t, "drainase").Moves(t, report, "IN_PROGRESS", "Maaf, kami terlambat."); moved.At("status").Text() != "IN_PROGRESS" || !moved.At("dueAt").Null() {
		t.Errorf("the answer left %v", moved)
	}
	if told := mine.Happens(); told.Text("kind") != "STATUS_CHANGED" || told.Text("previousStatus") != "ESCALATED" {
		t.Errorf("after the last step comes %v", told)
	}
	found := city.Officer(t, "walikota").Must(t, `query($d:ID!){departmentReports(department:$d,filter:{escalated:true},first:100){nodes{id}}}`,
		Vars{"d": city.Department(t, "walikota")}).At("departmentReports.nodes").Texts("id")
	if !slices.Contains(found, report) {
		t.Error("it is not in the list of what has climbed")
	}
}

func aReportThatIsAnsweredWaitsForItsResolution(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 61), city.Officer(t, "drainase") // who are quick to answer
	filed := citizen.Submits(t, Draft{Title: "Dijawab"})
	report := filed.At("id").Text()
	moved := officer.Moves(t, report, "IN_PROGRESS", "Regu berangkat.")
	feed := officer.Dial(t).Subscribe(reportChanged, Vars{"report": report, "after": city.Dawn(t)})
	feed.Happens()
	feed.Happens()
	resolution := instant(t, filed.At("createdAt")).Add(40 * hour)
	if due := instant(t, moved.At("dueAt")); !due.Equal(resolution) {
		t.Errorf("it is due %v, want %v", due, resolution)
	}
	for _, kind := range []string{"DUE_SOON", "ESCALATED"} {
		select {
		case told := <-feed.events:
			at, due := instant(t, told.Data.At("reportChanged.at")), resolution
			if kind == "DUE_SOON" {
				due = due.Add(-10 * hour) // a quarter of its time
			}
			if got := told.Data.At("reportChanged.kind").Text(); got != kind || at.Before(due) {
				t.Errorf("%v before its resolution was due it is %s, want %s", resolution.Sub(at), got, kind)
			}
		case <-time.After(patience):
			t.Error("it was not resolved in time, and nobody cares")
		}
	}
	if seen := officer.Must(t, climbed, Vars{"r": report}).At("report"); seen.At("escalationLevel").Number() != 1 || seen.At("escalatedTo.code").Text() != "infrastruktur" {
		t.Errorf("afterwards: %v", seen)
	}
}

func anAnonymousReportClimbsToo(t *testing.T, city *System) {
	citizen := city.Citizen(t, 62)
	input := Vars{"title": canary + " Pemalakan", "body": canary + " Preman memalak pedagang di terminal.", "category": city.Category(t, "kriminalitas")}
	receipt := citizen.files(t, input).At("receipt").Text()
	eventually(t, "it climbs to the mayor", func() error {
		answer, err := city.Stranger().Try(t.Context(), followAnonymous, Vars{"receipt": receipt})
		if err != nil {
			return err
		}
		steps := answer.Data.At("anonymousReport.report.timeline.nodes")
		if got := fmt.Sprint(steps.Texts("department.code")); got != "[keamanan sekda walikota]" {
			return fmt.Errorf("it went through %s", got)
		}
		return nil
	})
}

func theClockStandsWhileTheReporterIsAsked(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 63), city.Officer(t, "drainase") // who are quick to ask
	report := citizen.Submits(t, Draft{Title: "Tanya dulu"}).At("id").Text()
	if moved := officer.Moves(t, report, "AWAITING_REPORTER", "Di sebelah mana?"); !moved.At("dueAt").Null() {
		t.Errorf("while the reporter is asked it is due %v", moved.At("dueAt"))
	}
	// Later than it would have climbed without the question, it has not.
	other := city.Citizen(t, 64).Submits(t, Draft{Title: "Sesudah itu"}).At("id").Text()
	feed := officer.Dial(t).Subscribe(reportChanged, Vars{"report": other, "after": city.Dawn(t)})
	for feed.Happens().Text("kind") != "ESCALATED" {
	}
	moved := officer.Moves(t, report, "IN_PROGRESS", "Terima kasih.")
	steps := moved.At("timeline.nodes")
	if kinds := fmt.Sprint(steps.Texts("kind")); kinds != "[SUBMITTED STATUS_CHANGED STATUS_CHANGED]" {
		t.Fatalf("while the reporter was asked came %v", kinds)
	}
	filed, asked, answered := instant(t, steps.At("0.at")), instant(t, steps.At("1.at")), instant(t, steps.At("2.at"))
	if due, want := instant(t, moved.At("dueAt")), answered.Add(40*hour-asked.Sub(filed)); due.Sub(want).Abs() > time.Millisecond {
		t.Errorf("it is due %v, want %v", due, want)
	}
}
