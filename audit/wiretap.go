package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A wiretap hears everything that the services say to each other on the broker, in both of its accounts, and when.
type wiretap struct {
	connections []*nats.Conn
	mu          sync.Mutex
	heard       []message
}

type message struct {
	subject string
	at      time.Time
	whole   []byte // subject, headers and content
}

// listen taps the wires with the passwords that lie in the data directory.
func (c *city) listen() (*wiretap, error) {
	p, err := c.places()
	if err != nil {
		return nil, err
	}
	w := &wiretap{}
	for _, tap := range []struct{ user, subject, inbox string }{
		{"admin", ">", ""},
		{"anonymizer", "_INBOX_anonymizer.>", "_INBOX_anonymizer"}, // it may hear no more than its own answers
	} {
		password, err := c.password("nats", tap.user)
		if err != nil {
			return nil, err
		}
		options := []nats.Option{nats.UserInfo(tap.user, password)}
		if tap.inbox != "" {
			options = append(options, nats.CustomInboxPrefix(tap.inbox))
		}
		conn, err := nats.Connect(p.NATS, options...)
		if err != nil {
			return nil, fmt.Errorf("wiretap as %s: %w", tap.user, err)
		}
		w.connections = append(w.connections, conn)
		if _, err := conn.Subscribe(tap.subject, w.hear); err != nil {
			return nil, err
		}
		if err := conn.Flush(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *wiretap) hear(m *nats.Msg) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, message{m.Subject, time.Now(), whole(m.Subject, m.Header, m.Data)})
}

func whole(subject string, header nats.Header, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString(subject + "\n")
	for name, values := range header {
		b.WriteString(name + ": " + strings.Join(values, ", ") + "\n")
	}
	b.Write(data)
	return b.Bytes()
}

// submissions are the anonymous ones, in the order in which they came.
func (w *wiretap) submissions() []message {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []message
	for _, m := range w.heard {
		if m.subject == "submissions.anonymous" {
			found = append(found, m)
		}
	}
	return found
}

// evidence is what was heard, and what the streams and buckets of both accounts still hold.
func (w *wiretap) evidence(ctx context.Context) ([]evidence, error) {
	var all []evidence
	for _, conn := range w.connections {
		kept, err := stored(ctx, conn)
		if err != nil {
			return nil, err
		}
		all = append(all, kept...)
		conn.Close()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.heard {
		// Public reports have a reporter; their submissions and events say so, and so does what wakes those who wait for them.
		ofPublic := !strings.Contains(m.subject, "anonymous") && !strings.Contains(m.subject, "anonymizer")
		all = append(all, said("messages between services", m.subject, reportSide, !ofPublic, m.whole))
	}
	return all, nil
}

// stored reads every message of every stream; a key-value bucket is one, too.
func stored(ctx context.Context, conn *nats.Conn) ([]evidence, error) {
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, err
	}
	var all []evidence
	names := js.StreamNames(ctx)
	for name := range names.Name() {
		stream, err := js.Stream(ctx, name)
		if err != nil {
			return nil, err
		}
		state := stream.CachedInfo().State
		for sequence := state.FirstSeq; sequence <= state.LastSeq; sequence++ {
			m, err := stream.GetMsg(ctx, sequence)
			if err != nil {
				continue // deleted
			}
			anonymous := strings.Contains(m.Subject, "anonymous") || strings.Contains(name, "ANON")
			all = append(all, said("streams and buckets", name, reportSide, anonymous, whole(m.Subject, m.Header, m.Data)))
		}
	}
	return all, names.Err()
}
