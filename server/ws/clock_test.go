package ws_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jagawarga/jagawarga/server/ws"
)

// inBubble runs a test on a clock that stands while anybody has something to do: however busy the machine is, what happens after how long
// is exact.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// pipes is a network within the process, as a bubble needs it.
type pipes struct {
	calls chan net.Conn
	ended chan struct{}
	end   sync.Once
}

func newPipes() *pipes { return &pipes{calls: make(chan net.Conn), ended: make(chan struct{})} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p.calls <- far
	return near, nil
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case call := <-p.calls:
		return call, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.end.Do(func() { close(p.ended) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// The token ends while a subscription runs: the client is told to renew it and come back.
func TestTokenEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := openOn(t, newPipes(), ws.Config{Now: func() time.Time { return time.Unix(1000, 0) }}, people)
		began := time.Now()
		c := p.dial()
		c.say(bearer("short"))
		c.hear(`{"type":"connection_ack"}`)
		c.say(subscribe("1", "subscription{forever}"))
		c.closed(4403, "refresh and come back")
		if after := time.Since(began); after != lifeOfShort {
			t.Errorf("after %v", after)
		}
	})
}

func TestNoInitInTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		began := time.Now()
		openOn(t, newPipes(), ws.Config{}, people).dial().closed(4408, "Connection initialisation timeout")
		if after := time.Since(began); after != 10*time.Second {
			t.Errorf("after %v", after)
		}
	})
}

// Pings go out, and a client that does not answer them is gone.
func TestSilentClient(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := openOn(t, newPipes(), ws.Config{PingEvery: 25 * time.Second, WriteTimeout: 10 * time.Second}, people)
		c, began := p.ready("null"), time.Now()
		var pings atomic.Int64
		c.conn.SetPingHandler(func(string) error { pings.Add(1); return nil }) // and no pong
		if _, _, err := c.conn.ReadMessage(); err == nil {
			t.Fatal("a message")
		}
		if after := time.Since(began); pings.Load() != 1 || after != 35*time.Second {
			t.Errorf("gone after %v and %d pings", after, pings.Load())
		}
	})
}

func TestAttentiveClient(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := openOn(t, newPipes(), ws.Config{PingEvery: 25 * time.Second, WriteTimeout: 10 * time.Second}, people)
		c, heard := p.ready("null"), 0
		answer := c.conn.PingHandler()
		c.conn.SetPingHandler(func(data string) error {
			err := answer(data)
			if heard++; heard == 30 { // long after the silence that is allowed
				c.say(`{"type":"ping"}`)
			}
			return err
		})
		_ = c.conn.SetReadDeadline(time.Now().Add(time.Hour))
		if _, said, err := c.conn.ReadMessage(); err != nil || string(said) != `{"type":"pong"}` {
			t.Errorf("%s, %v", said, err)
		}
	})
}

// A client that never reads is dropped, and its subscription ends.
func TestSlowClient(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := openOn(t, newPipes(), ws.Config{WriteTimeout: 10 * time.Second}, people)
		c := p.ready("null")
		c.say(subscribe("1", "subscription{count(to:100000000)}"))
		time.Sleep(10*time.Second - time.Millisecond) // of the bubble's clock
		if p.handler.Open() != 1 {
			t.Error("it is gone too early")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if p.handler.Open() != 0 {
			t.Error("it is still there")
		}
	})
}
