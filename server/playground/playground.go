// Package playground serves GraphiQL, the workbench for the GraphQL API, with examples for each kind of user. Everything it
// needs is in this program: its pages ask no other host for anything, and the policy they are sent with forbids it. What is
// under static is made by build (see build/package.json) and committed.
package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

// policy allows scripts, styles and requests of our own alone: no inline code, no eval. connect-src 'self' covers WebSockets of
// the same host.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asset is one file, compressed when somebody first asks for it.
type asset struct {
	kind, tag string
	plain     []byte
	packed    func() []byte
}

// Handler serves the page at "" and its parts beside it; it expects the prefix of where it is mounted to be stripped.
func Handler() http.Handler {
	assets := map[string]*asset{}
	files, err := fs.ReadDir(static, "static")
	if err != nil {
		panic("playground: " + err.Error()) // embedded: cannot fail in a program that was built
	}
	for _, file := range files {
		raw, err := static.ReadFile("static/" + file.Name())
		if err != nil {
			panic("playground: " + err.Error())
		}
		assets[file.Name()] = newAsset(file.Name(), raw)
	}
	assets[""] = assets["index.html"]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, found := assets[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func newAsset(name string, raw []byte) *asset {
	sum := sha256.Sum256(raw)
	return &asset{
		kind: mime.TypeByExtension(path.Ext(name)), tag: `"` + hex.EncodeToString(sum[:8]) + `"`, plain: raw,
		packed: sync.OnceValue(func() []byte { return pack(raw) }),
	}
}

func pack(raw []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(raw) // a bytes.Buffer takes everything
	_ = w.Close()
	return packed.Bytes()
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age=31536000, immutable") // names of assets change with their content
	if strings.HasPrefix(a.kind, "text/html") {
		h.Set("Cache-Control", "no-cache")
	}
	if r.Header.Get("If-None-Match") == a.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed()
	}
	_, _ = w.Write(body)
}
