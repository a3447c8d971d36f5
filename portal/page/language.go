package page

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
)

// Language keeps the language that a visitor chose, for a year, and shows the page they were on.
func Language(v *Visit) error {
	form, err := v.Form()
	if err != nil {
		return err
	}
	lang := "id"
	if form.Get("bahasa") == "en" {
		lang = "en"
	}
	http.SetCookie(v.W, &http.Cookie{
		Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, Secure: v.Site.Sessions.Secure(), SameSite: http.SameSiteLaxMode,
	})
	v.Go(Local(form.Get("kembali"), "/"))
	return nil
}

// Missing is the page for paths that nobody serves.
func Missing(*Visit) error { return NotFound }

// Foreign is the answer to a form of another site.
func Foreign(*Visit) error { return &client.Fault{Code: "FORBIDDEN"} }
