package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/server"
	"github.com/jagawarga/jagawarga/server/internal/sample"
)

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
	if a := parse(t, body); a.Errors[0].Message != "This request does not fit the present state." || len(a.Errors[0].Extensions.Allowed) != 2 || a.Errors[0].Extensions.State != "RESOLVED" || a.Errors[0].Path[0] != "fail" {
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
