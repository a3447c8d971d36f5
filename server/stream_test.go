package server_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/server"
)

// stream reads server-sent events; each is "event data".
func (p *place) stream(ctx context.Context, body string, headers ...string) <-chan string {
	p.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/graphql", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); response.StatusCode != 200 || got != "text/event-stream; charset=utf-8" {
		p.t.Fatalf("%d %s", response.StatusCode, got)
	}
	out := make(chan string)
	go func() {
		defer close(out)
		defer response.Body.Close()
		kind := ""
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				kind = name
			} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				out <- kind + " " + data
			} else if strings.HasPrefix(lines.Text(), ": ") {
				out <- "pulse"
			}
		}
	}()
	return out
}

func hear(t *testing.T, events <-chan string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		select {
		case got := <-events:
			if got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
		case <-time.After(patience):
			t.Fatalf("nothing came, want %q", want)
		}
	}
}

func TestEventStreams(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{Now: func() time.Time { return time.Unix(1000, 0) }})
	ctx := t.Context()
	hear(t, p.stream(ctx, query("subscription{count(to:2)}")), `next {"data":{"count":0}}`, `next {"data":{"count":1}}`, "complete ", "")
	hear(t, p.stream(ctx, query("{hello}")), `next {"data":{"hello":"hello"}}`, "complete ", "")
	for _, c := range []struct{ text, token, code string }{
		{"subscription{refused}", "citizen", "FORBIDDEN"},
		{"subscription{nothing}", "citizen", "INVALID_INPUT"},
		{"subscription{forever}", "foreign", "UNAUTHENTICATED"},
		{"subscription{forever}", "short", "UNAUTHENTICATED"}, // begins, and ends with the token
	} {
		events := p.stream(ctx, query(c.text), "Authorization", "Bearer "+c.token)
		if got := <-events; !strings.HasPrefix(got, "next ") || !strings.Contains(got, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %s", c.text, got)
		}
		hear(t, events, "complete ", "")
	}
	// A client that takes streams behind JSON gets one only for what needs it.
	both := "application/json, text/event-stream"
	if _, header, body := p.ask("POST", "/graphql", query("{hello}"), "Accept", both); body != `{"data":{"hello":"hello"}}` {
		t.Errorf("%s: %s", header.Get("Content-Type"), body)
	}
	hear(t, p.stream(ctx, query("subscription{count(to:1)}"), "Accept", both), `next {"data":{"count":0}}`, "complete ", "")
	ctx, leave := context.WithCancel(ctx)
	events := p.stream(ctx, query("subscription{forever}"))
	p.resolvers.Tick <- 5
	hear(t, events, `next {"data":{"forever":5}}`)
	leave() // the cleanup finds out whether the subscription ended
	for range events {
	}
	quiet := server.Config{}
	quiet.Sockets.PingEvery = time.Millisecond
	hear(t, open(t, quiet).stream(t.Context(), query("subscription{forever}")), "pulse", "pulse", "pulse")
}
