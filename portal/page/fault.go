package page

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
)

// NotFound is the answer for a page that is not there.
var NotFound error = &client.Fault{Code: "NOT_FOUND"}

// failure is how an error is told.
type failure struct {
	status int
	key    string // of title and sentence: error.KEY.title, error.KEY.text
}

var failures = map[string]failure{
	"NOT_FOUND":     {http.StatusNotFound, "missing"},
	"FORBIDDEN":     {http.StatusForbidden, "forbidden"},
	"INVALID_INPUT": {http.StatusBadRequest, "invalid"},
	"CONFLICT":      {http.StatusConflict, "conflict"},
	"RATE_LIMITED":  {http.StatusTooManyRequests, "limited"},
	"UNAVAILABLE":   {http.StatusServiceUnavailable, "unavailable"},
}

// fail shows an error page: what happened and what to do, in the visitor's language.
func (v *Visit) fail(err error) {
	if v.R.Context().Err() != nil {
		return // nobody is there any more
	}
	code := client.Code(err)
	if errors.Is(err, ErrTooLarge) {
		code = "INVALID_INPUT"
	}
	if code == "UNAUTHENTICATED" {
		if v.Keeper != nil {
			v.Keeper.Clear(v.W)
		}
		v.ToSignIn()
		return
	}
	told, known := failures[code]
	if !known {
		told = failure{http.StatusInternalServerError, "internal"}
		v.Site.Log.Error("a page failed", slog.String("route", v.R.Pattern), slog.String("error", err.Error()))
	}
	if told.status == http.StatusServiceUnavailable {
		v.W.Header().Set("Retry-After", "5")
	}
	text := v.Words.T("error." + told.key + ".text")
	if message := v.Sentence(err); code != "NOT_FOUND" && code != "UNAVAILABLE" && message != "" {
		text = message
	}
	v.W.Header().Set("Cache-Control", "no-store")
	if err := v.Show(told.status, Trouble(v.Frame(v.Words.T("error."+told.key+".title"), ""), text)); err != nil {
		v.Site.Log.Error("the error page failed", slog.String("error", err.Error()))
	}
}

// Sentence is what to tell about an error beside a form: the API's own words, or ours where it said none.
func (v *Visit) Sentence(err error) string {
	switch fault := (*client.Fault)(nil); {
	case err == nil:
		return ""
	case errors.Is(err, ErrTooLarge):
		return v.Words.T("error.too_large")
	case errors.Is(err, ErrBusy):
		return v.Words.T("error.busy")
	case errors.As(err, &fault) && fault.Message != "":
		return fault.Message
	case errors.As(err, &fault) && fault.Code == "UNAVAILABLE":
		return v.Words.T("error.unavailable.text")
	}
	return ""
}
