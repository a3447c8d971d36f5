package client

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Within carries questions to a server of the same process, without the network. handler is asked for at each question: the server may be made
// after whoever asks it.
func Within(handler func() http.Handler) http.RoundTripper { return within(handler) }

type within func() http.Handler

// RoundTrip gives the handler the address of the visitor as if their connection were its own, so that none of what they themselves wrote into
// the header is believed unless the server trusts who it came through.
func (h within) RoundTrip(r *http.Request) (*http.Response, error) {
	inner := r.Clone(r.Context())
	inner.RequestURI = r.URL.RequestURI()
	inner.Host = r.URL.Host
	inner.RemoteAddr = "127.0.0.1:0"
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	chain := r.Header.Get("X-Forwarded-For")
	inner.Header.Del("X-Forwarded-For")
	if chain != "" {
		before, last := "", chain
		if i := strings.LastIndex(chain, ", "); i >= 0 {
			before, last = chain[:i], chain[i+2:]
			inner.Header.Set("X-Forwarded-For", before)
		}
		inner.RemoteAddr = net.JoinHostPort(last, "0")
	}
	if r.Header.Get("Accept") == eventStream {
		return h.follow(inner), nil
	}
	answer := &answer{header: http.Header{}}
	h().ServeHTTP(answer, inner)
	if answer.status == 0 {
		answer.status = http.StatusOK
	}
	return answered(r, answer.status, answer.header, io.NopCloser(&answer.body), int64(answer.body.Len())), nil
}

// follow hands on what a handler writes as it writes it; the handler ends when the body is closed.
func (h within) follow(r *http.Request) *http.Response {
	ctx, cancel := context.WithCancel(r.Context())
	read, write := io.Pipe()
	started := make(chan int, 1)
	flow := &flow{header: http.Header{}, pipe: write, started: started}
	go func() {
		defer write.Close()
		defer flow.WriteHeader(http.StatusOK)
		h().ServeHTTP(flow, r.WithContext(ctx))
	}()
	return answered(r, <-started, flow.header.Clone(), body{read, cancel}, -1)
}

func answered(r *http.Request, status int, header http.Header, body io.ReadCloser, length int64) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: body, ContentLength: length, Request: r,
	}
}

// body ends the handler behind it when it is closed.
type body struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b body) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

// flow is an answer that is read while it is written. It has no deadlines: whoever reads it is in this process, and has deadlines of their own.
type flow struct {
	header  http.Header
	pipe    *io.PipeWriter
	once    sync.Once
	started chan<- int
}

func (f *flow) Header() http.Header { return f.header }

func (f *flow) WriteHeader(status int) { f.once.Do(func() { f.started <- status }) }

func (f *flow) Write(p []byte) (int, error) {
	f.WriteHeader(http.StatusOK)
	return f.pipe.Write(p)
}

func (f *flow) Flush() {}

func (f *flow) SetReadDeadline(time.Time) error { return nil }

func (f *flow) SetWriteDeadline(time.Time) error { return nil }

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}
