// Package portal is what citizens see: pages made on the server that work on any browser, without scripts, in two languages. It is a client of the
// GraphQL API like any other and knows nothing of what lies behind it. Whoever is signed in is known under session.Path alone.
//
// A Portal is a handler; it runs wherever it is mounted, as a service of its own or on the server's listener.
package portal

//go:generate go tool templ generate -include-version=false

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/citizen"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/static"
)

// New puts the pages together; the configuration is page.Config's.
func New(cfg page.Config) (http.Handler, error) {
	site, err := page.NewSite(cfg)
	if err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	policy, err := policy(cfg.Map.Tiles)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	citizen.Mount(mux, site)
	mountStaff(mux, site)
	mountInstalled(mux, site)
	mux.Handle("/", site.Handle(page.Missing))
	mux.Handle("GET /favicon.ico", http.RedirectHandler(static.URL("icon.svg"), http.StatusFound))
	mux.Handle("GET "+static.Prefix, http.StripPrefix(static.Prefix, static.Handler()))
	origins := http.NewCrossOriginProtection()
	origins.AddInsecureBypassPattern("POST /lacak") // its right is the receipt in the form, and it tells nobody where it comes from
	origins.SetDenyHandler(site.Handle(page.Foreign))
	return around(site, policy, origins.Handler(mux)), nil
}

// policy lets pages use what is ours alone: no inline code, no eval, no other host but the tile server, if there is one.
func policy(tiles string) (string, error) {
	pictures := "'self' data: blob:"
	if tiles != "" {
		u, err := url.Parse(tiles)
		if err != nil || u.Host == "" {
			return "", fmt.Errorf("portal: the tile server is not of the form https://host/{z}/{x}/{y}.png")
		}
		pictures += " " + u.Scheme + "://" + u.Host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src " + pictures +
		"; media-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", nil
}

// around is what every answer of the portal has.
func around(site *page.Site, policy string, next http.Handler) http.Handler {
	missing := site.Handle(func(*page.Visit) error { return fmt.Errorf("a page panicked") })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // forms tell where they come from by it, where browsers know nothing better
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()")
		defer func() {
			if recovered := recover(); recovered != nil {
				if recovered == http.ErrAbortHandler {
					panic(recovered)
				}
				site.Log.Error("a page panicked", slog.String("route", r.Pattern), slog.Any("panic", recovered))
				missing.ServeHTTP(w, r)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
