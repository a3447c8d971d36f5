// Package static holds the files that pages are made of besides their HTML: style, typeface, icon, scripts. They are part of the program, and
// are served under names that carry a hash of their content, so that a browser may keep them for ever and never shows an old one. What comes
// from others (typeface, map) is put here by build; see build/package.json.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// Prefix is where the files are found.
const Prefix = "/static/"

//go:embed files
var files embed.FS

// asset is one file, packed when somebody first asks for it.
type asset struct {
	kind         string
	plain        []byte
	brotli, gzip func() []byte
}

var (
	names  = map[string]string{} // style.css -> style.1a2b3c4d.css
	assets = map[string]*asset{}
)

// reference is how a style sheet names another file.
var reference = regexp.MustCompile(`url\(([a-z.0-9]+)\)`)

func init() {
	found, err := fs.ReadDir(files, "files")
	if err != nil {
		panic("static: " + err.Error()) // embedded: cannot fail in a program that was built
	}
	for _, styles := range []bool{false, true} { // style sheets name the others, so they come after them
		for _, file := range found {
			if name := file.Name(); strings.HasSuffix(name, ".css") == styles {
				add(name)
			}
		}
	}
}

func add(name string) {
	raw, err := files.ReadFile("files/" + name)
	if err != nil {
		panic("static: " + err.Error())
	}
	if path.Ext(name) == ".css" {
		raw = reference.ReplaceAllFunc(raw, func(match []byte) []byte {
			return []byte("url(" + URL(string(reference.FindSubmatch(match)[1])) + ")")
		})
	}
	sum := sha256.Sum256(raw)
	ext := path.Ext(name)
	named := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	kind := mime.TypeByExtension(ext)
	if ext == ".woff2" {
		kind = "font/woff2"
	}
	a := &asset{kind: kind, plain: raw}
	a.brotli = sync.OnceValue(func() []byte {
		return pack(raw, func(into io.Writer) io.WriteCloser { return brotli.NewWriterLevel(into, brotli.BestCompression) })
	})
	a.gzip = sync.OnceValue(func() []byte {
		return pack(raw, func(into io.Writer) io.WriteCloser { return gzip.NewWriter(into) })
	})
	names[name], assets[named] = named, a
}

// URL is where the file of that name is found; it panics for one that is not there, which a test of any page that uses it sees.
func URL(name string) string {
	named, found := names[name]
	if !found {
		panic("static: there is no " + name)
	}
	return Prefix + named
}

// Content is the file of that name as it is; it panics as URL does.
func Content(name string) []byte { return assets[strings.TrimPrefix(URL(name), Prefix)].plain }

// URLs are where all files are found, but those whose names begin with one of these.
func URLs(without ...string) (all []string) {
	for name, named := range names {
		if !slices.ContainsFunc(without, func(beginning string) bool { return strings.HasPrefix(name, beginning) }) {
			all = append(all, Prefix+named)
		}
	}
	slices.Sort(all)
	return all
}

func pack(raw []byte, writer func(io.Writer) io.WriteCloser) []byte {
	var packed bytes.Buffer
	w := writer(&packed)
	_, _ = w.Write(raw) // a bytes.Buffer takes everything
	_ = w.Close()
	return packed.Bytes()
}

// Handler serves the files; it expects the prefix of where they are found to be stripped.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, found := assets[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		if a.kind == "font/woff2" || a.kind == "image/png" { // packed already
			_, _ = w.Write(a.plain)
			return
		}
		h.Add("Vary", "Accept-Encoding")
		switch accepted := r.Header.Get("Accept-Encoding"); {
		case strings.Contains(accepted, "br"):
			h.Set("Content-Encoding", "br")
			_, _ = w.Write(a.brotli())
		case strings.Contains(accepted, "gzip"):
			h.Set("Content-Encoding", "gzip")
			_, _ = w.Write(a.gzip())
		default:
			_, _ = w.Write(a.plain)
		}
	})
}
