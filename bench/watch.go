package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// audience is a crowd of watchers on one server, and what it has heard.
type audience struct {
	sockets []*websocket.Conn
	reading sync.WaitGroup
	// sentAt holds when each event was sent, by its number; 0: not yet.
	sentAt []atomic.Int64
	heard  []watcher
	failed atomic.Pointer[error]
}

// watcher is what one of them has heard; only its own goroutine writes to it while it reads.
type watcher struct {
	probed    atomic.Bool  // has heard event 0, of which there may be several
	events    atomic.Int64 // has heard so many others
	latencies []time.Duration
}

const (
	// mark begins the number of an event in its title, markEnd ends it.
	mark    = "bench-"
	markEnd = '.'
	dialing = 50 // sockets opened at a time
)

// gather opens n sockets. subscribe, when given, is said on each before it is read from.
func gather(ctx context.Context, url string, n, events int, subscribe func(*websocket.Conn) error) (*audience, error) {
	a := &audience{sockets: make([]*websocket.Conn, n), heard: make([]watcher, n), sentAt: make([]atomic.Int64, events)}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, ReadBufferSize: 1024, WriteBufferSize: 256}
	errs := make([]error, n)
	slots := make(chan struct{}, dialing)
	var opening sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		opening.Go(func() {
			defer func() { <-slots }()
			socket, _, err := dialer.DialContext(ctx, url, http.Header{})
			if err == nil && subscribe != nil {
				err = subscribe(socket)
			}
			a.sockets[i], errs[i] = socket, err
		})
	}
	opening.Wait()
	for _, err := range errs {
		if err != nil {
			a.leave()
			return nil, fmt.Errorf("open a watcher: %w", err)
		}
	}
	for i := range n {
		a.reading.Go(func() { a.read(i) })
	}
	return a, nil
}

// leave closes all sockets and waits for their readers.
func (a *audience) leave() {
	for _, socket := range a.sockets {
		if socket != nil {
			socket.Close()
		}
	}
	a.reading.Wait()
}

func (a *audience) read(i int) {
	for {
		_, message, err := a.sockets[i].ReadMessage()
		if err != nil {
			a.failed.CompareAndSwap(nil, &err)
			return
		}
		now := time.Now().UnixNano()
		if bytes.Contains(message, []byte(`"type":"ping"`)) {
			if err := a.sockets[i].WriteMessage(websocket.TextMessage, []byte(`{"type":"pong"}`)); err != nil {
				return
			}
			continue
		}
		number, ok := marked(message)
		if !ok || number >= len(a.sentAt) {
			continue
		}
		if number == 0 {
			a.heard[i].probed.Store(true)
			continue
		}
		a.heard[i].latencies = append(a.heard[i].latencies, time.Duration(now-a.sentAt[number].Load()))
		a.heard[i].events.Add(1)
	}
}

// marked finds the number of an event.
func marked(message []byte) (int, bool) {
	_, rest, ok := bytes.Cut(message, []byte(mark))
	if !ok {
		return 0, false
	}
	digits, _, ok := bytes.Cut(rest, []byte{markEnd})
	if !ok {
		return 0, false
	}
	number, err := strconv.Atoi(string(digits))
	return number, err == nil
}

// title is what the event with that number is called.
func title(number int) string { return mark + strconv.Itoa(number) + string(markEnd) }

// wait until every watcher is done.
func (a *audience) wait(ctx context.Context, done func(*watcher) bool) error {
	for {
		missing := 0
		for i := range a.heard {
			if !done(&a.heard[i]) {
				missing++
			}
		}
		if missing == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			if failure := a.failed.Load(); failure != nil {
				return fmt.Errorf("a watcher was cut off: %w", *failure)
			}
			return fmt.Errorf("%d of %d watchers did not hear everything", missing, len(a.heard))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// latencies are those of all watchers. Call it after leave.
func (a *audience) latencies() []time.Duration {
	var all []time.Duration
	for i := range a.heard {
		all = append(all, a.heard[i].latencies...)
	}
	return all
}

// subscribeGraphQL opens the public feed on a socket, as graphql-transport-ws says.
func subscribeGraphQL(socket *websocket.Conn) error {
	if err := socket.WriteMessage(websocket.TextMessage, []byte(`{"type":"connection_init"}`)); err != nil {
		return err
	}
	_, answer, err := socket.ReadMessage()
	if err != nil {
		return err
	}
	if !bytes.Contains(answer, []byte("connection_ack")) {
		return fmt.Errorf("the server answered %s", answer)
	}
	message, err := json.Marshal(struct {
		ID      string    `json:"id"`
		Type    string    `json:"type"`
		Payload operation `json:"payload"`
	}{"1", "subscribe", operation{Query: watchQuery}})
	if err != nil {
		return err
	}
	return socket.WriteMessage(websocket.TextMessage, message)
}
