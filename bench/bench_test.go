package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/bench/raw"
)

func TestTitleCarriesItsNumber(t *testing.T) {
	t.Parallel()
	for _, number := range []int{0, 7, 4321} {
		got, ok := marked([]byte(`{"type":"next","payload":{"title":"` + title(number) + `"}}`))
		if !ok || got != number {
			t.Errorf("%d came back as %d, %v", number, got, ok)
		}
	}
	for _, message := range []string{"", "bench-", "bench-12", "bench-x.", `{"type":"ping"}`} {
		if number, ok := marked([]byte(message)); ok {
			t.Errorf("%q holds %d", message, number)
		}
	}
}

func TestLoadCountsWhatFailed(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%10 == 0 {
			_, _ = w.Write([]byte(`{"errors":[{"message":"no"}]}`))
			return
		}
		_, _ = w.Write(bytes.Repeat([]byte("x"), 10_000)) // more than fits into one chunk
	}))
	t.Cleanup(server.Close)
	outcome, err := load{server.Listener.Addr().String(), 4, func(int, int) []byte { return get("/") }}.run(t.Context(), 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if int64(outcome.answered+outcome.failed) != asked.Load() || int64(outcome.failed) != asked.Load()/10 {
		t.Errorf("%d answered and %d failed of %d", outcome.answered, outcome.failed, asked.Load())
	}
	if !strings.Contains(outcome.failure, "no") || quantile(outcome.latencies, 0.5) <= 0 {
		t.Errorf("the outcome tells too little: %q", outcome.failure)
	}
}

func TestEveryWatcherHearsEverything(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer((&raw.API{}).Handler(raw.NewHub()))
	t.Cleanup(server.Close)
	address := server.Listener.Addr().String()
	const watchers, events = 20, 5
	crowd, err := gather(t.Context(), "ws://"+address+"/ws", watchers, events+1, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(crowd.leave)
	speak, hangUp, err := caller(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hangUp)
	event := func(title string) []byte { return post("/publish", "", rawSubmission(title)) }
	if err := probe(t.Context(), crowd, stage{event: event}, speak); err != nil {
		t.Fatal(err)
	}
	for number := 1; number <= events; number++ {
		crowd.sentAt[number].Store(time.Now().UnixNano())
		if err := speak(event(title(number))); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := crowd.wait(ctx, func(w *watcher) bool { return w.events.Load() == events }); err != nil {
		t.Fatal(err)
	}
	crowd.leave()
	if heard := len(crowd.latencies()); heard != watchers*events {
		t.Errorf("%d heard instead of %d", heard, watchers*events)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var used time.Duration
	for begun := time.Now(); used <= 0 && time.Since(begun) < time.Minute; { // on a busy machine a tick takes its time
		_ = strings.Repeat("work", 1000)
		var err error
		if used, err = processor(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if used <= 0 {
		t.Error("no processor time")
	}
	if memory, err := resident(os.Getpid()); err != nil || memory < 1<<20 {
		t.Errorf("memory: %d, %v", memory, err)
	}
	if _, err := family(1 << 30); err == nil {
		t.Error("a process that is not there has a family")
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	p := &pair{task: "feed"}
	p.raw.add(1000, time.Second, reading{time.Second / 10, time.Second / 5}, []time.Duration{time.Millisecond, 3 * time.Millisecond})
	p.ours.add(500, time.Second, reading{time.Second / 10, time.Second / 5}, []time.Duration{2 * time.Millisecond})
	p.ours.memory = []int64{6000, 100}
	var text strings.Builder
	write(&text, []*pair{p}, "few reports")
	for _, line := range []string{
		"| feed | raw | 1000 |  | 0.100 |  | 0.200 | 3.00 | 3.00 |  |",
		"| feed | ours | 500 | 0.50 | 0.200 | 2.0 | 0.400 | 2.00 | 2.00 | 6000 |",
	} {
		if !strings.Contains(text.String(), line) {
			t.Errorf("the table lacks %s:\n%s", line, text.String())
		}
	}
}
