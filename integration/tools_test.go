package integration

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// TestTools are the commands that work on a system that runs.
func TestTools(t *testing.T) {
	t.Parallel()
	city := Start(t)
	t.Run("a hundred anonymous reports", func(t *testing.T) { aHundredAnonymousReports(t, city) })
	t.Run("ten thousand of an older system", func(t *testing.T) { tenThousandOfAnOlderSystem(t, city) })
	t.Run("the ledger of all that", func(t *testing.T) {
		began := time.Now()
		out, said, ok := runToEnd(t, nil, "jagawarga", "ledger", "verify", "--data", city.Data)
		if !ok || !regexp.MustCompile(`^sound: \d+ lines, \d+ checkpoints, 10100 reports`).MatchString(strings.Join(out, "\n")) {
			t.Errorf("ledger verify: %v %s", out, said)
		}
		figures.Tell(t, "tools: %v in %v", out, time.Since(began))
	})
	t.Run("the figures of all that", func(t *testing.T) { figuresOf(t, city) })
	t.Run("migrate", func(t *testing.T) {
		if _, said, ok := runToEnd(t, nil, "jagawarga", "migrate", "--data", city.Data); !ok {
			t.Errorf("migrate: %s", said)
		}
		if out, said, ok := runToEnd(t, nil, "jagawarga", "dead-letters", "list", "--data", city.Data); !ok || len(out) != 1 {
			t.Errorf("dead-letters: %v %s", out, said)
		}
	})
	t.Run("without a system", func(t *testing.T) {
		for _, args := range [][]string{{"migrate"}, {"dead-letters", "list"}, {"import", "--format", "sf311", oldReports}} {
			nowhere := emptyPlace(t)
			if _, said, ok := runToEnd(t, nil, "jagawarga", append(args, "--data", nowhere)...); ok || !strings.Contains(said, "no system runs on") || strings.Count(said, "\n") != 1 {
				t.Errorf("%v: %v %s", args, ok, said)
			}
		}
	})
}

func aHundredAnonymousReports(t *testing.T, city *System) {
	out, said, ok := runToEnd(t, nil, "jagawarga", "load", "--scenario", "hundred-anonymous", "--data", city.Data)
	if !ok {
		t.Fatalf("it failed: %v %s", out, said)
	}
	t.Logf("%s", strings.Join(out, "\n"))
}

// oldReports are ten thousand requests of the city of San Francisco.
const oldReports = "../importer/testdata/sf311.csv"

func tenThousandOfAnOlderSystem(t *testing.T, city *System) {
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	most := int64(0)
	order := []string{"import", "--format", "sf311", "--data", city.Data, "--rejects", rejects, oldReports}
	began := time.Now()
	importing := launch(t, nil, "jagawarga", order...)
	last := ""
	for over := false; !over; {
		select {
		case line, more := <-importing.answers:
			if over = !more; more {
				last = line
			}
		case <-time.After(50 * time.Millisecond): // how much memory the system takes meanwhile
			most = max(most, rss(t, city.command.Process.Pid))
		}
	}
	took := time.Since(began)
	<-importing.ended
	figures.Tell(t, "tools: %s in %v; the system had %d MB at most", last, took, most>>20)
	if most > 400<<20 { // what garbage lies about depends on how busy the machine is; the figure shall stay below 150
		t.Errorf("the system took %d MB", most>>20)
	}
	if !importing.command.ProcessState.Success() || !regexp.MustCompile(`^imported 10000 skipped 0 rejected 0$`).MatchString(last) {
		t.Errorf("it ended with %q:\n%s", last, importing.Said)
	}
	if out, said, ok := runToEnd(t, nil, "jagawarga", order...); !ok || out[len(out)-1] != "imported 0 skipped 10000 rejected 0" {
		t.Errorf("the second time it ended with %v:\n%s", out, said)
	}
	if content, err := os.ReadFile(rejects); err == nil && strings.Count(string(content), "\n") > 1 {
		t.Errorf("rejected were %s", content)
	}

	// They can be read, all of them, and stand where they stood.
	stranger, seen, statuses := city.Stranger(), 0, map[string]int{}
	for after := (Value{}); ; {
		page := stranger.Must(t, `query($after:Cursor){publicReports(order:OLDEST,first:100,after:$after){nodes{...Everything} pageInfo{hasNextPage endCursor}}}
			fragment Everything on Report{id number title body status category{code} department{code} location{latitude longitude district{name}} createdAt}`, Vars{"after": after.raw}).At("publicReports")
		nodes := page.At("nodes").Items()
		for _, node := range nodes {
			statuses[node.At("status").Text()]++
		}
		if seen += len(nodes); after.Null() {
			if first := nodes[0].At("createdAt").Text(); !strings.HasPrefix(first, "2008-") {
				t.Errorf("the oldest is of %s", first)
			}
		}
		most = max(most, rss(t, city.command.Process.Pid))
		if after = page.At("pageInfo.endCursor"); !page.At("pageInfo.hasNextPage").True() {
			break
		}
	}
	if want := statusesIn(t, oldReports); seen != 10_000 || !maps.Equal(statuses, want) {
		t.Errorf("%d can be read, %v; the file has %v", seen, statuses, want)
	}
	figures.Tell(t, "tools: after reading all of them the system had %d MB at most", most>>20)
	found := stranger.Must(t, `{publicReports(filter:{text:"graffiti"},first:1){nodes{timeline{nodes{kind status}}}}}`, nil).At("publicReports.nodes.0.timeline.nodes")
	if len(found.Items()) == 0 || found.At("0.kind").Text() != "SUBMITTED" {
		t.Errorf("one of them has the history %v", found)
	}
}

// statusesIn counts what the older system's words for open and closed mean here.
func statusesIn(t *testing.T, path string) map[string]int {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column, counts := slices.Index(rows[0], "status"), map[string]int{}
	for _, row := range rows[1:] {
		counts[map[string]string{"Open": "RECEIVED", "Closed": "CLOSED"}[row[column]]]++
	}
	return counts
}
