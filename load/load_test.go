package load_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/jagawarga/jagawarga/load"
)

// twisted answers the way a system with something wrong would: what a healthy one does is tried with the whole system, in the
// integration tests. Zero hooks answer well.
type twisted struct {
	signIn func() string
	submit func(n int) string
	find   func(n, attempt int) string

	t        *testing.T
	mu       sync.Mutex
	filed    int
	attempts map[int]int
}

const (
	signedIn = `{"data":{"signIn":{"accessToken":"token"}}}`
	notFound = `{"data":{"anonymousReport":null},"errors":[{"message":"Not found.","extensions":{"code":"NOT_FOUND"}}]}`
	internal = `{"errors":[{"message":"Something went wrong.","extensions":{"code":"INTERNAL"}}]}`

	unavailable = `{"errors":[{"message":"Try again later.","extensions":{"code":"UNAVAILABLE"}}]}`
)

func (s *twisted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Query     string
		Variables struct {
			Receipt string
			Input   struct{ ClientKey, NationalID, Password, Title, Body string }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || r.URL.Path != "/graphql" || r.Method != http.MethodPost {
		s.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	token := r.Header.Get("Authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case strings.Contains(request.Query, "signIn"):
		fmt.Fprint(w, s.signIn())
	case strings.Contains(request.Query, "submitAnonymousReport"):
		if token != "Bearer token" || request.Variables.Input.ClientKey == "" {
			s.t.Errorf("filed with %q and the key %q", token, request.Variables.Input.ClientKey)
		}
		s.filed++
		fmt.Fprint(w, s.submit(s.filed))
	default:
		if token != "" {
			s.t.Error("a receipt came with a token")
		}
		var n int
		if _, err := fmt.Sscan(request.Variables.Receipt, &n); err != nil {
			s.t.Errorf("receipt %q", request.Variables.Receipt)
		}
		s.attempts[n]++
		fmt.Fprint(w, s.find(n, s.attempts[n]))
	}
}

func submitted(n int) string {
	return fmt.Sprintf(`{"data":{"submitAnonymousReport":{"receipt":"%d","number":"JW-%d","state":"QUEUED"}}}`, n, n)
}

func found(number int, body string) string {
	return fmt.Sprintf(`{"data":{"anonymousReport":{"report":{"number":"JW-%d","body":%q}}}}`, number, body)
}

// play plays the scenario on s.
func play(t *testing.T, s *twisted) (output string, err error) {
	t.Helper()
	s.t, s.attempts = t, map[int]int{}
	if s.signIn == nil {
		s.signIn = func() string { return signedIn }
	}
	if s.submit == nil {
		s.submit = submitted
	}
	if s.find == nil {
		s.find = func(n, _ int) string { return found(n, "scrubbed") }
	}
	system := httptest.NewServer(s)
	defer system.Close()
	var out strings.Builder
	err = load.Run(t.Context(), load.Config{URL: system.URL + "/", Scenario: "hundred-anonymous"}, &out)
	return out.String(), err
}

func TestEveryReportIsFiledAndFound(t *testing.T) {
	t.Parallel()
	s := &twisted{find: func(n, attempt int) string {
		if n%10 == 0 && attempt < 3 {
			return notFound // still queued
		}
		return found(n, "scrubbed")
	}}
	output, err := play(t, s)
	if err != nil || !strings.HasSuffix(output, "\nok 100 of 100 filed and found\n") {
		t.Errorf("%v\n%s", err, output)
	}
	if s.filed != 100 || len(s.attempts) != 100 {
		t.Errorf("%d filed, %d looked for", s.filed, len(s.attempts))
	}
	for _, word := range []string{"p50", "p95", "max", "a second"} {
		if !strings.Contains(output, word) {
			t.Errorf("no %s in\n%s", word, output)
		}
	}
}

// A system that has too much to do is asked again.
func TestABusySystemIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := &twisted{submit: func(n int) string {
		if n == 50 {
			return unavailable
		}
		return submitted(n)
	}, find: func(n, attempt int) string {
		if n == 70 && attempt < 3 {
			return unavailable
		}
		return found(n, "scrubbed")
	}}
	if output, err := play(t, s); err != nil || s.filed != 101 {
		t.Errorf("%v, %d filed\n%s", err, s.filed, output)
	}
}

func TestOneFailureFailsTheScenario(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		system *twisted
		says   string
	}{
		"not acknowledged": {&twisted{submit: func(n int) string {
			if n == 50 {
				return internal
			}
			return submitted(n)
		}}, "was not acknowledged: INTERNAL"},
		"not found": {&twisted{find: func(n, _ int) string {
			if n == 50 {
				return internal
			}
			return found(n, "scrubbed")
		}}, "was not found: INTERNAL"},
		"somebody else's": {&twisted{find: func(n, _ int) string { return found(max(n, 2), "scrubbed") }}, "leads to another report"},
		"not scrubbed": {&twisted{find: func(n, _ int) string {
			if n == 50 {
				return found(n, "Hubungi saya di 0812-3456-7890")
			}
			return found(n, "scrubbed")
		}}, "still holds the reporter's telephone number"},
		"no GraphQL": {&twisted{submit: func(n int) string {
			if n == 50 {
				return "<html>"
			}
			return submitted(n)
		}}, "HTTP 200 is no GraphQL answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output, err := play(t, test.system)
			if err == nil || err.Error() != "99 of 100 filed and found" || strings.Contains(output, "ok ") || !strings.Contains(output, test.says) {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

func TestNobodySignsIn(t *testing.T) {
	t.Parallel()
	s := &twisted{signIn: func() string {
		return `{"data":{"signIn":null},"errors":[{"message":"Wrong password.","extensions":{"code":"UNAUTHENTICATED"}}]}`
	}}
	if _, err := play(t, s); err == nil || !strings.Contains(err.Error(), "UNAUTHENTICATED: Wrong password.") || s.filed != 0 {
		t.Errorf("%v, %d filed", err, s.filed)
	}
}

func TestNobodyElseIsAsked(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("somebody else was asked") }))
	defer elsewhere.Close()
	system := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer system.Close()
	if err := load.Run(t.Context(), load.Config{URL: system.URL, Scenario: "hundred-anonymous"}, t.Output()); err == nil {
		t.Error("no error")
	}
}

func TestItEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &twisted{t: t, attempts: map[int]int{}, signIn: func() string { return signedIn }, submit: submitted}
	s.find = func(n, _ int) string {
		cancel()
		return notFound
	}
	system := httptest.NewServer(s)
	defer system.Close()
	err := load.Run(ctx, load.Config{URL: system.URL, Scenario: "hundred-anonymous"}, t.Output())
	if err == nil || s.filed > 10 {
		t.Errorf("%v, %d filed", err, s.filed)
	}
}

func TestWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for _, cfg := range []load.Config{
		{URL: "http://127.0.0.1:1", Scenario: "flood"}, {URL: "127.0.0.1:8080", Scenario: "hundred-anonymous"},
		{URL: "", Scenario: "hundred-anonymous"}, {URL: "http://127.0.0.1:1", Scenario: "hundred-anonymous"},
	} {
		if err := load.Run(t.Context(), cfg, t.Output()); err == nil {
			t.Errorf("%+v: no error", cfg)
		}
	}
}
