package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
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

// patience bounds waits that are never waited out when the code is right; the machine may be very busy.
const patience = 2 * time.Minute

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
	for deadline := time.Now().Add(patience); p.resolvers.Watching.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
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
			Code, Field, ID, State string
			Allowed                []string
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

func TestTooManyAtOnce(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{MaxInFlight: 1})
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
	p.resolvers.Tick <- 1
	if body := <-waiting; body != `{"data":{"wait":null}}` {
		t.Errorf("the first: %s", body)
	}
	if _, _, body := p.ask("POST", "/graphql", query("{hello}")); body != `{"data":{"hello":"hello"}}` {
		t.Errorf("afterwards: %s", body)
	}
}

func TestAnOperationThatTakesTooLong(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{OperationTimeout: time.Millisecond})
	if _, _, body := p.ask("POST", "/graphql", query("{wait}")); parse(t, body).Errors[0].Extensions.Code != "UNAVAILABLE" {
		t.Errorf("got %s", body)
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
	for line := range strings.Lines(p.log.String()) {
		if access := strings.Contains(line, `"msg":"request"`); access && strings.Contains(line, `"level":"INFO"`) != strings.Contains(line, `"code":"INTERNAL"`) {
			t.Errorf("only what failed is written down at the level of operators: %s", line)
		}
	}
}
