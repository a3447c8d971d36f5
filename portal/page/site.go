// Package page is what all pages of the portal share: who visits and in which language, the frame around each page, the few parts that pages are
// made of, and what becomes of errors. A page is a function from a Visit to an answer or an error; the view models that its templates show
// are translated and formatted already.
package page

import (
	"bytes"
	"compress/gzip"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/sync/semaphore"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/locale"
	"github.com/jagawarga/jagawarga/portal/session"
)

// Config of a Site. API, Sessions and Officers are needed.
type Config struct {
	API *client.API
	// Sessions are citizens', Officers those of who works here.
	Sessions, Officers *session.Keeper
	// PublicURL is how people reach the portal, https://host, for links that leave the page. Default: as the request names it.
	PublicURL string
	// Map is how the map of the form looks.
	Map Map
	// Zone is the city's time. Default Western Indonesian Time.
	Zone *time.Location
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Log is where internal errors go. Default slog.Default().
	Log *slog.Logger
}

// Map is how the map of the form looks.
type Map struct {
	// Latitude and Longitude are its middle, in degrees.
	Latitude, Longitude float64
	// Tiles is the address of a tile server, https://host/{z}/{x}/{y}.png; empty: a plain grid.
	Tiles string
	// Attribution is what the tile server asks to be said.
	Attribution string
}

// Site is the portal as its pages see it.
type Site struct {
	Config
	renewals renewals
	uploads  *semaphore.Weighted
}

// NewSite fills in what is left to defaults.
func NewSite(cfg Config) (*Site, error) {
	if cfg.API == nil || cfg.Sessions == nil || cfg.Officers == nil {
		return nil, errors.New("page: API, Sessions and Officers are needed")
	}
	if cfg.PublicURL != "" {
		if u, err := url.Parse(cfg.PublicURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return nil, errors.New("page: the public URL is not of the form https://host")
		}
		cfg.PublicURL = strings.TrimSuffix(cfg.PublicURL, "/")
	}
	if cfg.Zone == nil {
		cfg.Zone = time.FixedZone("WIB", 7*60*60)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Site{Config: cfg, uploads: semaphore.NewWeighted(mostUploads)}, nil
}

// Visit is one request and its answer.
type Visit struct {
	W     http.ResponseWriter
	R     *http.Request
	Site  *Site
	Words locale.Words
	// Session is who is signed in; nil for a stranger, and always outside of session.Path and the officers' rooms.
	Session *session.Session
	// Keeper has the sessions of whoever comes here; nil where nobody is known.
	Keeper *session.Keeper
	// Anonymous pages are made by Nobody.
	Anonymous bool

	told *Inbox // once asked for; a live page makes its frame again and again
}

// A Page answers a visit. What it returns as an error becomes an error page.
type Page func(*Visit) error

// languageCookie holds the language that a visitor chose, and nothing else.
const languageCookie = "bahasa"

// Handle serves a page to everybody, without a session.
func (s *Site) Handle(page Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		if err := page(v); err != nil {
			v.fail(err)
		}
	})
}

// HandleOwn serves a page under session.Path: whoever is signed in is known there. A session that is over is taken back, and the page meets a
// stranger.
func (s *Site) HandleOwn(page Page) http.Handler {
	return s.Handle(func(v *Visit) error {
		v.Keeper = s.Sessions
		return v.known(page)
	})
}

// known is a page for whoever the keeper knows.
func (v *Visit) known(page Page) error {
	v.W.Header().Set("Cache-Control", "private, no-cache")
	v.Session = v.Site.renewed(v)
	return page(v)
}

// HandleSigned is HandleOwn for pages that are nobody else's: a stranger is asked to sign in, and then comes back.
func (s *Site) HandleSigned(page Page) http.Handler {
	return s.HandleOwn(func(v *Visit) error {
		if v.Session == nil {
			v.ToSignIn()
			return nil
		}
		return page(v)
	})
}

func (s *Site) visit(w http.ResponseWriter, r *http.Request) *Visit {
	lang := ""
	if cookie, err := r.Cookie(languageCookie); err == nil {
		lang = cookie.Value
	}
	w.Header().Add("Vary", "Cookie")
	w.Header().Set("Cache-Control", "no-cache")
	return &Visit{W: w, R: r, Site: s, Words: locale.In(lang)}
}

// API asks for the visitor, with files as the media of the operation's input.
func (v *Visit) API(files ...client.Upload) client.Speaker { return v.APIWith("", files) }

// APIWith is API with files that the operation takes elsewhere: at names the list in its variables, "photos" or "input.addMedia".
func (v *Visit) APIWith(at string, files []client.Upload) client.Speaker {
	caller := client.Caller{Language: v.Words.Lang, From: v.R, Files: files, FilesAt: at}
	if v.Session != nil {
		caller.Token = v.Session.Access
	}
	return v.Site.API.As(caller)
}

// HandleOfficer serves a page of the rooms to officers who have one of the roles; without roles, also to strangers.
func (s *Site) HandleOfficer(page Page, roles ...client.Role) http.Handler {
	return s.Handle(func(v *Visit) error {
		v.Keeper = s.Officers
		return v.known(func(v *Visit) error {
			switch {
			case len(roles) == 0:
				return page(v)
			case v.Session == nil:
				v.ToSignIn()
				return nil
			case !slices.Contains(roles, client.Role(v.Session.Role)):
				return &client.Fault{Code: "FORBIDDEN"}
			}
			return page(v)
		})
	})
}

// ToSignIn sends a stranger to sign in and back; what was sent with POST is not repeated by itself, so they come back to the page before.
func (v *Visit) ToSignIn() {
	back := v.R.URL.RequestURI()
	if v.R.Method != http.MethodGet {
		back = v.R.URL.Path[:strings.LastIndex(v.R.URL.Path, "/")]
	}
	root := session.Path
	if v.Keeper == v.Site.Officers {
		root = session.Department
	}
	v.Go(root + "/masuk?kembali=" + url.QueryEscape(back))
}

// Go sends the browser to another page of ours.
func (v *Visit) Go(path string) { http.Redirect(v.W, v.R, path, http.StatusSeeOther) }

// Local is a path of ours, or fallback: somebody else's link must not lead away from here after a sign-in.
func Local(path, fallback string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return fallback
	}
	if u, err := url.Parse(path); err != nil || u.Host != "" || u.Scheme != "" {
		return fallback
	}
	return path
}

// Show writes a page.
func (v *Visit) Show(status int, content templ.Component) error {
	var html bytes.Buffer
	if err := content.Render(v.R.Context(), &html); err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if !strings.Contains(v.R.Header.Get("Accept-Encoding"), "gzip") {
		v.W.WriteHeader(status)
		_, _ = v.W.Write(html.Bytes()) // who has gone away needs no answer
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	v.W.WriteHeader(status)
	packed := gzip.NewWriter(v.W)
	_, _ = packed.Write(html.Bytes())
	_ = packed.Close()
	return nil
}

// Absolute is a path with the host before it.
func (v *Visit) Absolute(path string) string {
	if v.Site.PublicURL != "" {
		return v.Site.PublicURL + path
	}
	return "http://" + v.R.Host + path
}
