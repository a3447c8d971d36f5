package portal

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/static"
)

// What makes the portal an app on a home screen: the manifest, and the worker with the one page that it keeps.
const offlinePath = "/luring"

// notKept are files that a device must not keep of itself: that somebody opened a page of nobody is nobody's business. Officers' are left to the
// browser's own cache.
var notKept = []string{"anonymous", "receipt", "tokens", "staff", "worker", "icon-"}

func mountInstalled(mux *http.ServeMux, site *page.Site) {
	mux.Handle("GET "+offlinePath, site.Handle(page.Offline))
	mux.Handle("GET /pekerja.js", fixed("text/javascript; charset=utf-8", worker()))
	mux.Handle("GET /manifest.webmanifest", fixed("application/manifest+json", manifest()))
}

// fixed serves what is as long as the program runs; browsers ask each time whether it is still the same.
func fixed(kind string, content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(content) // who has gone away needs no answer
	})
}

// worker is static/build/src/worker.mjs with what it needs to know before it.
func worker() []byte {
	shell, err := json.Marshal(map[string]any{
		"page": offlinePath, "icon": static.URL("icon-192.png"), "files": static.URLs(notKept...),
		"first": []string{static.URL("style.css"), static.URL("app.js"), static.URL("jakarta.woff2"), static.URL("icon.svg")},
	})
	if err != nil {
		panic("portal: " + err.Error()) // strings alone: cannot fail
	}
	return bytes.Join([][]byte{[]byte("self.shell="), shell, []byte(";\n"), static.Content("worker.js")}, nil)
}

type icon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
}

type shortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// manifest is in the city's language: browsers ask for it without cookies, and so without the language that somebody chose.
func manifest() []byte {
	content, err := json.Marshal(map[string]any{
		"id": "/", "name": "JagaWarga", "short_name": "JagaWarga", "description": "Lapor masalah di kota Anda dan ikuti sampai selesai.",
		"lang": "id", "start_url": "/", "scope": "/", "display": "standalone", "background_color": "#fbfaf7", "theme_color": "#0b6b53",
		"icons": []icon{
			{static.URL("icon-192.png"), "192x192", "image/png", ""},
			{static.URL("icon-512.png"), "512x512", "image/png", ""},
			{static.URL("icon-maskable-512.png"), "512x512", "image/png", "maskable"},
			{static.URL("icon.svg"), "any", "image/svg+xml", ""},
		},
		"shortcuts": []shortcut{{"Laporkan", "/lapor"}, {"Laporan saya", "/saya"}},
	})
	if err != nil {
		panic("portal: " + err.Error()) // strings alone: cannot fail
	}
	return content
}
