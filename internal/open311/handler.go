// Package open311 is the city's face to other systems: a server of Open311 GeoReport v2, with the updates that FixMyStreet added to it.
//
// Everybody may read what is public. A partner with a key files reports, for people of its own: they are public, have no reporter, and come in by the
// same verb and the same stream as any other. The names and addresses of people that the standard lets a partner send are dropped unread.
//
// Requests are forms and addresses: the package reads neither XML nor JSON, so that no entity can be expanded and nothing can nest. It fetches nothing:
// the address of a picture is passed on as text.
package open311

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// Path is where a Handler must be mounted.
const Path = "/open311/v2/"

// Config of a Handler; zero values are the defaults.
type Config struct {
	PublicURL string           // where people reach the city, https://host; empty: as requests name it
	Now       func() time.Time // time.Now
	Random    io.Reader        // crypto/rand
	Log       *slog.Logger     // slog.Default
	// Every and Burst are how fast one partner may write: one act each Every, after Burst at once. Default 20 ms and 200.
	Every time.Duration
	Burst int
	// Reading and Writing are how many lists and how many forms are dealt with at the same time. Defaults 32 and 64.
	Reading, Writing int
	// Settle is how long an answer waits for the report to be found by its id. Default 2 s.
	Settle time.Duration
}

// Desk does what partners ask for.
type Desk interface {
	SubmitForPartner(ctx context.Context, partner civic.PartnerID, draft casework.Draft, said *civic.PartnerSaid) (civic.Submission, civic.SubmissionState, bool, error)
	RemarkForPartner(ctx context.Context, partner civic.PartnerID, report civic.ReportID, id civic.CommentID, body string) error
}

// Reader finds what scope may see.
type Reader interface {
	PartnerOfKey(ctx context.Context, keyHash []byte) (*civic.Partner, error)
	ServiceRequests(ctx context.Context, scope civic.Scope, asked civic.ServiceRequests) ([]civic.ServiceRequest, error)
	ServiceRequestUpdates(ctx context.Context, scope civic.Scope, from, to time.Time, number string, skip, first int) ([]civic.ServiceRequestUpdate, error)
	ReportByNumber(ctx context.Context, scope civic.Scope, number string) (*civic.Report, error)
	Comment(ctx context.Context, scope civic.Scope, id civic.CommentID) (*civic.Comment, error)
	Media(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Media, error)
}

// Links makes the addresses of pictures.
type Links interface {
	Of(media *civic.Media, everybody bool) (url, thumbnail string)
}

// Guesses slows down who tries keys.
type Guesses interface {
	Mark(ctx context.Context, r *http.Request) context.Context
	Allow(ctx context.Context) error
	Failed(ctx context.Context)
}

// Ports are what a Handler stands on.
type Ports struct {
	City    func() *civic.City
	Desk    Desk
	Reader  Reader
	Links   Links
	Guesses Guesses
}

// Handler answers requests below Path.
type Handler struct {
	cfg     Config
	ports   Ports
	keys    *keys
	reading chan struct{}
	writing chan struct{}
	files   chan struct{}
}

// New makes a handler.
func New(cfg Config, ports Ports) *Handler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Every == 0 {
		cfg.Every = 20 * time.Millisecond
	}
	if cfg.Burst == 0 {
		cfg.Burst = 200
	}
	if cfg.Reading == 0 {
		cfg.Reading = 32
	}
	if cfg.Writing == 0 {
		cfg.Writing = 64
	}
	if cfg.Settle == 0 {
		cfg.Settle = 2 * time.Second
	}
	return &Handler{
		cfg: cfg, ports: ports, keys: newKeys(cfg, ports.Reader),
		reading: make(chan struct{}, cfg.Reading), writing: make(chan struct{}, cfg.Writing), files: make(chan struct{}, filesAtOnce),
	}
}

// call is one request being answered.
type call struct {
	*Handler
	w      http.ResponseWriter
	r      *http.Request
	city   *civic.City
	lang   string
	format format
	values values
}

// route is what a path means, for reading and for writing.
type route struct {
	get, post func(c *call, id string) error
}

// routes by the path without its ending; with an id by the folder.
var (
	routes = map[string]route{
		"discovery": {get: (*call).discovery}, "services": {get: (*call).services},
		"requests": {get: (*call).list, post: (*call).file}, "servicerequestupdates": {get: (*call).updates, post: (*call).remark},
	}
	folders = map[string]route{
		"services": {get: (*call).definition}, "requests": {get: (*call).one}, "tokens": {get: (*call).token},
	}
)

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("Vary", "Accept-Language")
	// What is here is public, and keys are never kept by a browser: pages of others may read it.
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	r = r.WithContext(h.ports.Guesses.Mark(r.Context(), r))
	c := &call{Handler: h, w: w, r: r, city: h.ports.City(), lang: locale.From(r.Context()), format: formatXML}
	if err := c.answer(); err != nil {
		c.refuse(err)
	}
}

// answer finds out what is asked and does it.
func (c *call) answer() error {
	name, found := strings.CutPrefix(c.r.URL.Path, Path)
	dot := strings.LastIndexByte(name, '.')
	if !found || dot < 0 {
		return civic.NotFound("open311.path")
	}
	format, known := formats[name[dot+1:]]
	if known {
		c.format = format
	}
	name = name[:dot]
	folder, id, deep := strings.Cut(name, "/")
	at, there := routes[name]
	if deep {
		at, there = folders[folder]
	}
	if !known || !there || deep && id == "" || format == formatCSV && name != "requests" {
		if format == formatCSV {
			c.format = formatXML
		}
		return civic.NotFound("open311.path")
	}
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		return c.read(at.get, id)
	case http.MethodPost:
		if at.post != nil && format != formatCSV {
			return c.write(at.post, id)
		}
	}
	return errMethod
}

// read is a request that changes nothing.
func (c *call) read(do func(*call, string) error, id string) (err error) {
	if c.values, err = readQuery(c.r); err != nil {
		return err
	}
	return c.within(c.reading, func() error { return do(c, id) })
}

// write is a request with a form, in turn.
func (c *call) write(do func(*call, string) error, id string) error {
	return c.within(c.writing, func() error { return do(c, id) })
}

// patience is how long a request waits for its turn.
const patience = 5 * time.Second

// within does something when there is room for it; who would have to wait long is sent away.
func (c *call) within(room chan struct{}, do func() error) error {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case room <- struct{}{}:
		defer func() { <-room }()
		return do()
	case <-c.r.Context().Done():
	case <-timeout.C:
	}
	return civic.Unavailable("open311.busy")
}

// errMethod is for paths that are there and cannot do that.
var errMethod = errors.New("method not allowed")

// statusOf is the standard's word for an error.
func statusOf(err *civic.Error) int {
	switch err.Code {
	case civic.CodeInvalidInput:
		return http.StatusBadRequest
	case civic.CodeNotFound:
		return http.StatusNotFound
	case civic.CodeForbidden, civic.CodeUnauthenticated:
		return http.StatusForbidden
	case civic.CodeConflict:
		return http.StatusConflict
	case civic.CodeRateLimited:
		return http.StatusTooManyRequests
	case civic.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// refuse tells what was wrong, without repeating what was sent.
func (c *call) refuse(err error) {
	refusal, status := (*civic.Error)(nil), http.StatusInternalServerError
	text := locale.Text(c.lang, "open311.internal", nil)
	switch {
	case errors.As(err, &refusal):
		status, text = statusOf(refusal), locale.Text(c.lang, refusal.Key, refusal.Args)
		if refusal.Field != "" {
			text = refusal.Field + ": " + text
		}
	case errors.Is(err, errMethod):
		status, text = http.StatusMethodNotAllowed, locale.Text(c.lang, "open311.method", nil)
		c.w.Header().Set("Allow", "GET, HEAD, POST")
	}
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		c.w.Header().Set("Retry-After", "2")
	case http.StatusInternalServerError:
		c.cfg.Log.Error("open311", "error", err)
	}
	if c.format == formatCSV {
		c.format = formatXML
	}
	c.show(status, errorList{Errors: []errorItem{{status, text}}})
}

// base is the address that ours begin with.
func (c *call) base() string {
	if c.cfg.PublicURL != "" {
		return strings.TrimSuffix(c.cfg.PublicURL, "/")
	}
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host
}

// say is a sentence in the caller's language.
func (c *call) say(key string) string { return locale.Text(c.lang, key, nil) }
