package client

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
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
	answer := &answer{header: http.Header{}}
	h().ServeHTTP(answer, inner)
	if answer.status == 0 {
		answer.status = http.StatusOK
	}
	return &http.Response{
		StatusCode: answer.status, Status: http.StatusText(answer.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.header, Body: io.NopCloser(&answer.body), ContentLength: int64(answer.body.Len()), Request: r,
	}, nil
}

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
