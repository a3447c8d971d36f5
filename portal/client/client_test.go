package client_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jagawarga/jagawarga/portal/client"
)

// Over the network and within the process the API sees the same: who asks, in which language, where from, and the files.
func TestTheAPISeesWhoAsks(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	var file []byte
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		if part, _, err := r.FormFile("0"); err == nil {
			file, _ = io.ReadAll(part)
		}
		_, _ = io.WriteString(w, `{"data":{"submitReport":{"state":"STORED","report":{"number":"JW-1111-2222"}}}}`)
	})
	away := httptest.NewServer(api)
	t.Cleanup(away.Close)
	visit := httptest.NewRequest(http.MethodGet, "/", nil)
	visit.RemoteAddr = "192.0.2.7:1234"
	visit.Header.Set("X-Forwarded-For", "203.0.113.9")
	for name, asked := range map[string]*client.API{
		"network": client.New(away.URL, nil), "within": client.New("http://server", client.Within(func() http.Handler { return api })),
	} {
		caller := client.Caller{Token: "token", Language: "en", From: visit, Files: []client.Upload{{Content: []byte("picture")}}}
		answer, err := client.Submit(t.Context(), asked.As(caller), client.SubmitReportInput{Title: "x", Media: make([]client.Upload, 1)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if answer.SubmitReport.Report.Number != "JW-1111-2222" || string(file) != "picture" {
			t.Errorf("%s: the answer is %v, the file %q", name, answer.SubmitReport, file)
		}
		if seen.Header.Get("Authorization") != "Bearer token" || seen.Header.Get("Accept-Language") != "en" {
			t.Errorf("%s: the API sees %v", name, seen.Header)
		}
		var operation struct {
			Variables struct{ Input map[string]any }
		}
		if err := json.Unmarshal([]byte(seen.FormValue("operations")), &operation); err != nil {
			t.Fatal(err)
		}
		if media, _ := operation.Variables.Input["media"].([]any); len(media) != 1 || media[0] != nil {
			t.Errorf("%s: the file stands for %v", name, operation.Variables.Input["media"])
		}
		chain, peer := seen.Header.Get("X-Forwarded-For"), seen.RemoteAddr
		if name == "within" && (chain != "203.0.113.9" || peer != "192.0.2.7:0") || name == "network" && chain != "203.0.113.9, 192.0.2.7" {
			t.Errorf("%s: the visitor comes from %q, by way of %q", name, peer, chain)
		}
	}
}

func TestRefusalsAreTold(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]client.Fault{
		`{"errors":[{"message":"Judul wajib diisi.","extensions":{"code":"INVALID_INPUT","field":"title"}}],"data":null}`: {Code: "INVALID_INPUT", Field: "title", Message: "Judul wajib diisi."},
		`<html>502 Bad Gateway</html>`: {Code: "UNAVAILABLE"},
	} {
		api := client.New("http://server", client.Within(func() http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })
		}))
		_, err := client.City(t.Context(), api.As(client.Caller{}))
		if fault, ok := err.(*client.Fault); !ok || *fault != want {
			t.Errorf("%s is told as %v", answer, err)
		}
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	if _, err := client.City(t.Context(), client.New(gone.URL, nil).As(client.Caller{})); client.Code(err) != "UNAVAILABLE" {
		t.Errorf("an API that is away is %v", err)
	}
}
