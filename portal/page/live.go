package page

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"github.com/jagawarga/jagawarga/portal/client"
)

// How live pages are kept up: the browser opens an event stream (static/build/src/live.mjs), and each event is a piece of HTML that takes the
// place of what has its id. Every event carries the cursor of what it tells; a browser that was cut off comes back with the last one.
const (
	stillHere  = 15 * time.Second // shorter than what sits on the way waits before it cuts a quiet line
	slowReader = 20 * time.Second // to take one event
)

// Stream is the way to one browser that looks at a live page. It may be used by several goroutines.
type Stream struct {
	ctx        context.Context
	mu         sync.Mutex
	w          http.ResponseWriter
	controller *http.ResponseController
}

// Live answers with events: run sends them until ctx ends. When run returns, the browser comes back after a moment by itself with the last cursor
// it has seen, which is after (empty at first); only after being told that it may not look, it does not.
func (v *Visit) Live(run func(ctx context.Context, s *Stream, after string) error) error {
	ctx, cancel := context.WithCancel(v.R.Context())
	defer cancel()
	after := v.R.Header.Get("Last-Event-ID")
	if after == "" {
		after = v.R.URL.Query().Get("after")
	}
	s := &Stream{ctx: ctx, w: v.W, controller: http.NewResponseController(v.W)}
	h := v.W.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	_ = s.controller.SetReadDeadline(time.Time{}) // a limit for reading requests would end the stream
	if s.write("retry: 2000\n\n") != nil {
		return nil
	}
	beat := make(chan struct{})
	go func() {
		defer close(beat)
		ticker := time.NewTicker(stillHere)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if s.write(": still here\n\n") != nil {
					cancel()
				}
			}
		}
	}()
	err := run(ctx, s, after)
	cancel()
	<-beat
	if code := client.Code(err); v.R.Context().Err() == nil && (code == "FORBIDDEN" || code == "NOT_FOUND") {
		_ = s.write("event: over\ndata:\n\n")
	}
	return nil
}

// Send sends pieces of HTML. cursor is where the browser comes back to if this was the last it saw; empty: it stays where it was.
func (s *Stream) Send(cursor string, pieces ...templ.Component) error {
	var html bytes.Buffer
	for _, piece := range pieces {
		if err := piece.Render(s.ctx, &html); err != nil {
			return err
		}
	}
	var event strings.Builder
	if cursor != "" {
		event.WriteString("id: " + cursor + "\n")
	}
	for line := range strings.Lines(html.String()) {
		event.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
	}
	event.WriteString("\n")
	return s.write(event.String())
}

// write sends one event. A browser that does not take it in time is cut off.
func (s *Stream) write(event string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.controller.SetWriteDeadline(time.Now().Add(slowReader)) // not every listener has one
	if _, err := s.w.Write([]byte(event)); err != nil {
		return err
	}
	return s.controller.Flush()
}
