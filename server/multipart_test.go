package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/server"
)

// form builds what curl -F builds. Values that begin with @ are files of as many bytes as the number behind it says.
func form(parts ...string) (contentType string, body []byte) {
	var out bytes.Buffer
	writer := multipart.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		var size int
		if _, err := fmt.Sscanf(parts[i+1], "@%d", &size); err == nil {
			file, _ := writer.CreateFormFile(parts[i], "budi-di-rumah.jpg")
			_, _ = file.Write(bytes.Repeat([]byte("x"), size))
			continue
		}
		_ = writer.WriteField(parts[i], parts[i+1])
	}
	_ = writer.Close()
	return writer.FormDataContentType(), out.Bytes()
}

const weigh = `mutation($input:ParcelInput!){weigh(input:$input)}`

// operation has room for n files.
func operation(n int, label string) string {
	raw, _ := json.Marshal(map[string]any{"query": weigh, "variables": map[string]any{"input": map[string]any{"media": make([]any, n), "label": label}}})
	return string(raw)
}

func (p *place) send(contentType string, body []byte, headers ...string) (int, answer) {
	p.t.Helper()
	status, _, raw := p.ask(http.MethodPost, "/graphql", string(body), append([]string{"Content-Type", contentType}, headers...)...)
	var got answer
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		p.t.Fatalf("%s: %v", raw, err)
	}
	return status, got
}

func TestFilesArrive(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	contentType, body := form("operations", operation(3, ""), "map", `{"a":["variables.input.media.2"],"0":["variables.input.media.0","variables.input.media.1"]}`, "0", "@3", "a", "@5")
	if status, got := p.send(contentType, body); status != http.StatusOK || string(got.Data) != `{"weigh":[3,3,5]}` {
		t.Errorf("%d %s %v", status, got.Data, got.Errors)
	}
}

func small() server.Config {
	return server.Config{MaxBody: 4000, Uploads: server.Uploads{MaxFiles: 2, MaxFile: 50_000, MaxTotal: 80_000}}
}

func TestBadFormsAreToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := open(t, small())
	one, two := `{"0":["variables.input.media.0"]}`, `{"0":["variables.input.media.0"],"1":["variables.input.media.1"]}`
	for _, c := range []struct {
		what  string
		parts []string
		field string
		code  int
	}{
		{"nothing", nil, "operations", 400},
		{"no map", []string{"operations", operation(1, ""), "0", "@1"}, "map", 400},
		{"the map first", []string{"map", one, "operations", operation(1, ""), "0", "@1"}, "operations", 400},
		{"operations that are no JSON", []string{"operations", "{", "map", one, "0", "@1"}, "operations", 400},
		{"several operations", []string{"operations", "[" + operation(1, "") + "]", "map", one, "0", "@1"}, "operations", 400},
		{"operations without end", []string{"operations", operation(1, strings.Repeat("x", 5000)), "map", one, "0", "@1"}, "operations", 400},
		{"a map that is no map", []string{"operations", operation(1, ""), "map", `["variables.input.media.0"]`, "0", "@1"}, "map", 400},
		{"a place that is not there", []string{"operations", operation(1, ""), "map", `{"0":["variables.input.media.1"]}`, "0", "@1"}, "map", 400},
		{"a place before the first", []string{"operations", operation(1, ""), "map", `{"0":["variables.input.media.-1"]}`, "0", "@1"}, "map", 400},
		{"a place that is taken", []string{"operations", operation(1, "x"), "map", `{"0":["variables.input.label"]}`, "0", "@1"}, "map", 400},
		{"a place outside the variables", []string{"operations", operation(1, ""), "map", `{"0":["query"]}`, "0", "@1"}, "map", 400},
		{"a place below a null", []string{"operations", operation(1, ""), "map", `{"0":["variables.input.media.0.deep"]}`, "0", "@1"}, "map", 400},
		{"one place for two files", []string{"operations", operation(1, ""), "map", `{"0":["variables.input.media.0"],"1":["variables.input.media.0"]}`, "0", "@1", "1", "@1"}, "map", 400},
		{"a file with no place", []string{"operations", operation(1, ""), "map", `{"0":[]}`, "0", "@1"}, "map", 400},
		{"a file that the map does not know", []string{"operations", operation(1, ""), "map", one, "0", "@1", "7", "@1"}, "map", 400},
		{"a file twice", []string{"operations", operation(1, ""), "map", one, "0", "@1", "0", "@1"}, "map", 400},
		{"a file that does not come", []string{"operations", operation(2, ""), "map", two, "0", "@1"}, "media", 400},
		{"too many files", []string{"operations", operation(3, ""), "map", `{"0":["variables.input.media.0","variables.input.media.1","variables.input.media.2"]}`, "0", "@1"}, "media", 400},
		{"a file that is too large", []string{"operations", operation(1, ""), "map", one, "0", "@50001"}, "media", 413},
		{"files that are too large together", []string{"operations", operation(2, ""), "map", two, "0", "@50000", "1", "@30001"}, "media", 413},
	} {
		contentType, body := form(c.parts...)
		status, got := p.send(contentType, body)
		if len(got.Errors) != 1 || status != c.code || got.Errors[0].Extensions.Code != "INVALID_INPUT" || got.Errors[0].Extensions.Field != c.field {
			t.Errorf("%s: %d %s %+v, want %d for %s", c.what, status, got.Data, got.Errors, c.code, c.field)
		}
	}
	contentType, body := form("operations", operation(2, ""), "map", two, "0", "@50000", "1", "@30000")
	if status, got := p.send(contentType, body); status != http.StatusOK || string(got.Data) != `{"weigh":[50000,30000]}` {
		t.Errorf("all that is allowed: %d %s %+v", status, got.Data, got.Errors)
	}
}

func TestAFileThatBreaksOff(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{})
	contentType, body := form("operations", operation(1, ""), "map", `{"0":["variables.input.media.0"]}`, "0", "@1000")
	for _, left := range []int{200, 60, 10} {
		status, got := p.send(contentType, body[:len(body)-left])
		if status != http.StatusBadRequest || len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "INVALID_INPUT" || got.Errors[0].Extensions.Field != "media" {
			t.Errorf("%d bytes short: %d %s %+v", left, status, got.Data, got.Errors)
		}
	}
}

// A browser says which page a form is on; curl says nothing, and needs no header that a form could not send.
func TestFormsOfStrangers(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{AllowedOrigins: []string{"https://kota.example"}})
	contentType, body := form("operations", operation(1, ""), "map", `{"0":["variables.input.media.0"]}`, "0", "@1")
	for origin, want := range map[string]int{"": 200, "https://evil.example": 403, "null": 403, "https://kota.example": 200, p.url: 200} {
		var headers []string
		if origin != "" {
			headers = []string{"Origin", origin}
		}
		if status, got := p.send(contentType, body, headers...); status != want {
			t.Errorf("from %q: %d %s %+v", origin, status, got.Data, got.Errors)
		}
	}
}

// What all requests hold together is bounded, and is given back.
func TestMemoryForFilesIsBounded(t *testing.T) {
	t.Parallel()
	p := open(t, server.Config{Uploads: server.Uploads{Memory: 150_000}})
	p.resolvers.Entered = make(chan struct{})
	send := func(label string) (int, answer) {
		contentType, body := form("operations", operation(1, label), "map", `{"0":["variables.input.media.0"]}`, "0", "@100000")
		return p.send(contentType, body)
	}
	first := make(chan int)
	go func() {
		status, _ := send("wait")
		first <- status
	}()
	<-p.resolvers.Entered
	if status, got := send(""); status != http.StatusServiceUnavailable || len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "UNAVAILABLE" {
		t.Errorf("with the memory used up: %d %s %+v", status, got.Data, got.Errors)
	}
	p.resolvers.Tick <- 1
	if status := <-first; status != http.StatusOK {
		t.Errorf("the first: %d", status)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) { // the answer goes out before the memory comes back
		status, got := send("")
		if status == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("afterwards: %d %s %+v", status, got.Data, got.Errors)
		}
	}
}

// A client that sends far too much is cut off, and what it sent is not kept.
func TestEndlessUpload(t *testing.T) {
	t.Parallel()
	p := open(t, small())
	reader, writer := io.Pipe()
	contentType, body := form("operations", operation(1, ""), "map", `{"0":["variables.input.media.0"]}`, "0", "@1000")
	go func() {
		_, err := writer.Write(body[:len(body)-100])
		for err == nil {
			_, err = writer.Write(make([]byte, 10_000))
		}
	}()
	response, err := http.Post(p.url+"/graphql", contentType, reader)
	if err == nil {
		_ = response.Body.Close()
		if response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%d", response.StatusCode)
		}
	}
	_ = reader.CloseWithError(io.ErrClosedPipe)
}
