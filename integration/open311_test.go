package integration

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/demo"
)

// TestOpen311 is a partner's whole way: it gets a key, files, reads what it filed, and loses the key.
func TestOpen311(t *testing.T) {
	t.Parallel()
	city := Start(t)
	data, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	out, said, ok := runToEnd(t, nil, "jagawarga", "open311", "key", "add", "Kecamatan", "--data", city.Data)
	if !ok || len(out) != 1 || len(out[0]) != 43 {
		t.Fatalf("key add: %v %s", out, said)
	}
	for _, key := range []string{data.Open311Key, out[0]} {
		status, body := postForm(t, city.URL+"/open311/v2/requests.xml", url.Values{
			"api_key": {key}, "service_code": {"banjir"}, "lat": {"-6.9147"}, "long": {"107.6098"}, "description": {"Banjir selutut sejak subuh."},
		})
		var answer struct {
			ID string `xml:"request>service_request_id"`
		}
		if err := xml.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.ID == "" {
			t.Fatalf("%d %s", status, body)
		}
		status, body = city.Get(t, city.URL+"/open311/v2/requests/"+answer.ID+".json")
		if status != http.StatusOK || !strings.Contains(body, `"description":"Banjir selutut sejak subuh."`) {
			t.Errorf("%d %s", status, body)
		}
	}
	listed, said, ok := runToEnd(t, nil, "jagawarga", "partner", "list", "--data", city.Data)
	if !ok || len(listed) != 2 || strings.Contains(strings.Join(listed, "\n"), out[0]) || !strings.HasSuffix(listed[1], "\t-\tKecamatan") {
		t.Fatalf("list: %q %s", listed, said)
	}
	id, _, _ := strings.Cut(listed[1], "\t")
	if _, said, ok := runToEnd(t, nil, "jagawarga", "partner", "revoke", id, "--data", city.Data); !ok {
		t.Fatalf("revoke: %s", said)
	}
	if _, _, ok := runToEnd(t, nil, "jagawarga", "partner", "revoke", id, "--data", city.Data); ok {
		t.Error("a key was revoked twice")
	}
	if status, body := postForm(t, city.URL+"/open311/v2/requests.json", url.Values{"api_key": {out[0]}}); status != http.StatusForbidden {
		t.Errorf("with a revoked key: %d %s", status, body)
	}
}

func postForm(t *testing.T, address string, form url.Values) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := outside.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(read)
}
