package integration

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Wire is what a browser sends, with all headers as they really go.
type Wire struct {
	t    testing.TB
	home string
	mu   sync.Mutex
	// of a request, by its id
	urls    map[network.RequestID]string
	bodies  map[network.RequestID]string
	headers map[network.RequestID]map[string]string
}

// Wire listens to a browser from now on.
func (p *Phone) Wire() *Wire {
	p.t.Helper()
	w := &Wire{t: p.t, home: p.city.URL, urls: map[network.RequestID]string{}, bodies: map[network.RequestID]string{}, headers: map[network.RequestID]map[string]string{}}
	err := chromedp.Listen(p.ctx, func(event any) {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch sent := event.(type) {
		case *network.EventRequestWillBeSent:
			w.urls[sent.RequestID] = sent.Request.Method + " " + strings.TrimPrefix(sent.Request.URL, p.city.URL)
			for _, entry := range sent.Request.PostDataEntries {
				w.bodies[sent.RequestID] += string(entry.Bytes)
			}
		case *network.EventRequestWillBeSentExtraInfo:
			raw, _ := json.Marshal(sent.Headers)
			headers := map[string]string{}
			_ = json.Unmarshal(raw, &headers)
			w.headers[sent.RequestID] = map[string]string{}
			for name, value := range headers {
				w.headers[sent.RequestID][strings.ToLower(name)] = value
			}
		}
	})
	if err == nil {
		_, err = chromedp.Call(p.ctx, network.Enable, network.EnableParams{})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

// Forgets begins a new account.
func (w *Wire) Forgets() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.urls)
	clear(w.bodies)
	clear(w.headers)
}

// TellsNobody checks that something was sent, to this host alone, and with none of it anything that could tell who sends or where they came from.
// What must not be in any address is given.
func (w *Wire) TellsNobody(secrets ...string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.headers) == 0 {
		w.t.Error("the browser has sent nothing")
	}
	for id, headers := range w.headers {
		url := w.urls[id]
		for _, telling := range []string{"cookie", "authorization", "referer"} {
			if value, has := headers[telling]; has && !strings.HasPrefix(value, w.home+"/static/") { // a style sheet fetches its typeface
				w.t.Errorf("%s goes with %s: %s", url, telling, value)
			}
		}
	}
	for _, url := range w.urls {
		_, path, _ := strings.Cut(url, " ")
		if strings.HasPrefix(path, "/saya") || strings.HasPrefix(path, "http") {
			w.t.Errorf("a page of nobody asks for %s", url)
		}
		if slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(path, secret) }) {
			w.t.Errorf("the address tells: %s", url)
		}
	}
}

// Count is how many requests had that in their body.
func (w *Wire) Count(text string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, body := range w.bodies {
		if strings.Contains(body, text) {
			n++
		}
	}
	return n
}
