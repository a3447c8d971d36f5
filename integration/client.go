package integration

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
)

// clientAddress is where all clients of these tests come from.
const clientAddress = "127.0.0.77"

const proofOfWork = "X-JagaWarga-Proof-Of-Work"

var fromOutside = net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(clientAddress)}}

// Vars are the variables of an operation.
type Vars map[string]any

// Caller is somebody who talks to the API: signed in with a token, or a stranger.
type Caller struct {
	System   *System
	Token    string
	Language string // Accept-Language; empty for none
	Proof    string // of work; empty for none
}

// Answer is what came back.
type Answer struct {
	Data   Value
	Errors []Fault
}

// Fault is one error of an answer.
type Fault struct {
	Message    string
	Path       []any
	Extensions struct {
		Code, Field string
		Allowed     []string
		Challenge   string
		Difficulty  int
		ExpiresAt   time.Time
	}
}

func (f Fault) String() string {
	return fmt.Sprintf("%s %s at %v: %s", f.Extensions.Code, f.Extensions.Field, f.Path, f.Message)
}

// Stranger is nobody in particular.
func (s *System) Stranger() *Caller { return &Caller{System: s} }

// Citizen is one of the demo city's people, by number, signed in.
func (s *System) Citizen(t testing.TB, number int) *Caller {
	t.Helper()
	return s.signedIn(t, Vars{"nationalId": people(t).Citizens[number].NationalID, "password": people(t).Password})
}

// Officer is somebody who works in a department: an officer, or its head where there is nobody else.
func (s *System) Officer(t testing.TB, department string) *Caller {
	t.Helper()
	email := ""
	for _, officer := range people(t).Officers {
		if officer.Department == department && (email == "" || officer.Role == civic.RoleOfficer) {
			email = officer.Email
		}
	}
	return s.signedIn(t, Vars{"email": email, "password": people(t).Password})
}

func people(t testing.TB) *demo.Data {
	t.Helper()
	data, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const signIn = `mutation($input:SignInInput!){signIn(input:$input){accessToken refreshToken expiresAt viewer{
	... on Citizen{id name} ... on Officer{id name role department{code}}}}}`

func (s *System) signedIn(t testing.TB, input Vars) *Caller {
	t.Helper()
	who := fmt.Sprint(input["nationalId"], input["email"])
	s.mu.Lock()
	token := s.sessions[who]
	s.mu.Unlock()
	if token == "" {
		token = s.Stranger().Must(t, signIn, Vars{"input": input}).At("signIn.accessToken").Text()
		s.mu.Lock()
		s.sessions[who] = token
		s.mu.Unlock()
	}
	return &Caller{System: s, Token: token}
}

// Send posts a body as it is.
func (c *Caller) Send(ctx context.Context, body []byte) (status int, raw []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.System.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	c.sign(request.Header)
	response, err := outside.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	raw, err = io.ReadAll(response.Body)
	return response.StatusCode, raw, err
}

func (c *Caller) sign(header http.Header) {
	header.Set("X-Forwarded-For", clientAddress)
	if c.Token != "" {
		header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Language != "" {
		header.Set("Accept-Language", c.Language)
	}
	if c.Proof != "" {
		header.Set(proofOfWork, c.Proof)
	}
}

// Try asks, and fails as the network does.
func (c *Caller) Try(ctx context.Context, query string, variables Vars) (Answer, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return Answer{}, err
	}
	_, raw, err := c.Send(ctx, body)
	if err != nil {
		return Answer{}, err
	}
	return readAnswer(raw)
}

func readAnswer(raw []byte) (answer Answer, err error) {
	var wire struct {
		Data   any
		Errors []Fault
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return Answer{}, fmt.Errorf("no answer: %w: %s", err, raw)
	}
	return Answer{Value{wire.Data}, wire.Errors}, nil
}

// Ask asks and takes the answer as it is.
func (c *Caller) Ask(t testing.TB, query string, variables Vars) Answer {
	t.Helper()
	answer, err := c.Try(t.Context(), query, variables)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// Must asks what has to be answered without error.
func (c *Caller) Must(t testing.TB, query string, variables Vars) Value {
	t.Helper()
	answer := c.Ask(t, query, variables)
	if len(answer.Errors) > 0 {
		t.Fatalf("%s\nwith %v\nis refused: %v", query, variables, answer.Errors)
	}
	return answer.Data
}

// Refused asks what has to be refused with this code, and for this field if one is named.
func (c *Caller) Refused(t testing.TB, code, field, query string, variables Vars) Fault {
	t.Helper()
	answer := c.Ask(t, query, variables)
	if len(answer.Errors) == 0 {
		t.Errorf("%s\nwith %v\nis not refused: %v", query, variables, answer.Data)
		return Fault{}
	}
	fault := answer.Errors[0]
	if fault.Extensions.Code != code || field != "" && fault.Extensions.Field != field {
		t.Errorf("%s\nwith %v\nis refused with %v, want %s %s", query, variables, fault, code, field)
	}
	return fault
}

// Value is a piece of an answer.
type Value struct{ raw any }

// At goes down by the names of fields and the numbers of list items: "nodes.0.id". What is not there is null.
func (v Value) At(path string) Value {
	for _, name := range strings.Split(path, ".") {
		switch raw := v.raw.(type) {
		case map[string]any:
			v = Value{raw[name]}
		case []any:
			i := -1
			if _, err := fmt.Sscan(name, &i); err != nil || i < 0 || i >= len(raw) {
				return Value{}
			}
			v = Value{raw[i]}
		default:
			return Value{}
		}
	}
	return v
}

// Text is a string; "" for anything else.
func (v Value) Text() string {
	text, _ := v.raw.(string)
	return text
}

// Number is a number; 0 for anything else.
func (v Value) Number() float64 {
	number, _ := v.raw.(float64)
	return number
}

// True tells whether it is true.
func (v Value) True() bool { return v.raw == true }

// Null tells whether there is nothing.
func (v Value) Null() bool { return v.raw == nil }

// Items are the items of a list.
func (v Value) Items() []Value {
	list, _ := v.raw.([]any)
	items := make([]Value, len(list))
	for i, item := range list {
		items[i] = Value{item}
	}
	return items
}

// Texts are the texts at a path in each item of a list.
func (v Value) Texts(path string) []string {
	var texts []string
	for _, item := range v.Items() {
		texts = append(texts, item.At(path).Text())
	}
	return texts
}

func (v Value) String() string {
	raw, err := json.Marshal(v.raw)
	return string(raw) + errorText(err)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// codeOf is the code of the first error; "" without one.
func (a Answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

var errNotYet = errors.New("not yet")

// bodyOf is an operation as it goes over the wire.
func bodyOf(t testing.TB, query string, variables Vars) io.Reader {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(body)
}
