package compose

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/jagawarga/jagawarga/portal/page"
)

// told is the answer to a script that sends the form: where the sent report is, or what is wrong and where.
type told struct {
	Sent     string            `json:"sent,omitempty"`
	Step     string            `json:"step,omitempty"`
	Problems map[string]string `json:"problems,omitempty"` // sentences by the name of the field
	Problem  string            `json:"problem,omitempty"`
	// Retry: nothing is wrong with the report; sent again later it will arrive.
	Retry bool `json:"retry,omitempty"`
	// Key and As are the form's from now on.
	Key string `json:"key,omitempty"`
	As  string `json:"as,omitempty"`
	// SignIn is the part of the form to sign in with, as HTML, for whom is not.
	SignIn string `json:"signIn,omitempty"`
}

// scripted reports whether a script asks, which shows what it is told in the page that is there.
func scripted(v *page.Visit) bool { return v.R.Header.Get("Accept") == "application/json" }

func tell(v *page.Visit, status int, t told) error {
	raw, err := json.Marshal(t)
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/json")
	v.W.WriteHeader(status)
	_, _ = v.W.Write(raw) // who has gone away asks again
	return nil
}

// refuse tells a script what show would show.
func refuse(v *page.Visit, shown view, wrong problems) error {
	t := told{Step: shown.Step, Problems: wrong, Problem: shown.Problem, Key: shown.Key, As: shown.As}
	if shown.Help.Stop != "" && t.Problem == "" {
		t.Problem = shown.Help.Stop
	}
	if shown.SignIn {
		var html bytes.Buffer
		if err := signInHere(shown).Render(v.R.Context(), &html); err != nil {
			return err
		}
		t.SignIn = html.String()
	}
	return tell(v, http.StatusUnprocessableEntity, t)
}
