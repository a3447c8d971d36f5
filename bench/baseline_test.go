package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/bench/raw"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// TestBaseline: what ours is measured against does the same work, on the data that the benchmark makes.
func TestBaseline(t *testing.T) {
	t.Parallel()
	city := coretest.New(t)
	reader, writer, voter := city.URL(roles.Public), city.URL(roles.Ingest), city.URL(roles.Server)
	if err := seed(t.Context(), writer, 1000); err != nil {
		t.Fatal(err)
	}
	some, err := numbers(t.Context(), reader, 50)
	if err != nil || len(some) != 50 {
		t.Fatalf("%d numbers, %v", len(some), err)
	}
	address := serveRaw(t, reader, writer, voter)

	var feed, joined []raw.Report
	fetch(t, address, get("/feed"), &feed)
	fetch(t, address, get("/joined"), &joined)
	if len(feed) != 20 || feed[0].Category.Name == "" || feed[0].Location == nil || feed[0].Location.District.Name == "" {
		t.Errorf("the feed is not whole: %d reports, the first %+v", len(feed), feed[0])
	}
	if !reflect.DeepEqual(feed, joined) {
		t.Error("the two ways to read the feed tell different things")
	}

	b := &bench{numbers: some, tokens: []string{"nobody"}}
	for _, task := range b.tasks() {
		o, err := load{address, 2, task.raw}.run(t.Context(), 100*time.Millisecond)
		if err != nil || o.failed > 0 || o.answered == 0 {
			t.Errorf("%s: %d answered, %d failed with %s, %v", task.name, o.answered, o.failed, o.failure, err)
		}
	}
	var submitted int
	err = city.Admin.QueryRow(t.Context(), `SELECT count(*) FROM reports WHERE title LIKE 'Lampu jalan padam di gang %'`).Scan(&submitted)
	if err != nil || submitted == 0 {
		t.Errorf("%d submitted reports are stored, %v", submitted, err)
	}
}

// The baseline counts every vote, too, and what it counts when it is asked is what is there.
func TestBaselineOfVotesAndFigures(t *testing.T) {
	t.Parallel()
	city := coretest.New(t)
	if err := seed(t.Context(), city.URL(roles.Ingest), 1000); err != nil {
		t.Fatal(err)
	}
	address := serveRaw(t, city.URL(roles.Public), city.URL(roles.Ingest), city.URL(roles.Server))
	v := &viral{report: city.File().ID, supported: make([]bool, votersEach*4)}
	for i := range v.supported {
		citizen := civic.CitizenID{UUID: civic.NamedUUID(strconv.Itoa(i))}
		v.giving = append(v.giving, [2][]byte{rawVote(v.report, citizen, true), rawVote(v.report, citizen, false)})
	}
	o, err := load{address, 4, v.next}.run(t.Context(), 100*time.Millisecond)
	if err != nil || o.failed > 0 || o.answered == 0 {
		t.Fatalf("%d answered, %d failed with %s, %v", o.answered, o.failed, o.failure, err)
	}
	if err := v.check(t.Context(), city.Admin); err != nil {
		t.Error(err)
	}
	var parts []struct{ Received int }
	fetch(t, address, get("/analytics"), &parts)
	received := 0
	for _, part := range parts {
		received += part.Received
	}
	if received != 1000 { // the oldest is more than two years old
		t.Errorf("%d reports are counted", received)
	}
}

// serveRaw runs the baseline as its own process would, and returns its address.
func serveRaw(t *testing.T, reader, writer, voter string) string {
	t.Helper()
	stdin, hangUp := io.Pipe()
	stdout, said := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- raw.Serve(t.Context(), reader, writer, voter, stdin, said) }()
	t.Cleanup(func() {
		_ = hangUp.Close()
		if err := <-ended; err != nil {
			t.Errorf("the baseline: %v", err)
		}
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

func fetch(t *testing.T, address string, request []byte, into any) {
	t.Helper()
	conn, err := dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.close()
	status, body, err := conn.ask(request)
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, body, err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatal(err)
	}
}
