package integration

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Socket is a WebSocket that speaks graphql-transport-ws.
type Socket struct {
	t       testing.TB
	conn    *websocket.Conn
	writing sync.Mutex

	mu      sync.Mutex
	streams map[string]*Stream
	// closed is why it ended, once it has.
	closed chan struct{}
	reason error
}

// Stream is one subscription.
type Stream struct {
	socket *Socket
	id     string
	events chan Event
}

// Event is one result of a subscription, and when it came.
type Event struct {
	Answer
	At time.Time
	// Over marks the end: complete, or error with its faults.
	Over bool
}

type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Dial opens a socket as the caller. It is closed with the test.
func (c *Caller) Dial(t testing.TB) *Socket {
	t.Helper()
	s, err := c.dial(t)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (c *Caller) dial(t testing.TB) (*Socket, error) {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, NetDialContext: fromOutside.DialContext, HandshakeTimeout: patience}
	conn, _, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(c.System.URL, "http")+"/graphql", nil)
	if err != nil {
		return nil, err
	}
	s := &Socket{t: t, conn: conn, streams: map[string]*Stream{}, closed: make(chan struct{})}
	t.Cleanup(s.Cut)
	greeting := map[string]string{}
	if c.Token != "" {
		greeting["Authorization"] = "Bearer " + c.Token
	}
	if c.Proof != "" {
		greeting[proofOfWork] = c.Proof
	}
	payload, err := json.Marshal(greeting)
	if err != nil {
		return nil, err
	}
	if err := s.send(frame{Type: "connection_init", Payload: payload}); err != nil {
		return nil, err
	}
	var ack frame
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if err := conn.ReadJSON(&ack); err != nil || ack.Type != "connection_ack" {
		return nil, fmt.Errorf("no connection_ack: %s: %w", ack.Type, err)
	}
	_ = conn.SetReadDeadline(time.Time{})
	go s.listen()
	return s, nil
}

func (s *Socket) send(f frame) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.conn.WriteJSON(f)
}

func (s *Socket) listen() {
	defer close(s.closed)
	for {
		var f frame
		if s.reason = s.conn.ReadJSON(&f); s.reason != nil {
			return
		}
		now := time.Now()
		s.mu.Lock()
		stream := s.streams[f.ID]
		s.mu.Unlock()
		if stream == nil {
			continue // a ping, or what crossed with our own complete
		}
		switch event := (Event{At: now}); f.Type {
		case "next":
			var err error
			if event.Answer, err = readAnswer(f.Payload); err != nil {
				event.Errors = []Fault{{Message: err.Error()}}
			}
			stream.events <- event
		case "error":
			event.Over = true
			if err := json.Unmarshal(f.Payload, &event.Errors); err != nil {
				event.Errors = []Fault{{Message: err.Error()}}
			}
			stream.events <- event
		case "complete":
			stream.events <- Event{At: now, Over: true}
		}
	}
}

// Cut ends the socket without a word, as a tunnel does to a phone.
func (s *Socket) Cut() { _ = s.conn.Close() }

// Subscribe begins a subscription.
func (s *Socket) Subscribe(query string, variables Vars) *Stream {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	stream := &Stream{socket: s, id: strconv.Itoa(len(s.streams) + 1), events: make(chan Event, 10_000)}
	s.streams[stream.id] = stream
	s.mu.Unlock()
	if err := s.send(frame{ID: stream.id, Type: "subscribe", Payload: payload}); err != nil {
		s.t.Fatal(err)
	}
	return stream
}

// Next waits for one event, which must not be the end.
func (s *Stream) Next() Event {
	s.socket.t.Helper()
	event := s.any()
	if event.Over || len(event.Errors) > 0 {
		s.socket.t.Fatalf("the subscription ended or failed: %v", event.Errors)
	}
	return event
}

// Refused waits for the subscription to be turned down with this code.
func (s *Stream) Refused(code string) {
	s.socket.t.Helper()
	if event := s.any(); event.code() != code || !event.Data.Null() {
		s.socket.t.Errorf("the subscription got %v %v, want %s", event.Data, event.Errors, code)
	}
}

func (s *Stream) any() Event {
	s.socket.t.Helper()
	select {
	case event := <-s.events:
		return event
	case <-s.socket.closed:
		select {
		case event := <-s.events: // came before the end
			return event
		default:
		}
		s.socket.t.Fatalf("the socket closed: %v", s.socket.reason)
	case <-time.After(patience):
		s.socket.t.Fatal("no event came")
	}
	return Event{}
}
