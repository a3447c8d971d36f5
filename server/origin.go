package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// origins are the sites whose pages may call us besides our own.
type origins []string

func newOrigins(allowed []string) (origins, error) {
	all := make(origins, 0, len(allowed))
	for _, text := range allowed {
		u, err := url.Parse(text)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return nil, fmt.Errorf("server: allowed origin %q is not of the form https://host", text)
		}
		all = append(all, strings.ToLower(u.Scheme+"://"+u.Host))
	}
	return all, nil
}

// allow reports whether the request comes from a page of ours, of an allowed site, or from no page at all.
func (o origins) allow(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || o.listed(origin) || sameHost(origin, r.Host)
}

func (o origins) listed(origin string) bool { return slices.Contains(o, strings.ToLower(origin)) }

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}

// share tells browsers that the page may read the answer (CORS). There are no cookies, so nothing needs credentials mode.
func (o origins) share(w http.ResponseWriter, r *http.Request) {
	if len(o) == 0 {
		return
	}
	w.Header().Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" && o.listed(origin) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
}

// preflight answers OPTIONS.
func (o origins) preflight(w http.ResponseWriter) {
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept, Accept-Language, X-JagaWarga-Proof-Of-Work")
		w.Header().Set("Access-Control-Max-Age", "7200")
	}
	w.Header().Set("Allow", allowedMethods)
	w.WriteHeader(http.StatusNoContent)
}
