package ws_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server/fault"
	"github.com/jagawarga/jagawarga/server/internal/sample"
	"github.com/jagawarga/jagawarga/server/ws"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds waits that are never waited out when the code is right; the machine may be very busy.
const patience = 2 * time.Minute

// tokens is a verifier that knows its tokens by heart.
type tokens map[string]civic.Principal

func (t tokens) Verify(_ context.Context, token string) (civic.Principal, error) {
	if token == "identity-is-down" {
		return civic.Principal{}, civic.Unavailable("error.unavailable")
	}
	if principal, known := t[token]; known {
		return principal, nil
	}
	return civic.Principal{}, civic.Unauthenticated("token.invalid")
}

// place is a server with a socket handler on the sample schema.
type place struct {
	t         *testing.T
	url       string
	dialer    *websocket.Dialer
	handler   *ws.Handler
	resolvers *sample.Resolvers
}

func open(t *testing.T, cfg ws.Config, known tokens) *place {
	t.Helper()
	return openOn(t, nil, cfg, known)
}

// openOn opens on a network of its own; nil is the real one.
func openOn(t *testing.T, network *pipes, cfg ws.Config, known tokens) *place {
	t.Helper()
	resolvers := &sample.Resolvers{Tick: make(chan int)}
	faults := fault.NewPresenter(slog.New(slog.NewTextHandler(io.Discard, nil)), nil)
	exec := executor.New(sample.New(resolvers))
	exec.SetErrorPresenter(faults.Present)
	exec.SetRecoverFunc(faults.Recover)
	handler, err := ws.New(cfg, exec, faults, known)
	if err != nil {
		t.Fatal(err)
	}
	server, dialer := httptest.NewUnstartedServer(handler), &websocket.Dialer{Subprotocols: []string{ws.Subprotocol}}
	if network != nil {
		_ = server.Listener.Close()
		server.Listener, dialer.NetDialContext = network, network.dial
	}
	server.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := handler.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
		server.Close()
		for deadline := time.Now().Add(patience); resolvers.Watching.Load() != 0; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d subscriptions still run", resolvers.Watching.Load())
			}
		}
	})
	return &place{t: t, url: "ws" + strings.TrimPrefix(server.URL, "http"), dialer: dialer, handler: handler, resolvers: resolvers}
}

// client is a raw client of the protocol.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (p *place) dial(headers ...string) *client {
	p.t.Helper()
	header := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	conn, _, err := p.dialer.Dial(p.url, header)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	return &client{p.t, conn}
}

// ready is a client that has been acknowledged.
func (p *place) ready(payload string, headers ...string) *client {
	p.t.Helper()
	c := p.dial(headers...)
	c.say(`{"type":"connection_init","payload":` + payload + `}`)
	c.hear(`{"type":"connection_ack"}`)
	return c
}

func (c *client) say(text string) {
	c.t.Helper()
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) read() string {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(patience))
	_, raw, err := c.conn.ReadMessage()
	if err != nil {
		c.t.Fatalf("waiting for a message: %v", err)
	}
	return string(raw)
}

func (c *client) hear(want string) {
	c.t.Helper()
	if got := c.read(); got != want {
		c.t.Fatalf("got  %s\nwant %s", got, want)
	}
}

// failure reads an error message and returns the first error's extensions.
func (c *client) failure(id string) map[string]any {
	c.t.Helper()
	var m struct {
		ID, Type string
		Payload  []struct{ Extensions map[string]any }
	}
	raw := c.read()
	if err := json.Unmarshal([]byte(raw), &m); err != nil || m.Type != "error" || m.ID != id || len(m.Payload) == 0 {
		c.t.Fatalf("not an error of %s: %s", id, raw)
	}
	return m.Payload[0].Extensions
}

func (c *client) closed(code int, reason string) {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(patience))
	for {
		_, _, err := c.conn.ReadMessage()
		if err == nil {
			continue
		}
		var end *websocket.CloseError
		if !errors.As(err, &end) || end.Code != code || end.Text != reason {
			c.t.Fatalf("closed with %v, want %d %q", err, code, reason)
		}
		return
	}
}

func subscribe(id, query string) string {
	raw, _ := json.Marshal(map[string]any{"id": id, "type": "subscribe", "payload": map[string]any{"query": query}})
	return string(raw)
}

func TestCloseCodes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 60)
	for _, c := range []struct {
		name   string
		say    []string
		code   int
		reason string
	}{
		{"not JSON", []string{`{"type":`}, 4400, "Invalid message"},
		{"not an object", []string{`[]`}, 4400, "Invalid message"},
		{"no type", []string{`{}`}, 4400, "Invalid message"},
		{"unknown type", []string{`{"type":"start"}`}, 4400, "Invalid message"},
		{"a type for servers", []string{`{"type":"connection_ack"}`}, 4400, "Invalid message"},
		{"not UTF-8", []string{"{\"type\":\"ping\",\"x\":\"\xff\"}"}, 4400, "Invalid message"},
		{"id is a number", []string{init_, `{"id":1,"type":"subscribe","payload":{"query":"{hello}"}}`}, 4400, "Invalid message"},
		{"no id", []string{init_, `{"type":"subscribe","payload":{"query":"{hello}"}}`}, 4400, "Invalid message"},
		{"id too long", []string{init_, subscribe(strings.Repeat("x", 129), "{hello}")}, 4400, "Invalid message"},
		{"no payload", []string{init_, `{"id":"1","type":"subscribe"}`}, 4400, "Invalid message"},
		{"no query", []string{init_, `{"id":"1","type":"subscribe","payload":{}}`}, 4400, "Invalid message"},
		{"query is a number", []string{init_, `{"id":"1","type":"subscribe","payload":{"query":1}}`}, 4400, "Invalid message"},
		{"complete without id", []string{init_, `{"type":"complete"}`}, 4400, "Invalid message"},
		{"init payload is a list", []string{`{"type":"connection_init","payload":[]}`}, 4400, "Invalid message"},
		{"ping payload is a text", []string{`{"type":"ping","payload":"x"}`}, 4400, "Invalid message"},
		{"subscribe before init", []string{subscribe("1", "{hello}")}, 4401, "Unauthorized"},
		{"foreign token", []string{bearer("foreign")}, 4403, "refresh and come back"},
		{"token that is over", []string{bearer("past")}, 4403, "refresh and come back"},
		{"not a bearer token", []string{`{"type":"connection_init","payload":{"Authorization":"Basic eA=="}}`}, 4403, "refresh and come back"},
		{"an empty bearer token", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer "}}`}, 4403, "refresh and come back"},
		{"two tokens", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer citizen","authorization":"Bearer citizen"}}`}, 4403, "refresh and come back"},
		{"tokens cannot be checked now", []string{bearer("identity-is-down")}, 1013, "Try again later"},
		{"id in use", []string{init_, subscribe("1", "subscription{forever}"), subscribe("1", "{hello}")}, 4409, "Subscriber for 1 already exists"},
		{"long id in use", []string{init_, subscribe(long, "subscription{forever}"), subscribe(long, "{hello}")}, 4409,
			"Subscriber for " + strings.Repeat("é", 46) + " already exists"},
		{"second init", []string{init_, init_}, 4429, "Too many initialisation requests"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := open(t, ws.Config{}, people).dial()
			for _, text := range c.say {
				client.say(text)
			}
			client.closed(c.code, c.reason)
		})
	}
	t.Run("binary message", func(t *testing.T) {
		t.Parallel()
		client := open(t, ws.Config{}, people).dial()
		if err := client.conn.WriteMessage(websocket.BinaryMessage, []byte(init_)); err != nil {
			t.Fatal(err)
		}
		client.closed(4400, "Invalid message")
	})
	t.Run("message too big", func(t *testing.T) {
		t.Parallel()
		client := open(t, ws.Config{ReadLimit: 1000}, people).dial()
		client.say(`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 1000) + `"}}`)
		client.closed(1009, "")
	})
	for _, offered := range []string{"graphql-ws", ""} {
		t.Run("subprotocol "+offered, func(t *testing.T) {
			t.Parallel()
			p := open(t, ws.Config{}, people)
			dialer := &websocket.Dialer{}
			if offered != "" {
				dialer.Subprotocols = []string{offered}
			}
			conn, _, err := dialer.Dial(p.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			(&client{t, conn}).closed(4406, "Subprotocol not acceptable")
		})
	}
}

const init_ = `{"type":"connection_init"}`

func bearer(token string) string {
	return fmt.Sprintf(`{"type":"connection_init","payload":{"authorization":"bearer %s"}}`, token)
}

var people = tokens{
	"citizen": {Role: civic.RoleCitizen},
	"officer": {Role: civic.RoleOfficer, Expires: time.Now().Add(time.Hour)},
	"past":    {Role: civic.RoleCitizen, Expires: time.Now().Add(-time.Second)},
	"short":   {Role: civic.RoleCitizen, Expires: time.Unix(1000, 0).Add(lifeOfShort)},
}

// lifeOfShort is how long that token lives after the second 1000.
const lifeOfShort = time.Minute

func TestWhoIsAsking(t *testing.T) {
	t.Parallel()
	p := open(t, ws.Config{}, people)
	for payload, want := range map[string]string{
		`null`:                               `null`,
		`{}`:                                 `null`,
		`{"Authorization":null}`:             `null`,
		`{"Authorization":""}`:               `null`,
		`{"Authorization":"Bearer citizen"}`: `"CITIZEN"`,
		`{"AUTHORIZATION":"bearer officer"}`: `"OFFICER"`,
	} {
		c := p.ready(payload)
		c.say(subscribe("a", "{viewer}"))
		c.hear(`{"id":"a","type":"next","payload":{"data":{"viewer":` + want + `}}}`)
		c.hear(`{"id":"a","type":"complete"}`)
	}
}

func TestLanguageOfTheHandshake(t *testing.T) {
	t.Parallel()
	c := open(t, ws.Config{}, people).ready("null", "Accept-Language", "en-GB")
	c.say(subscribe("a", "{language}"))
	c.hear(`{"id":"a","type":"next","payload":{"data":{"language":"en"}}}`)
}

func TestOperations(t *testing.T) {
	t.Parallel()
	p := open(t, ws.Config{}, people)

	t.Run("mutation with variables", func(t *testing.T) {
		c := p.ready("null")
		c.say(`{"id":"m","type":"subscribe","payload":{"operationName":"Save","query":"mutation Save($b:BoxInput!){saveBox(input:$b){name color}} query Other{hello}","variables":{"b":{"name":"x","color":"RED","size":3}}}}`)
		c.hear(`{"id":"m","type":"next","payload":{"data":{"saveBox":{"name":"x","color":"RED"}}}}`)
		c.hear(`{"id":"m","type":"complete"}`)
	})
	t.Run("subscription that ends", func(t *testing.T) {
		c := p.ready("null")
		c.say(subscribe("s", "subscription{count(to:3)}"))
		for i := range 3 {
			c.hear(fmt.Sprintf(`{"id":"s","type":"next","payload":{"data":{"count":%d}}}`, i))
		}
		c.hear(`{"id":"s","type":"complete"}`)
		c.say(subscribe("s", "{hello}")) // the id is free again
		c.hear(`{"id":"s","type":"next","payload":{"data":{"hello":"hello"}}}`)
	})
	t.Run("client completes", func(t *testing.T) {
		c := p.ready("null")
		c.say(subscribe("s", "subscription{forever}"))
		p.resolvers.Tick <- 7
		c.hear(`{"id":"s","type":"next","payload":{"data":{"forever":7}}}`)
		c.say(`{"id":"s","type":"complete"}`)
		c.say(subscribe("s", "{hello}"))
		c.hear(`{"id":"s","type":"next","payload":{"data":{"hello":"hello"}}}`)
		c.hear(`{"id":"s","type":"complete"}`)
		c.say(`{"id":"never","type":"complete"}`) // crossing messages are no fault
		c.say(`{"type":"ping","payload":{}}`)
		c.hear(`{"type":"pong"}`)
	})
	t.Run("query that times out", func(t *testing.T) {
		slow := open(t, ws.Config{OperationTimeout: time.Millisecond}, people).ready("null")
		slow.say(subscribe("w", "{wait}"))
		if got := slow.read(); !strings.Contains(got, `"code":"UNAVAILABLE"`) || !strings.Contains(got, `"type":"next"`) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("an event that fails", func(t *testing.T) {
		c := p.ready("null")
		c.say(subscribe("e", "subscription{stumbles{name required}}"))
		c.hear(`{"id":"e","type":"next","payload":{"data":{"stumbles":{"name":"first","required":"there"}}}}`)
		if got := c.read(); !strings.Contains(got, `"code":"CONFLICT"`) || !strings.Contains(got, `"data":{"stumbles":null}`) {
			t.Errorf("got %s", got)
		}
		c.hear(`{"id":"e","type":"next","payload":{"data":{"stumbles":{"name":"third","required":"there"}}}}`)
		c.hear(`{"id":"e","type":"complete"}`)
	})
}

func TestOperationsThatDoNotStart(t *testing.T) {
	t.Parallel()
	c := open(t, ws.Config{}, people).ready("null")
	for query, code := range map[string]string{
		"{":                                  "INVALID_INPUT",
		"{nothing}":                          "INVALID_INPUT",
		"query($x:Int!){hello}":              "INVALID_INPUT",
		"subscription{refused}":              "FORBIDDEN",
		"subscription{broken}":               "INTERNAL",
		"mutation{saveBox(input:{}){name}}":  "INVALID_INPUT",
		"subscription{count(to:1) forever}":  "INVALID_INPUT",
		"query A{hello} query B{hello}":      "INVALID_INPUT",
		"subscription{count(to:\"secret\")}": "INVALID_INPUT",
	} {
		c.say(subscribe("x", query))
		if got := c.failure("x")["code"]; got != code {
			t.Errorf("%s: %v, want %s", query, got, code)
		}
	}
	c.say(`{"id":"y","type":"subscribe","payload":{"query":"mutation($b:BoxInput!){saveBox(input:$b){name}}","variables":{"b":{"name":"x","color":"` + sample.Secret + `"}}}}`)
	if got := c.failure("y"); got["field"] != "color" {
		t.Errorf("field %v, want color", got["field"])
	}
	c.say(subscribe("x", "{hello}")) // the socket and the id are as good as before
	c.hear(`{"id":"x","type":"next","payload":{"data":{"hello":"hello"}}}`)
}

func TestTooManyOperations(t *testing.T) {
	t.Parallel()
	c := open(t, ws.Config{MaxOperations: 2}, people).ready("null")
	c.say(subscribe("1", "subscription{forever}"))
	c.say(subscribe("2", "subscription{forever}"))
	c.say(subscribe("3", "subscription{forever}"))
	if got := c.failure("3")["code"]; got != "RATE_LIMITED" {
		t.Errorf("code %v", got)
	}
	c.say(`{"id":"1","type":"complete"}`)
	c.say(subscribe("3", "{hello}"))
	c.hear(`{"id":"3","type":"next","payload":{"data":{"hello":"hello"}}}`)
}

func TestHandshakesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := open(t, ws.Config{MaxSockets: 1}, people)
	refused := func(name string, status int, code string, headers ...string) {
		t.Helper()
		header := http.Header{}
		for i := 0; i+1 < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		_, response, err := (&websocket.Dialer{Subprotocols: []string{ws.Subprotocol}}).Dial(p.url, header)
		if err == nil || response == nil {
			t.Fatalf("%s: %v", name, err)
		}
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != status || !strings.Contains(string(body), `"code":"`+code+`"`) {
			t.Errorf("%s: %d %s", name, response.StatusCode, body)
		}
	}
	refused("page of another site", http.StatusForbidden, "FORBIDDEN", "Origin", "https://evil.example")
	p.ready("null", "Origin", "http"+strings.TrimPrefix(p.url, "ws"))
	refused("one too many", http.StatusServiceUnavailable, "UNAVAILABLE")
}

func TestCloseSaysGoingAway(t *testing.T) {
	t.Parallel()
	p := open(t, ws.Config{}, people)
	c := p.ready("null")
	c.say(subscribe("1", "subscription{forever}"))
	p.resolvers.Tick <- 1
	c.read()
	done := make(chan error, 1)
	go func() { done <- p.handler.Close(context.Background()) }()
	c.closed(1001, "Going away")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, response, err := (&websocket.Dialer{}).Dial(p.url, nil); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a closed handler took a socket: %v", err)
	}
}
