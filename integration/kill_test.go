package integration

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// TestKilled kills one part after the other of one city, and at last all of it. Whatever was acknowledged survives.
func TestKilled(t *testing.T) {
	t.Parallel()
	city := Start(t)
	city.Dawn(t)
	t.Run("PostgreSQL", func(t *testing.T) { postgreSQLIsKilled(t, city) })
	t.Run("the anonymizer", func(t *testing.T) { theAnonymizerIsKilled(t, city) })
	t.Run("identity", func(t *testing.T) { identityIsKilled(t, city) })
	t.Run("everything", func(t *testing.T) { everythingIsKilled(t, city) })
}

// restarted waits for another process of a part than the one that was killed.
func (s *System) restarted(t *testing.T, part string, killed int) {
	t.Helper()
	took := eventually(t, part+" is started again", func() error {
		pid, err := s.Pid(part)
		if err == nil && pid == killed {
			err = errNotYet
		}
		return err
	})
	figures.Tell(t, "killed: %s started again after %v", part, took)
}

func postgreSQLIsKilled(t *testing.T, city *System) {
	feed := city.Officer(t, "drainase").Follow(t, departmentFeed, Vars{"department": city.Department(t, "drainase"), "after": city.Dawn(t)})
	flood := city.Flood(t, 70, 71, 72, 73)
	flood.More("STORED", 40)
	for range 2 {
		killed, err := city.Pid("postgres")
		if err != nil {
			t.Fatal(err)
		}
		queued := flood.Acked("QUEUED")
		began := time.Now()
		city.KillPart(t, "postgres")
		city.restarted(t, "postgres", killed)
		flood.More("STORED", 40)
		figures.Tell(t, "killed: stored again %v after the kill; %d queued meanwhile", time.Since(began), flood.Acked("QUEUED")-queued)
	}
	flood.Stop()
	// Not one of them was refused, and each acknowledgement told all that was asked.
	if refused := flood.Refused(); len(refused) > 0 {
		t.Errorf("refused: %v", refused)
	}
	if flood.Acked("QUEUED") == 0 {
		t.Error("none was queued")
	}
	flood.AllThere()
	// The screen that was open all the time hears of each, once.
	waiting := map[string]bool{}
	for _, client := range flood.clients {
		for _, id := range client.acked {
			waiting[id] = true
		}
	}
	heard := map[string]bool{}
	for len(heard) < len(waiting) {
		told := feed.Happens()
		id := told.Text("report.id")
		if heard[id] {
			t.Fatalf("told twice: %v", told)
		}
		if waiting[id] {
			heard[id] = true
		}
	}
	t.Logf("the screen heard of each once, and had to come back %d times", feed.Breaks)
}

func theAnonymizerIsKilled(t *testing.T, city *System) {
	citizen, killed := city.Citizen(t, 74), 0
	input := anonymousDraft(t, city, canary+" Petugas meminta uang rokok.")
	flood := city.Flood(t, 75)
	file := func(i int) (Answer, error) {
		input["clientKey"] = fmt.Sprint("kunci-", i)
		return citizen.Try(t.Context(), submitAnonymous, Vars{"input": input})
	}
	first, err := file(0)
	if err != nil || len(first.Errors) > 0 {
		t.Fatal(err, first.Errors)
	}
	if killed, err = city.Pid("anonymizer"); err != nil {
		t.Fatal(err)
	}
	before := flood.Acked("STORED")
	city.KillPart(t, "anonymizer")
	// Each retry is answered at once: UNAVAILABLE, until it is there again.
	unavailable, slowest := 0, time.Duration(0)
	took := eventually(t, "the anonymizer takes reports again", func() error {
		began := time.Now()
		answer, err := file(1)
		if err != nil {
			return err
		}
		if code := answer.code(); code == "UNAVAILABLE" {
			unavailable, slowest = unavailable+1, max(slowest, time.Since(began))
			return errors.New(code)
		} else if code != "" {
			t.Fatalf("refused: %v", answer.Errors)
		}
		return nil
	})
	figures.Tell(t, "killed: anonymous reports are taken again after %v and %d refusals, each within %v; %d public ones meanwhile", took, unavailable, slowest, flood.Acked("STORED")-before)
	city.restarted(t, "anonymizer", killed)
	flood.More("STORED", 5)
	flood.Stop()
	if refused := flood.Refused(); len(refused) > 0 {
		t.Errorf("public reports were refused: %v", refused)
	}
	flood.AllThere()
	// The receipts of before are good, and a retry of before gives the same one.
	again, err := file(0)
	if receipt := first.Data.At("submitAnonymousReport.receipt").Text(); err != nil || again.Data.At("submitAnonymousReport.receipt").Text() != receipt {
		t.Errorf("the receipt was %s, and now %v %v", receipt, again, err)
	}
	city.Stranger().Must(t, followAnonymous, Vars{"receipt": first.Data.At("submitAnonymousReport.receipt").Text()})
}

func identityIsKilled(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 76), city.Officer(t, "drainase")
	killed, err := city.Pid("identity")
	if err != nil {
		t.Fatal(err)
	}
	city.KillPart(t, "identity")
	// Who is signed in goes on at once.
	report := citizen.Must(t, `mutation($input:SubmitReportInput!){submitReport(input:$input){report{id}}}`, Vars{"input": Draft{}.input(t, city)}).At("submitReport.report.id").Text()
	citizen.Stored(t, report)
	officer.Must(t, `mutation($r:ID!){changeStatus(report:$r,to:VERIFIED){id}}`, Vars{"r": report})
	city.restarted(t, "identity", killed)
	took := eventually(t, "others can sign in again", func() error {
		answer, err := city.Stranger().Try(t.Context(), signIn, Vars{"input": Vars{"nationalId": people(t).Citizens[77].NationalID, "password": people(t).Password}})
		if code := answer.code(); code != "" && code != "UNAVAILABLE" {
			t.Fatalf("refused: %v", answer.Errors)
		} else if err == nil && code != "" {
			err = errors.New(code)
		}
		return err
	})
	t.Logf("others sign in again after %v more", took)
}

func everythingIsKilled(t *testing.T, city *System) {
	flood := city.Flood(t, 80, 81, 82, 83)
	flood.More("STORED", 60)
	city.Kill()
	took := eventually(t, "all of its children are gone", nothingRunsOn(city.Data))
	figures.Tell(t, "killed: its children were gone %v after it", took)

	began := time.Now()
	again := StartOn(t, city.Data, nil, "--listen", city.URL[len("http://"):])
	figures.Tell(t, "killed: ready again after %v", time.Since(began))
	flood.More("STORED", 20)
	flood.Stop()
	for why := range flood.Refused() {
		if why != "network" && !strings.HasPrefix(why, "UNAVAILABLE") {
			t.Errorf("refused: %s", why)
		}
	}
	flood.AllThere()
	if again.URL != city.URL {
		t.Errorf("it listens on %s", again.URL)
	}
	// Live screens go on behind the cursor that they had before.
	stream := again.Stranger().Dial(t).Subscribe(publicFeed, Vars{"after": city.Dawn(t)})
	for _, id := range flood.clients[0].acked {
		if told := stream.Tells(id); told.Text("kind") != "CREATED" {
			t.Errorf("told is %v", told)
		}
		break
	}
}
