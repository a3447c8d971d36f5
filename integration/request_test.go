package integration

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/websocket"
)

func foreignTokens(t *testing.T, city *System) {
	genuine := city.Officer(t, "drainase").Token
	parser, claims := jwt.NewParser(), jwt.MapClaims{}
	ours, _, err := parser.ParseUnverified(genuine, claims)
	if err != nil {
		t.Fatal(err)
	}
	_, foreignKey, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	forge := func(method jwt.SigningMethod, key any) string {
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = ours.Header["kid"] // it claims to be signed by our key
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	parts := strings.Split(genuine, ".")
	forged := map[string]string{
		"garbage":                 "garbage",
		"signed by somebody else": forge(jwt.SigningMethodEdDSA, foreignKey),
		"signed with a password":  forge(jwt.SigningMethodHS256, []byte("kunci")),
		"not signed at all":       forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"cut":                     genuine[:len(genuine)-4],
		"another's signature":     parts[0] + "." + parts[1] + "." + strings.Split(city.Officer(t, "jalan").Token, ".")[2],
	}
	claims["exp"] = time.Now().Add(-time.Hour).Unix()
	forged["expired, and signed by somebody else"] = forge(jwt.SigningMethodEdDSA, foreignKey)
	for name, token := range forged {
		caller := &Caller{System: city, Token: token}
		// Also for what a stranger might ask: a client that believes to be signed in must learn that it is not.
		fault := caller.Refused(t, "UNAUTHENTICATED", "", `{publicReports{nodes{id}}}`, nil)
		plain(t, name, fault)
		if _, err := caller.dial(t); !closedWith(err, 4403) {
			t.Errorf("%s: the socket got %v", name, err)
		}
	}
}

// closedWith tells whether a socket was closed with that code.
func closedWith(err error, code int) bool {
	closed := (*websocket.CloseError)(nil)
	return errors.As(err, &closed) && closed.Code == code
}

// bodiesThatAreNoRequests hold personal data: whatever is wrong with them, nothing of it is repeated.
func bodiesThatAreNoRequests(t *testing.T, city *System) {
	const nik, password = "3273065911860012", "kenari-sandi-saya"
	personal := `{"nationalId":"` + nik + `","password":"` + password + `"}`
	for name, c := range map[string]struct {
		method, kind, body string
		status             int
	}{
		"cut off":            {"POST", "application/json", `{"query":"mutation","variables":{"input":` + personal, 400},
		"not JSON":           {"POST", "application/json", "nationalId=" + nik + "&password=" + password, 400},
		"two values":         {"POST", "application/json", `{"query":"{viewer{__typename}}"}` + personal, 400},
		"an array":           {"POST", "application/json", `[` + personal + `]`, 400},
		"a string":           {"POST", "application/json", `"` + nik + password + `"`, 400},
		"a number for query": {"POST", "application/json", `{"query":` + nik + `,"x":"` + password + `"}`, 400},
		"variables as text":  {"POST", "application/json", `{"query":"{viewer{__typename}}","variables":"` + nik + password + `"}`, 400},
		"not UTF-8":          {"POST", "application/json", "{\"query\":\"\xff" + nik + password + "\"}", 400},
		"nothing":            {"POST", "application/json", "", 400},
		"no query":           {"POST", "application/json", personal, 400},
		"a form":             {"POST", "application/x-www-form-urlencoded", "query=" + nik + password, 415},
		"plain text":         {"POST", "text/plain", personal, 415},
		"another method":     {"PUT", "application/json", personal, 405},
		"a huge one":         {"POST", "application/json", `{"query":"` + strings.Repeat(nik+password, 60_000) + `"}`, 413},
		"half a query":       {"POST", "application/json", `{"query":"mutation{signIn(input:{nationalId:\"` + nik + `\",password:\"` + password + `"}`, 200},
		"a wrong query":      {"POST", "application/json", `{"query":"{viewer{` + password + `" }`, 200},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, city.URL+"/graphql", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", c.kind)
		request.Header.Set("Accept-Language", "en")
		status, raw := do(t, request)
		answer, err := readAnswer(raw)
		if status != c.status || err != nil || answer.code() != "INVALID_INPUT" {
			t.Errorf("%s: %d %s", name, status, raw)
		}
		if c.status != 200 && (bytes.Contains(raw, []byte(nik)) || bytes.Contains(raw, []byte(password))) {
			t.Errorf("%s: the answer repeats what was sent: %s", name, raw)
		}
		if bytes.Contains(raw, []byte(nik)) || len(raw) > 2000 {
			t.Errorf("%s: the answer is %s", name, raw)
		}
		for _, fault := range answer.Errors {
			fault.Message = strings.ReplaceAll(fault.Message, password, "") // the parser names the field it does not know
			plain(t, name, fault)
		}
	}
}

func do(t *testing.T, request *http.Request) (int, []byte) {
	t.Helper()
	response, err := outside.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, raw
}

func tooMuchAtOnce(t *testing.T, city *System) {
	stranger := city.Stranger()
	deep := `{departments{` + strings.Repeat(`parent{`, 25) + `id` + strings.Repeat(`}`, 25) + `}}`
	var bomb strings.Builder // thirty fragments, each twice in the one before
	bomb.WriteString(`{departments{...f0}} fragment f30 on Department{id}`)
	for i := range 30 {
		fmt.Fprintf(&bomb, ` fragment f%d on Department{a%d:parent{...f%d} b%d:parent{...f%d}}`, i, i, i+1, i, i+1)
	}
	var aliases strings.Builder
	for i := range 250 {
		fmt.Fprintf(&aliases, " a%d:publicReports(first:100){nodes{id}}", i)
	}
	for name, query := range map[string]string{
		"too deep":             deep,
		"lists of lists":       `{publicReports(first:100){nodes{comments(first:100){nodes{id body author{name}}}}}}`,
		"the same many times":  `{` + strings.Repeat(`publicReports{nodes{id}} `, 400) + `}`,
		"many names for one":   `{` + aliases.String() + `}`,
		"fragments like bombs": bomb.String(),
	} {
		fault := stranger.Refused(t, "TOO_COMPLEX", "", query, nil)
		plain(t, name, fault)
	}
	// What a client really asks for a page is not too much.
	stranger.Must(t, `{publicReports(first:20){nodes{...Everything}}} `+everything, nil)
}

func otherWaysToAsk(t *testing.T, city *System) {
	citizen := city.Citizen(t, 50)
	get := func(query string, header ...string) (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, city.URL+"/graphql?"+url.Values{"query": {query}, "variables": {`{"x":1}`}}.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		citizen.sign(request.Header)
		for i := 0; i+1 < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		status, raw := do(t, request)
		return status, string(raw)
	}
	if status, body := get(`{viewer{__typename}}`); status != 200 || body != `{"data":{"viewer":{"__typename":"Citizen"}}}` {
		t.Errorf("GET: %d %s", status, body)
	}
	if _, body := get(`mutation{signOut}`); !strings.Contains(body, "INVALID_INPUT") {
		t.Errorf("a mutation by GET: %s", body)
	}
	if _, body := get(`subscription{publicFeed{cursor}}`); !strings.Contains(body, "INVALID_INPUT") {
		t.Errorf("a subscription as a question: %s", body)
	}

	types := city.Stranger().Must(t, `{__schema{types{name} subscriptionType{fields{name}}}}`, nil).At("__schema")
	for _, name := range []string{"reportChanged", "publicFeed", "departmentFeed", "anonymousCaseChanged"} {
		if got := types.At("subscriptionType.fields").Texts("name"); !slices.Contains(got, name) {
			t.Errorf("introspection tells %v", got)
		}
	}
	// A persisted query: the hash alone, then both, then the hash alone.
	query := `{departments{code}}`
	sum := sha256.Sum256([]byte(query))
	hash := `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hex.EncodeToString(sum[:]) + `"}}`
	for i, body := range []string{`{` + hash + `}`, `{"query":"` + query + `",` + hash + `}`, `{` + hash + `}`} {
		_, raw, err := city.Stranger().Send(t.Context(), []byte(body))
		if err != nil || bytes.Contains(raw, []byte("walikota")) != (i > 0) {
			t.Errorf("step %d of a persisted query: %s %v", i, raw, err)
		}
	}

	events := citizen.follows(t, publicFeed, Vars{"after": city.Dawn(t)})
	report := citizen.Submits(t, Draft{Title: "Lewat SSE"}).At("id").Text()
	for heard := false; !heard; {
		select {
		case line := <-events:
			heard = strings.Contains(line, report) && strings.HasPrefix(line, `data: {"data":{"publicFeed":{"cursor":"`)
		case <-time.After(patience):
			t.Fatal("the event stream is silent")
		}
	}

	for path, want := range map[string]int{"/playground/": 200, "/": 200, "/nowhere": 404, "/metrics": 404, "/debug/pprof/": 404} {
		status, page := city.Get(t, city.URL+path)
		if status != want {
			t.Errorf("%s: %d", path, status)
		}
		if strings.Contains(page, "https://") && strings.Contains(page, "<script") && strings.Contains(page, `src="https://`) {
			t.Errorf("%s loads from elsewhere", path)
		}
	}
}

// follows opens a subscription as server-sent events and returns its lines.
func (c *Caller) follows(t *testing.T, query string, variables Vars) <-chan string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.System.URL+"/graphql", bodyOf(t, query, variables))
	if err != nil {
		t.Fatal(err)
	}
	c.sign(request.Header)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := outside.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if kind := response.Header.Get("Content-Type"); response.StatusCode != 200 || !strings.HasPrefix(kind, "text/event-stream") {
		t.Fatalf("%d %s", response.StatusCode, kind)
	}
	lines := make(chan string, 10_000)
	go func() {
		defer response.Body.Close()
		for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return lines
}
