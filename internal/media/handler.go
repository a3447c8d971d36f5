package media

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jagawarga/jagawarga/internal/blob"
)

// filmStill stands for the thumbnail of a film.
const filmStill = "film.svg"

//go:embed film.svg
var filmSVG []byte

const (
	// publicAge is how long others may keep what everybody may see: it may be hidden any minute.
	publicAge = time.Minute
	// stallTime is how long a client may take for one piece of a film before it is given up.
	stallTime = 30 * time.Second
)

// Public tells whether everybody may see a blob now.
type Public interface {
	PublicBlob(ctx context.Context, name string) (bool, error)
}

// Handler gives out what links lead to, whole or in ranges. Whatever is not to be seen is 404, as is what does not exist.
type Handler struct {
	blobs  *blob.Store
	links  *Links
	public Public
}

// NewHandler makes a handler for GET of Path and {file}.
func NewHandler(blobs *blob.Store, links *Links, public Public) *Handler {
	return &Handler{blobs, links, public}
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	if file == filmStill {
		secure(w.Header(), "image/svg+xml", "public, max-age=86400")
		_, _ = w.Write(filmSVG)
		return
	}
	name, contentType, ok := parse(file)
	if !ok {
		missing(w)
		return
	}
	caching, err := h.seen(r, file, name)
	if err != nil {
		unavailable(w)
		return
	}
	if caching == "" {
		missing(w)
		return
	}
	content, err := h.blobs.Open(r.Context(), name)
	if errors.Is(err, blob.ErrNotFound) {
		missing(w)
		return
	}
	if err != nil {
		unavailable(w)
		return
	}
	defer content.Close()
	secure(w.Header(), contentType, caching)
	w.Header().Set("Content-Disposition", disposition(contentType)+`; filename="`+file+`"`)
	w.Header().Set("ETag", `"`+name+`"`) // a name is given once, and what is under it does not change
	http.ServeContent(&patient{w, http.NewResponseController(w)}, r, "", time.Time{}, content)
}

// disposition keeps browsers from opening what may hold more than pictures.
func disposition(contentType string) string {
	if contentType == paperType {
		return "attachment"
	}
	return "inline"
}

// seen tells how long the answer may be kept; empty: the caller may not see it.
func (h *Handler) seen(r *http.Request, file, name string) (caching string, err error) {
	if query := r.URL.Query(); len(query) > 0 {
		until := h.links.signed(file, query)
		if until.IsZero() {
			return "", nil
		}
		return fmt.Sprintf("private, max-age=%d", int(until.Sub(h.links.now()).Seconds())), nil
	}
	public, err := h.public.PublicBlob(r.Context(), name)
	if err != nil || !public {
		return "", err
	}
	return fmt.Sprintf("public, max-age=%d", int(publicAge.Seconds())), nil
}

// secure keeps a browser from taking a picture for anything else. What it may not do itself, a page that shows it may still do.
func secure(header http.Header, contentType, caching string) {
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", caching)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin") // a page of another host shows it, too: who has the link may see it
	header.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox")
}

func missing(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "not found", http.StatusNotFound)
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", "2")
	http.Error(w, "unavailable", http.StatusServiceUnavailable)
}

// patient gives each piece its own time: a film on a slow line takes longer than any other answer may.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(piece []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(stallTime))
	return p.ResponseWriter.Write(piece)
}

// Unwrap is for http.ResponseController.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
