package ws

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
)

const (
	// closeTimeout is how long a close frame may take to leave, and then how long the client may take to answer it. Closing
	// at once would reset the connection, and the client might never see the code.
	closeTimeout = time.Second
	// verifyTimeout bounds the check of a token.
	verifyTimeout = 5 * time.Second
)

// socket is one connection. live reads until the end; everything else is called by it, by operations or by timers.
type socket struct {
	handler *Handler
	conn    *websocket.Conn
	ctx     context.Context // carries language, principal and what Mark and Greet have put there; ends with the socket
	cancel  context.CancelFunc

	writing sync.Mutex // held while a message is written

	mu           sync.Mutex // guards what follows
	initialised  bool
	acknowledged bool
	closed       bool // a close frame has been sent: what still comes in is not for us
	operations   map[string]*operation
	running      sync.WaitGroup

	init, ping, expiry *time.Timer
	forget             func() // ends the watch over the session
}

func newSocket(h *Handler, conn *websocket.Conn, ctx context.Context) *socket {
	s := &socket{handler: h, conn: conn, operations: map[string]*operation{}, forget: func() {}}
	s.ctx, s.cancel = context.WithCancel(ctx)
	conn.SetReadLimit(h.cfg.ReadLimit)
	conn.SetPongHandler(func(string) error { s.heard(); return nil })
	return s
}

// live is the socket's whole life.
func (s *socket) live() {
	defer s.end()
	s.heard()
	if s.conn.Subprotocol() != Subprotocol {
		s.close(badSubprotocol)
	}
	s.mu.Lock()
	s.init = time.AfterFunc(s.handler.cfg.InitTimeout, func() { s.close(initTimeout) })
	s.ping = time.AfterFunc(s.handler.cfg.PingEvery, s.sendPing)
	s.mu.Unlock()
	for {
		kind, raw, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		s.heard()
		if s.isClosed() {
			continue
		}
		m, ok := decode(raw)
		if kind != websocket.TextMessage || !ok {
			s.close(invalidMessage)
			continue
		}
		s.receive(m)
	}
}

func (s *socket) end() {
	s.cancel()
	s.mu.Lock()
	s.closed = true
	for _, timer := range []*time.Timer{s.init, s.ping, s.expiry} {
		if timer != nil {
			timer.Stop()
		}
	}
	s.mu.Unlock()
	s.forget()
	_ = s.conn.Close()
	s.running.Wait()
	s.handler.remove(s)
}

func (s *socket) receive(m message) {
	switch m.Type {
	case typeInit:
		s.initialise(m.Payload)
	case typeSubscribe:
		s.subscribe(m)
	case typeComplete:
		if m.ID == "" {
			s.close(invalidMessage)
			return
		}
		s.complete(m.ID)
	case typePing:
		if !isAbsent(m.Payload) && !isObject(m.Payload) {
			s.close(invalidMessage)
			return
		}
		s.send([]byte(`{"type":"` + typePong + `"}`))
	case typePong:
	default:
		s.close(invalidMessage)
	}
}

func (s *socket) initialise(payload json.RawMessage) {
	s.mu.Lock()
	again := s.initialised
	s.initialised = true
	s.init.Stop()
	s.mu.Unlock()
	if again {
		s.close(tooManyInitialised)
		return
	}
	if !isAbsent(payload) && !isObject(payload) {
		s.close(invalidMessage)
		return
	}
	bearer, ok := token(payload)
	if !ok {
		s.close(forbidden)
		return
	}
	s.ctx = s.handler.cfg.Greet(s.ctx, payload) // only live reads and writes the field
	if bearer != "" && !s.identify(bearer) {
		return
	}
	s.mu.Lock()
	s.acknowledged = true
	s.mu.Unlock()
	s.send([]byte(`{"type":"` + typeAck + `"}`))
}

// identify finds out who holds the token and arms the timer of its end; false if the socket is being closed instead.
func (s *socket) identify(bearer string) bool {
	ctx, cancel := context.WithTimeout(s.ctx, verifyTimeout)
	defer cancel()
	principal, err := s.handler.verifier.Verify(ctx, bearer)
	if err != nil {
		reason := tryAgainLater
		if known := (*civic.Error)(nil); errors.As(err, &known) && known.Code == civic.CodeUnauthenticated {
			reason = forbidden
		}
		s.close(reason)
		return false
	}
	if !principal.Expires.IsZero() {
		left := principal.Expires.Sub(s.handler.cfg.Now())
		if left <= 0 {
			s.close(forbidden)
			return false
		}
		s.mu.Lock()
		if !s.closed {
			s.expiry = time.AfterFunc(left, func() { s.close(forbidden) })
		}
		s.mu.Unlock()
	}
	s.forget = s.handler.cfg.OnRevoked(principal.Session, func() { s.close(forbidden) }) // only live reads and writes the field
	s.ctx = auth.With(s.ctx, principal)
	return true
}

// send writes one message. A client that cannot take it in time is dropped.
func (s *socket) send(raw []byte) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.write(raw)
}

func (s *socket) write(raw []byte) {
	_ = s.conn.SetWriteDeadline(time.Now().Add(s.handler.cfg.WriteTimeout))
	if err := s.conn.WriteMessage(websocket.TextMessage, raw); err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			s.handler.metrics.slow.Inc()
		}
		s.drop()
	}
}

func (s *socket) sendPing() {
	if s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.handler.cfg.WriteTimeout)) != nil {
		return // a write that failed or got stuck ends the socket by itself
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.ping.Reset(s.handler.cfg.PingEvery)
	}
}

// heard says that the client is there.
func (s *socket) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		_ = s.conn.SetReadDeadline(time.Now().Add(s.handler.cfg.PingEvery + s.handler.cfg.WriteTimeout))
	}
}

func (s *socket) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// close sends the close frame and ends all operations. live goes on until the client has answered it or closeTimeout is over.
func (s *socket) close(why closing) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.handler.metrics.closes.WithLabelValues(why.label()).Inc()
	frame := websocket.FormatCloseMessage(why.code, why.reason)
	if s.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeTimeout)) != nil {
		s.drop()
		return
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(closeTimeout))
}

// drop ends the socket without a word.
func (s *socket) drop() {
	s.cancel()
	_ = s.conn.Close()
}
