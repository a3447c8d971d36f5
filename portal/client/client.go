// Package client asks the GraphQL API for the pages. The operations are files under operations; what is generated from them is checked against
// the schema. The API is somewhere in the network, or in the same process behind Within: what is asked and answered is the same.
package client

//go:generate go tool genqlient

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"

	"github.com/Khan/genqlient/graphql"
)

// mostAnswered bounds an answer, in bytes; the longest are a hundred comments of 10,000 characters.
const mostAnswered = 16 << 20

// Upload is a file of a request. In the variables it stands for null; the content goes beside them.
type Upload struct {
	Name    string
	Content []byte
}

// MarshalJSON writes null, as the multipart request specification wants it.
func (Upload) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// API is where questions go.
type API struct {
	url  string
	http *http.Client
}

// New asks the server at that URL (http://host:port), over transport; nil is http.DefaultTransport.
func New(url string, transport http.RoundTripper) *API {
	return &API{strings.TrimSuffix(url, "/") + "/graphql", &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Caller is on whose behalf somebody asks.
type Caller struct {
	// Token is an access token; empty for a stranger.
	Token string
	// Language is what answers are in.
	Language string
	// From is the visitor's own request: the API counts failed receipts by where they come from.
	From *http.Request
	// Files go with the operation, as the list that FilesAt names in its variables. Default "input.media".
	Files   []Upload
	FilesAt string
	// Proof is the work that an earlier answer asked for; empty for none.
	Proof string
}

// As speaks for a caller.
func (a *API) As(c Caller) Speaker { return Speaker{a, c} }

// Speaker is a graphql.Client that asks on behalf of a caller.
type Speaker struct {
	*API
	caller Caller
}

// Fault is what the API says when it refuses.
type Fault struct {
	// Code is the API's, or UNAVAILABLE for an API that cannot be reached.
	Code string
	// Field is the input at fault, if one is.
	Field string
	// Message is a sentence in the caller's language; empty for an API that cannot be reached.
	Message string
	// Work is what the caller's browser has to do before it asks again; nil for nothing.
	Work *Work
}

// Work is a puzzle; docs/proof-of-work.md says how it is solved.
type Work struct {
	Challenge  string
	Difficulty int
}

// proofHeader carries the solution.
const proofHeader = "X-JagaWarga-Proof-Of-Work"

// Error is for logs: nothing that somebody typed.
func (f *Fault) Error() string { return strings.TrimSpace("api: " + f.Code + " " + f.Field) }

// Code is the code of an error, INTERNAL for one that is no Fault; empty without one.
func Code(err error) string {
	if err == nil {
		return ""
	}
	if fault := (*Fault)(nil); errors.As(err, &fault) {
		return fault.Code
	}
	return "INTERNAL"
}

// MakeRequest sends one operation; it makes the API a graphql.Client.
func (s Speaker) MakeRequest(ctx context.Context, asked *graphql.Request, answer *graphql.Response) error {
	kind, body, err := encode(asked, s.caller.Files, cmp.Or(s.caller.FilesAt, "input.media"))
	if err != nil {
		return err
	}
	request, err := s.request(ctx, kind, body)
	if err != nil {
		return err
	}
	response, err := s.send(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return decode(io.LimitReader(response.Body, mostAnswered), answer)
}

// request is a request to the API on behalf of the caller.
func (s Speaker) request(ctx context.Context, kind string, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Language", s.caller.Language)
	if s.caller.Token != "" {
		request.Header.Set("Authorization", "Bearer "+s.caller.Token)
	}
	if s.caller.Proof != "" {
		request.Header.Set(proofHeader, s.caller.Proof)
	}
	if s.caller.From != nil {
		request.Header["X-Forwarded-For"] = forwarded(s.caller.From)
	}
	return request, nil
}

// send sends it; an API that cannot be reached is a Fault like any other.
func (s Speaker) send(ctx context.Context, request *http.Request) (*http.Response, error) {
	response, err := s.http.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &Fault{Code: "UNAVAILABLE"}
	}
	return response, nil
}

// forwarded is the chain of addresses that a gateway would write: what came, and where the visitor's connection comes from.
func forwarded(r *http.Request) []string {
	chain := r.Header.Values("X-Forwarded-For")
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		chain = append(chain[:len(chain):len(chain)], host)
	}
	return []string{strings.Join(chain, ", ")}
}

func encode(asked *graphql.Request, files []Upload, at string) (kind string, body io.Reader, err error) {
	raw, err := json.Marshal(asked)
	if err != nil {
		return "", nil, err
	}
	if len(files) == 0 {
		return "application/json", bytes.NewReader(raw), nil
	}
	places := map[string][]string{}
	for i := range files {
		places[fmt.Sprint(i)] = []string{fmt.Sprintf("variables.%s.%d", at, i)}
	}
	placed, err := json.Marshal(places)
	if err != nil {
		return "", nil, err
	}
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	_ = form.WriteField("operations", string(raw)) // a buffer takes everything
	_ = form.WriteField("map", string(placed))
	for i, file := range files {
		part, err := form.CreateFormFile(fmt.Sprint(i), "file") // what somebody calls a file is nobody's business
		if err != nil {
			return "", nil, err
		}
		_, _ = part.Write(file.Content)
	}
	err = form.Close()
	return form.FormDataContentType(), &out, err
}

// decode reads an answer; the first error is the Fault.
func decode(body io.Reader, answer *graphql.Response) error {
	var wire struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct {
				Code, Field string
				Work
			}
		}
	}
	if err := json.NewDecoder(body).Decode(&wire); err != nil {
		return &Fault{Code: "UNAVAILABLE"} // a gateway's own page
	}
	if len(wire.Errors) > 0 {
		first := wire.Errors[0]
		fault := &Fault{Code: first.Extensions.Code, Field: first.Extensions.Field, Message: first.Message}
		if work := first.Extensions.Work; work.Challenge != "" {
			fault.Work = &work
		}
		return fault
	}
	return json.Unmarshal(wire.Data, answer.Data)
}
