package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server"
	"github.com/jagawarga/jagawarga/server/internal/sample"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tokens is a verifier that knows its tokens by heart.
type tokens map[string]civic.Principal

func (t tokens) Verify(_ context.Context, token string) (civic.Principal, error) {
	if principal, known := t[token]; known {
		return principal, nil
	}
	return civic.Principal{}, civic.Unauthenticated("token.invalid")
}

var people = tokens{
	"citizen": {Role: civic.RoleCitizen},
	"past":    {Role: civic.RoleCitizen, Expires: time.Now().Add(-time.Second)},
	"short":   {Role: civic.RoleCitizen, Expires: time.Unix(1000, int64(50*time.Millisecond))},
}

// buffer collects the log.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

type place struct {
	t         *testing.T
	url       string
	server    *server.Server
	resolvers *sample.Resolvers
	log       *buffer
	metrics   *prometheus.Registry
}

func open(t *testing.T, cfg server.Config) *place {
	t.Helper()
	p := &place{t: t, resolvers: &sample.Resolvers{Tick: make(chan int)}, log: &buffer{}, metrics: prometheus.NewRegistry()}
	cfg.Log = slog.New(slog.NewJSONHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg.Metrics = p.metrics
	cfg.Listen = "127.0.0.1:0"
	var err error
	if p.server, err = server.New(cfg, sample.New(p.resolvers), people); err != nil {
		t.Fatal(err)
	}
	if err := p.server.Listen(); err != nil {
		t.Fatal(err)
	}
	p.url = "http://" + p.server.Addr()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
		p.quiet()
	})
	return p
}

// quiet waits until no subscription runs any more.
func (p *place) quiet() {
	p.t.Helper()
	for patience := time.Now().Add(5 * time.Second); p.resolvers.Watching.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(patience) {
			p.t.Fatalf("%d subscriptions still run", p.resolvers.Watching.Load())
		}
	}
}

// ask sends a request with header name, value pairs and returns status and body.
func (p *place) ask(method, path, body string, headers ...string) (int, http.Header, string) {
	p.t.Helper()
	request, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(raw)
}

func query(text string) string {
	raw, _ := json.Marshal(map[string]any{"query": text})
	return string(raw)
}

type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code, Field, ID string
			Allowed         []string
		}
	}
}

func parse(t *testing.T, body string) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return a
}

const newer = "application/graphql-response+json"

func TestErrorsOfOperations(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{MaxTokens: 400, MaxDepth: 6, MaxComplexity: 50})
	deep := strings.Repeat("self{", 7) + "name" + strings.Repeat("}", 7)
	bomb := "query{box{...F0}}"
	for i := range 20 {
		next := "name"
		if i < 19 {
			next = "...F" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10))
		}
		name := "F" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		bomb += " fragment " + name + " on Box{" + next + " ...on Box{" + next + "}}"
	}
	bomb = strings.Replace(bomb, "...F0}", "...F00}", 1)
	for _, c := range []struct {
		name, body, code, field, message string
		status                           int // for the newer media type
	}{
		{"syntax", query("{"), "INVALID_INPUT", "", "Expected Name, found <EOF>", 400},
		{"unknown field", query("{nothing}"), "INVALID_INPUT", "", `Cannot query field "nothing" on type "Query".`, 400},
		{"unknown operation", `{"query":"query A{hello}","operationName":"B"}`, "INVALID_INPUT", "", "operation B not found", 400},
		{"missing variable", query("query($n:String!){hello(name:$n)}"), "INVALID_INPUT", "n", "n wajib diisi.", 400},
		{"wrong enum", box(`{"name":"x","color":"` + sample.Secret + `"}`), "INVALID_INPUT", "color", "Nilai color tidak sah.", 400},
		{"missing input field", box(`{"color":"RED"}`), "INVALID_INPUT", "name", "name wajib diisi.", 400},
		{"unknown input field", box(`{"name":"x","` + sample.Secret + `":1}`), "INVALID_INPUT", sample.Secret, "", 400},
		{"wrong type", box(`{"name":"x","size":"many"}`), "INVALID_INPUT", "size", "Nilai size tidak sah.", 400},
		{"scalar in an input", box(`{"name":"x","place":"` + sample.Secret + `"}`), "INVALID_INPUT", "place", "Nilai place tidak sah.", 200},
		{"scalar as argument", query(`{place(at:"` + sample.Secret + `")}`), "INVALID_INPUT", "at", "Nilai at tidak sah.", 200},
		{"coded scalar", query(`{place(at:"coded")}`), "INVALID_INPUT", "at", "Nilai at tidak sah.", 200},
		{"resolver's own refusal", box(`{"name":""}`), "INVALID_INPUT", "name", "name wajib diisi.", 200},
		{"wrapped refusal", query(`{fail(how:"conflict")}`), "CONFLICT", "to", "", 200},
		{"a part is down", query(`{fail(how:"unavailable")}`), "UNAVAILABLE", "", "", 200},
		{"sentence unknown", query(`{fail(how:"key")}`), "NOT_FOUND", "", "Data tidak ditemukan.", 200},
		{"anything else", query(`{fail(how:"disk")}`), "INTERNAL", "", "", 200},
		{"panic", query(`{fail(how:"panic")}`), "INTERNAL", "", "", 200},
		{"nil pointer", query(`{fail(how:"nil")}`), "INTERNAL", "", "", 200},
		{"subscription", query("subscription{forever}"), "INVALID_INPUT", "", "", 400},
		{"too many tokens", query("{" + strings.Repeat("hello ", 500) + "}"), "TOO_COMPLEX", "", "exceeded token limit of 400", 400},
		{"too deep", query("{box{" + deep + "}}"), "TOO_COMPLEX", "", "Permintaan terlalu rumit: batasnya 6.", 400},
		{"too many fields", query("{" + aliases(51) + "}"), "TOO_COMPLEX", "", "Permintaan terlalu rumit: batasnya 50.", 400},
		{"fragments in fragments", query(bomb), "TOO_COMPLEX", "", "Permintaan terlalu rumit: batasnya 50.", 400},
		{"unknown persisted query", `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}`, "PERSISTED_QUERY_NOT_FOUND", "", "PersistedQueryNotFound", 400},
	} {
		for _, media := range []string{"application/json", newer} {
			want := http.StatusOK
			if media == newer {
				want = c.status
			}
			status, header, body := p.ask("POST", "/graphql", c.body, "Accept", media)
			if status != want || header.Get("Content-Type") != media+"; charset=utf-8" {
				t.Errorf("%s: %d %s, want %d", c.name, status, header.Get("Content-Type"), want)
			}
			a := parse(t, body)
			if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != c.code || a.Errors[0].Extensions.Field != c.field {
				t.Errorf("%s: %s", c.name, body)
				continue
			}
			if got := a.Errors[0].Message; c.message != "" && got != c.message || got == "" {
				t.Errorf("%s: %q, want %q", c.name, got, c.message)
			}
			if c.code == "INTERNAL" {
				if id := a.Errors[0].Extensions.ID; len(id) != 12 || !strings.Contains(p.log.String(), id) || !strings.Contains(a.Errors[0].Message, id) {
					t.Errorf("%s: the id %q is not in both message and log", c.name, id)
				}
			}
			if strings.Contains(body, "goroutine") || strings.Contains(body, sample.Secret) && c.field != sample.Secret {
				t.Errorf("%s: tells too much: %s", c.name, body)
			}
		}
	}
	_, _, body := p.ask("POST", "/graphql", query(`{fail(how:"conflict")}`), "Accept-Language", "en")
	if a := parse(t, body); a.Errors[0].Message != "This request does not fit the present state." || len(a.Errors[0].Extensions.Allowed) != 2 || a.Errors[0].Path[0] != "fail" {
		t.Errorf("in English: %s", body)
	}
	if strings.Contains(p.log.String(), sample.Secret) || strings.Contains(p.log.String(), "127.0.0.1") {
		t.Error("the log holds what somebody sent, or where from")
	}
}

// A short document full of mistakes must not make a long answer.
func TestManyMistakes(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	_, _, body := p.ask("POST", "/graphql", query("{hello "+strings.Repeat("@a ", 700)+"}"))
	if a := parse(t, body); len(a.Errors) != 10 {
		t.Errorf("%d errors", len(a.Errors))
	}
}

func box(variables string) string {
	return `{"query":"mutation($b:BoxInput!){saveBox(input:$b){name}}","variables":{"b":` + variables + `}}`
}

func aliases(n int) string {
	var all strings.Builder
	for i := range n {
		all.WriteString(" a" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ":hello")
	}
	return all.String()
}

func TestRequestsThatAreNoOperation(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{MaxBody: 1000})
	secret := sample.Secret
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code                     string
		headers                  []string
	}{
		{"broken JSON", "POST", "/graphql", `{"query":"` + secret, 400, "INVALID_INPUT", nil},
		{"a list", "POST", "/graphql", `[{"query":"{hello}"}]`, 400, "INVALID_INPUT", nil},
		{"two values", "POST", "/graphql", `{"query":"{hello}"} {"x":"` + secret + `"}`, 400, "INVALID_INPUT", nil},
		{"variables are a text", "POST", "/graphql", `{"query":"{hello}","variables":"` + secret + `"}`, 400, "INVALID_INPUT", nil},
		{"not UTF-8", "POST", "/graphql", "{\"query\":\"{hello}\",\"x\":\"\xff\"}", 400, "INVALID_INPUT", nil},
		{"empty body", "POST", "/graphql", "", 400, "INVALID_INPUT", nil},
		{"no query", "POST", "/graphql", "{}", 400, "INVALID_INPUT", nil},
		{"null", "POST", "/graphql", "null", 400, "INVALID_INPUT", nil},
		{"too large", "POST", "/graphql", query("{hello}" + strings.Repeat(" ", 1000)), 413, "INVALID_INPUT", nil},
		{"a form", "POST", "/graphql", "query={hello}", 415, "INVALID_INPUT", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"other charset", "POST", "/graphql", query("{hello}"), 415, "INVALID_INPUT", []string{"Content-Type", "application/json; charset=latin1"}},
		{"packed", "POST", "/graphql", query("{hello}"), 415, "INVALID_INPUT", []string{"Content-Encoding", "gzip"}},
		{"GET without query", "GET", "/graphql", "", 400, "INVALID_INPUT", nil},
		{"GET with broken variables", "GET", "/graphql?query={hello}&variables=%7B" + secret, "", 400, "INVALID_INPUT", nil},
		{"PUT", "PUT", "/graphql", "", 405, "INVALID_INPUT", nil},
		{"nothing there", "GET", "/" + secret, "", 404, "NOT_FOUND", nil},
	} {
		status, _, body := p.ask(c.method, c.path, c.body, c.headers...)
		if a := parse(t, body); status != c.status || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != c.code || len(a.Data) > 0 {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
		if strings.Contains(body, secret) {
			t.Errorf("%s: the answer repeats the body: %s", c.name, body)
		}
	}
	if strings.Contains(p.log.String(), secret) {
		t.Error("the log holds what somebody sent")
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	for _, c := range []struct{ name, method, path, body, want string }{
		{"POST", "POST", "/graphql", query("{hello}"), `{"data":{"hello":"hello"}}`},
		{"charset", "POST", "/graphql", query("{hello(name:\"é\")}"), `{"data":{"hello":"hello é"}}`},
		{"mutation", "POST", "/graphql", box(`{"name":"x"}`), `{"data":{"saveBox":{"name":"x"}}}`},
		{"GET", "GET", "/graphql?query=query($n:String){hello(name:$n)}&variables={%22n%22:%22you%22}", "", `{"data":{"hello":"hello you"}}`},
	} {
		if status, _, body := p.ask(c.method, c.path, c.body); status != 200 || body != c.want {
			t.Errorf("%s: %d %s, want %s", c.name, status, body, c.want)
		}
	}
	_, _, body := p.ask("GET", "/graphql?query=mutation{saveBox(input:{name:%22x%22}){name}}", "")
	if a := parse(t, body); a.Errors[0].Extensions.Code != "INVALID_INPUT" || len(a.Data) > 0 {
		t.Errorf("GET changed something: %s", body)
	}
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", newer: newer, newer + ", application/json;q=0.9": newer,
		"application/json, " + newer: "application/json", "text/html": "application/json",
	} {
		_, header, _ := p.ask("POST", "/graphql", query("{hello}"), "Accept", accept)
		if got := header.Get("Content-Type"); got != want+"; charset=utf-8" {
			t.Errorf("Accept %q: %s", accept, got)
		}
	}
}

func TestPersistedQueries(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	const hash = "53b9a4b9ab1e2d4e60ad0b9b5a33eab0e4cd14ef3ba5e4d20d6aa2d8bd35e2f0"
	_, _, body := p.ask("POST", "/graphql", `{"query":"{hello}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"`+hash+`"}}}`)
	if a := parse(t, body); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "INVALID_INPUT" {
		t.Errorf("a wrong hash: %s", body)
	}
	keep := func(text string) (again string) {
		sum := sha(text)
		raw, _ := json.Marshal(map[string]any{"query": text, "extensions": persisted(sum)})
		p.ask("POST", "/graphql", string(raw))
		raw, _ = json.Marshal(map[string]any{"extensions": persisted(sum)})
		_, _, again = p.ask("POST", "/graphql", string(raw))
		return again
	}
	if got := keep("{hello}"); got != `{"data":{"hello":"hello"}}` {
		t.Errorf("kept query: %s", got)
	}
	if got := keep(`{hello(name:"` + sample.Secret + `")}`); !strings.Contains(got, "PersistedQueryNotFound") {
		t.Errorf("a query with a value in it was kept: %s", got)
	}
}

func TestWhoIsAsking(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	for _, c := range []struct{ name, header, want, code string }{
		{"nobody", "", `{"data":{"viewer":null}}`, ""},
		{"citizen", "Bearer citizen", `{"data":{"viewer":"CITIZEN"}}`, ""},
		{"small letters", "bearer citizen", `{"data":{"viewer":"CITIZEN"}}`, ""},
		{"foreign token", "Bearer foreign", "", "UNAUTHENTICATED"},
		{"token that is over", "Bearer past", "", "UNAUTHENTICATED"},
		{"another scheme", "Basic eDp5", "", "UNAUTHENTICATED"},
		{"no token", "Bearer", "", "UNAUTHENTICATED"},
	} {
		headers := []string{"Accept-Language", "en"}
		if c.header != "" {
			headers = append(headers, "Authorization", c.header)
		}
		status, _, body := p.ask("POST", "/graphql", query("{viewer}"), headers...)
		if status != 200 || c.code == "" && body != c.want {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
		if c.code == "" {
			continue
		}
		if a := parse(t, body); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != c.code || len(a.Data) > 0 {
			t.Errorf("%s: %s", c.name, body)
		}
		if status, _, _ := p.ask("POST", "/graphql", query("{viewer}"), append(headers, "Accept", newer)...); status != http.StatusUnauthorized {
			t.Errorf("%s: %d for the newer media type", c.name, status)
		}
	}
}

// stream reads server-sent events; each is "event data".
func (p *place) stream(ctx context.Context, body string, headers ...string) <-chan string {
	p.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/graphql", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); response.StatusCode != 200 || got != "text/event-stream; charset=utf-8" {
		p.t.Fatalf("%d %s", response.StatusCode, got)
	}
	out := make(chan string)
	go func() {
		defer close(out)
		defer response.Body.Close()
		kind := ""
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				kind = name
			} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				out <- kind + " " + data
			} else if strings.HasPrefix(lines.Text(), ": ") {
				out <- "pulse"
			}
		}
	}()
	return out
}

func hear(t *testing.T, events <-chan string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		select {
		case got := <-events:
			if got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing came, want %q", want)
		}
	}
}

func TestEventStreams(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{Now: func() time.Time { return time.Unix(1000, 0) }})
	ctx := t.Context()
	hear(t, p.stream(ctx, query("subscription{count(to:2)}")), `next {"data":{"count":0}}`, `next {"data":{"count":1}}`, "complete ", "")
	hear(t, p.stream(ctx, query("{hello}")), `next {"data":{"hello":"hello"}}`, "complete ", "")
	for _, c := range []struct{ text, token, code string }{
		{"subscription{refused}", "citizen", "FORBIDDEN"},
		{"subscription{nothing}", "citizen", "INVALID_INPUT"},
		{"subscription{forever}", "foreign", "UNAUTHENTICATED"},
		{"subscription{forever}", "short", "UNAUTHENTICATED"}, // begins, and ends with the token
	} {
		events := p.stream(ctx, query(c.text), "Authorization", "Bearer "+c.token)
		if got := <-events; !strings.HasPrefix(got, "next ") || !strings.Contains(got, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %s", c.text, got)
		}
		hear(t, events, "complete ", "")
	}
	// A client that takes streams behind JSON gets one only for what needs it.
	both := "application/json, text/event-stream"
	if _, header, body := p.ask("POST", "/graphql", query("{hello}"), "Accept", both); body != `{"data":{"hello":"hello"}}` {
		t.Errorf("%s: %s", header.Get("Content-Type"), body)
	}
	hear(t, p.stream(ctx, query("subscription{count(to:1)}"), "Accept", both), `next {"data":{"count":0}}`, "complete ", "")
	ctx, leave := context.WithCancel(ctx)
	events := p.stream(ctx, query("subscription{forever}"))
	p.resolvers.Tick <- 5
	hear(t, events, `next {"data":{"forever":5}}`)
	leave() // the cleanup finds out whether the subscription ended
	for range events {
	}
	quiet := server.Config{}
	quiet.Sockets.PingEvery = time.Millisecond
	hear(t, open(t, quiet).stream(t.Context(), query("subscription{forever}")), "pulse", "pulse", "pulse")
}

func TestTooManyAtOnce(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{MaxInFlight: 1, OperationTimeout: 200 * time.Millisecond})
	p.resolvers.Entered = make(chan struct{})
	waiting := make(chan string)
	go func() {
		_, _, body := p.ask("POST", "/graphql", query("{wait}"))
		waiting <- body
	}()
	<-p.resolvers.Entered
	status, header, body := p.ask("POST", "/graphql", query("{hello}"))
	if a := parse(t, body); status != 503 || a.Errors[0].Extensions.Code != "UNAVAILABLE" || header.Get("Retry-After") == "" {
		t.Errorf("%d %s", status, body)
	}
	if a := parse(t, <-waiting); a.Errors[0].Extensions.Code != "UNAVAILABLE" {
		t.Errorf("the one that took too long: %v", a)
	}
	if _, _, body := p.ask("POST", "/graphql", query("{hello}")); body != `{"data":{"hello":"hello"}}` {
		t.Errorf("afterwards: %s", body)
	}
}

func TestOtherSites(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{AllowedOrigins: []string{"https://app.example"}})
	for origin, want := range map[string]string{"https://app.example": "https://app.example", "https://evil.example": "", "": ""} {
		status, header, _ := p.ask("OPTIONS", "/graphql", "", "Origin", origin, "Access-Control-Request-Method", "POST")
		if got := header.Get("Access-Control-Allow-Origin"); status != 204 || got != want || (want != "") != (header.Get("Access-Control-Allow-Methods") != "") {
			t.Errorf("preflight from %q: %d %q", origin, status, got)
		}
		_, header, _ = p.ask("POST", "/graphql", query("{hello}"), "Origin", origin)
		if got := header.Get("Access-Control-Allow-Origin"); got != want || header.Get("Vary") != "Origin" {
			t.Errorf("from %q: %q", origin, got)
		}
	}
	for origin, want := range map[string]int{"https://app.example": 101, "https://evil.example": 403, p.url: 101, "": 101} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, response, _ := (&websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}).Dial("ws"+strings.TrimPrefix(p.url, "http")+"/graphql", header)
		if response == nil || response.StatusCode != want {
			t.Errorf("socket from %q: %v", origin, response)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
	if _, err := server.New(server.Config{AllowedOrigins: []string{"*"}}, sample.New(&sample.Resolvers{}), people); err == nil {
		t.Error("everybody was allowed")
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	state := map[string]error{}
	set := func(name string, err error) { mu.Lock(); state[name] = err; mu.Unlock() }
	probe := func(name string) func(context.Context) error {
		return func(context.Context) error { mu.Lock(); defer mu.Unlock(); return state[name] }
	}
	set("database", errors.New("password is "+sample.Secret))
	checks := []server.Check{{Name: "stream", Needed: true, Probe: probe("stream")}, {Name: "database", Probe: probe("database")}}
	p := open(t, server.Config{Checks: checks})
	if status, _, body := p.ask("GET", "/healthz", ""); status != 200 || body != "{\"status\":\"ok\"}\n" {
		t.Errorf("healthz: %d %s", status, body)
	}
	want := `{"parts":{"database":{"ok":false,"error":"failed"},"stream":{"ok":true}},"status":"ok"}` + "\n"
	if status, _, body := p.ask("GET", "/readyz", ""); status != 200 || body != want {
		t.Errorf("readyz: %d %s", status, body)
	}
	set("stream", civic.Unavailable("error.unavailable"))
	q := open(t, server.Config{Checks: checks})
	want = `{"parts":{"database":{"ok":false,"error":"failed"},"stream":{"ok":false,"error":"UNAVAILABLE"}},"status":"unavailable"}` + "\n"
	if status, _, body := q.ask("GET", "/readyz", ""); status != 503 || body != want {
		t.Errorf("readyz: %d %s", status, body)
	}
}

func TestKeysAndExtraHandlers(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{
		JWKS:  func(context.Context) ([]byte, error) { return []byte(`{"keys":[]}`), nil },
		Extra: map[string]http.Handler{"/media/": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(sample.Secret) })},
	})
	if status, header, body := p.ask("GET", "/.well-known/jwks.json", ""); status != 200 || body != `{"keys":[]}` || header.Get("Content-Type") != "application/jwk-set+json" {
		t.Errorf("keys: %d %s", status, body)
	}
	status, header, body := p.ask("GET", "/media/x", "")
	if a := parse(t, body); status != 500 || a.Errors[0].Extensions.Code != "INTERNAL" || strings.Contains(p.log.String(), sample.Secret) {
		t.Errorf("a panic: %d %s", status, body)
	}
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"} {
		if header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
}

func TestBusyPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s, err := server.New(server.Config{Listen: taken.Addr().String()}, sample.New(&sample.Resolvers{}), people)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()+" is in use by another program") {
		t.Errorf("got %v", err)
	}
}

// Everything that is open when the server has to stop ends in time: sockets with 1001, streams without "complete", and a
// request that has begun is answered.
func TestStop(t *testing.T) {
	t.Parallel()
	resolvers := &sample.Resolvers{Tick: make(chan int), Entered: make(chan struct{})}
	s, err := server.New(server.Config{Listen: "127.0.0.1:0", OperationTimeout: 300 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}, sample.New(resolvers), people)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	p := &place{t: t, url: "http://" + s.Addr(), server: s}

	socket, _, err := (&websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}).Dial("ws://"+s.Addr()+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	events := p.stream(context.Background(), query("subscription{forever}"))
	resolvers.Tick <- 1
	hear(t, events, `next {"data":{"forever":1}}`)
	waiting := make(chan string, 1)
	go func() {
		_, _, body := p.ask("POST", "/graphql", query("{wait}"))
		waiting <- body
	}()
	<-resolvers.Entered

	begun := time.Now()
	stop()
	_ = socket.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, _, err := socket.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("socket: %v", err)
	}
	hear(t, events, "")
	if body := <-waiting; !strings.Contains(body, "UNAVAILABLE") {
		t.Errorf("the running request: %s", body)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("took %s", took)
	}
	p.resolvers = resolvers
	p.quiet()
}

func TestMetricsAndLog(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	p.ask("POST", "/graphql", `{"query":"query `+"Rahasia"+`{x:hello}","operationName":"Rahasia"}`)
	p.ask("POST", "/graphql", query("{nothing}"))
	p.ask("POST", "/graphql", query(`{Rahasia:fail(how:"conflict")}`))
	p.ask("POST", "/graphql", query(`{Rahasia:fail(how:"disk")}`))
	hear(t, p.stream(t.Context(), query("subscription{count(to:3)}")), `next {"data":{"count":0}}`, `next {"data":{"count":1}}`, `next {"data":{"count":2}}`, "complete ", "")
	for range p.stream(t.Context(), query("subscription{broken}")) { // only that it is counted matters
	}
	recorder := httptest.NewRecorder()
	metricsPage(p.metrics).ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
	for _, want := range []string{
		`jagawarga_server_requests_total{code="OK",kind="query"} 1`,
		`jagawarga_server_requests_total{code="INVALID_INPUT",kind="invalid"} 1`,
		`jagawarga_server_requests_total{code="CONFLICT",kind="query"} 1`,
		`jagawarga_server_requests_total{code="OK",kind="subscription"} 1`,
		`jagawarga_server_requests_total{code="INTERNAL",kind="subscription"} 1`,
		`jagawarga_server_requests_total{code="OK",kind="mutation"} 0`,
		`jagawarga_server_events_total 3`,
		`jagawarga_server_request_duration_seconds_count{kind="query"} 3`,
		`jagawarga_server_http_responses_total{route="/graphql",status="200"}`,
		`jagawarga_server_sockets 0`,
	} {
		if !strings.Contains(recorder.Body.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(recorder.Body.String()+p.log.String(), "Rahasia") {
		t.Error("a name that a client made up is in log or metrics")
	}
	if !strings.Contains(p.log.String(), `"method":"POST","route":"/graphql","status":200,`) || !strings.Contains(p.log.String(), `"operation":"query","code":"OK"`) {
		t.Errorf("access lines: %s", p.log)
	}
}
