package identity_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity"
)

func ask(t *testing.T, cfg identity.HTTPRegistryConfig) (identity.Match, error) {
	t.Helper()
	if cfg.Pauses == nil {
		cfg.Pauses = []time.Duration{time.Millisecond, time.Millisecond}
	}
	registry, err := identity.NewHTTPRegistry(cfg)
	if err != nil {
		t.Fatal(err)
	}
	id, err := identity.ParseNationalID(nik, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	match, err := registry.Verify(t.Context(), id, name)
	if err != nil && (strings.Contains(err.Error(), nik) || strings.Contains(err.Error(), name)) {
		t.Errorf("the error tells the person: %v", err)
	}
	return match, err
}

func TestHTTPRegistry(t *testing.T) {
	t.Parallel()
	type reply struct {
		status int
		body   string
	}
	cases := map[string]struct {
		replies []reply // the last one again and again
		match   identity.Match
		code    civic.Code // of the error; "-" for one that is not for people
		asked   int32
	}{
		"match":              {[]reply{{200, `{"result":"MATCH"}`}}, identity.MatchYes, "", 1},
		"deceased":           {[]reply{{200, `{"result":"DECEASED","note":"x"}`}}, identity.MatchDeceased, "", 1},
		"name differs":       {[]reply{{200, `{"result":"NAME_DIFFERS"}`}}, identity.MatchNameDiffers, "", 1},
		"down, then up":      {[]reply{{503, ""}, {500, ""}, {200, `{"result":"UNKNOWN"}`}}, identity.MatchUnknown, "", 3},
		"down":               {[]reply{{502, ""}}, "", civic.CodeUnavailable, 3},
		"bad request":        {[]reply{{400, nik}}, "", "-", 1},
		"forbidden":          {[]reply{{403, ""}}, "", "-", 1},
		"too many":           {[]reply{{429, ""}}, "", civic.CodeUnavailable, 1},
		"redirect":           {[]reply{{307, ""}}, "", "-", 1},
		"not JSON":           {[]reply{{200, name}}, "", "-", 1},
		"result of no kind":  {[]reply{{200, `{"result":"` + nik + `"}`}}, "", "-", 1},
		"more than is right": {[]reply{{200, strings.Repeat(" ", 1<<20) + `{"result":"MATCH"}`}}, "", "-", 1},
	}
	for caseName, test := range cases {
		t.Run(caseName, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var got map[string]string
				if err := json.NewDecoder(r.Body).Decode(&got); err != nil || got["nationalId"] != nik || got["name"] != name || len(got) != 2 ||
					r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer sesame" {
					t.Errorf("asked %s %v %v, %v", r.Method, r.Header, got, err)
				}
				n := asked.Add(1)
				answer := test.replies[min(int(n), len(test.replies))-1]
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(answer.status)
				_, _ = w.Write([]byte(answer.body))
			}))
			t.Cleanup(server.Close)
			match, err := ask(t, identity.HTTPRegistryConfig{URL: server.URL, Token: "sesame"})
			border, _ := errors.AsType[*civic.Error](err)
			switch {
			case test.code == "" && err != nil, test.code == "-" && (err == nil || border != nil),
				test.code == civic.CodeUnavailable && (border == nil || border.Key != "registry.unavailable"):
				t.Errorf("error %v, want %q", err, test.code)
			}
			if match != test.match || asked.Load() != test.asked {
				t.Errorf("%q after %d tries, want %q after %d", match, asked.Load(), test.match, test.asked)
			}
		})
	}
}

func TestHTTPRegistryThatHangsOrIsGone(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	_, err := ask(t, identity.HTTPRegistryConfig{URL: server.URL, Timeout: 20 * time.Millisecond, Pauses: []time.Duration{time.Millisecond}})
	wantError(t, err, civic.CodeUnavailable, "registry.unavailable")

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, err = ask(t, identity.HTTPRegistryConfig{URL: "http://" + address})
	wantError(t, err, civic.CodeUnavailable, "registry.unavailable")

	for _, url := range []string{"", "ftp://x", "/path", "http://"} {
		if _, err := identity.NewHTTPRegistry(identity.HTTPRegistryConfig{URL: url}); err == nil {
			t.Errorf("URL %q was taken", url)
		}
	}
}
