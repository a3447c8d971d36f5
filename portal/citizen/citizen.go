// Package citizen says where the pages of citizens lie. Whoever is signed in is known under session.Path alone.
package citizen

import (
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/citizen/account"
	"github.com/jagawarga/jagawarga/portal/citizen/anonymous"
	"github.com/jagawarga/jagawarga/portal/citizen/city"
	"github.com/jagawarga/jagawarga/portal/citizen/compose"
	"github.com/jagawarga/jagawarga/portal/citizen/feed"
	"github.com/jagawarga/jagawarga/portal/citizen/follow"
	"github.com/jagawarga/jagawarga/portal/citizen/home"
	"github.com/jagawarga/jagawarga/portal/citizen/mine"
	"github.com/jagawarga/jagawarga/portal/citizen/notice"
	"github.com/jagawarga/jagawarga/portal/citizen/report"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

const own = session.Path

var public = map[string]page.Page{
	"GET /{$}":              home.Page,
	"GET /laporan":          feed.Page,
	"GET /laporan/kabar":    feed.Live,
	"GET /peta":             city.Map,
	"GET /peta/isi":         city.Around,
	"GET /peta/kabar":       city.MapLive,
	"GET /peta/wilayah":     city.Outlines,
	"GET /statistik":        city.Statistics,
	"GET /atom":             city.Atom,
	"GET /r/{number}":       report.Public,
	"GET /r/{number}/kabar": report.PublicLive,
	"GET /r/{$}":            byNumber,
	"GET /lacak":            page.Nobody(follow.Ask),
	"POST /lacak":           page.Nobody(follow.Open),
	"GET /anonim":           page.Nobody(anonymous.Write),
	"POST /bahasa":          page.Language,
	"POST /lapor/saran":     compose.Help,
}

// Here a session is known, if there is one.
var known = map[string]page.Page{
	"GET " + own + "/masuk":             account.SignIn,
	"POST " + own + "/masuk":            account.EnterSignIn,
	"GET " + own + "/daftar":            account.SignUp,
	"POST " + own + "/daftar":           account.EnterSignUp,
	"POST " + own + "/keluar":           account.SignOut,
	"GET " + own + "/lapor":             compose.Begin,
	"POST " + own + "/lapor":            compose.Step,
	"GET " + own + "/terkirim/{number}": compose.Sent,
	"GET " + own + "/token":             anonymous.Left,
	"POST " + own + "/token":            anonymous.Sign,
	// A stranger who acts on a report signs in on the way.
	"POST " + own + "/r/{number}/{act}": report.Act,
}

// Here somebody is signed in.
var signed = map[string]page.Page{
	"GET " + own:                       mine.Page,
	"GET " + own + "/r/{number}":       report.Own,
	"GET " + own + "/r/{number}/kabar": report.OwnLive,
	"GET " + own + "/r/{number}/{act}": report.Ask,

	"GET " + own + "/kabar":                 notice.Page,
	"POST " + own + "/kabar":                notice.Read,
	"GET " + own + "/kabar/baru":            notice.Live,
	"GET " + own + "/akun":                  account.Settings,
	"GET " + own + "/akun/kabar":            account.Wishes,
	"POST " + own + "/akun/kabar":           account.SaveWishes,
	"GET " + own + "/akun/wilayah":          account.Areas,
	"POST " + own + "/akun/wilayah":         account.SaveArea,
	"POST " + own + "/akun/wilayah/hapus":   account.DeleteArea,
	"POST " + own + "/akun/perangkat":       account.Browser,
	"POST " + own + "/akun/perangkat/hapus": account.NoBrowser,
	"GET " + own + "/akun/data":             account.Data,
	"GET " + own + "/akun/hapus":            account.AskToLeave,
	"POST " + own + "/akun/hapus":           account.Leave,
}

// Mount puts them on a mux.
func Mount(mux *http.ServeMux, site *page.Site) {
	for pattern, shown := range public {
		mux.Handle(pattern, site.Handle(shown))
	}
	for pattern, shown := range known {
		mux.Handle(pattern, site.HandleOwn(shown))
	}
	for pattern, shown := range signed {
		mux.Handle(pattern, site.HandleSigned(shown))
	}
	mux.Handle("GET /lapor", http.RedirectHandler(own+"/lapor", http.StatusSeeOther))
}

// byNumber leads from the form that asks for a number to the report.
func byNumber(v *page.Visit) error {
	number := v.R.URL.Query().Get("nomor")
	if number == "" {
		return page.NotFound
	}
	v.Go("/r/" + url.PathEscape(number))
	return nil
}
