// Package report is the page of one report. The public one, /r/JW-7KQ4-M2XD, is the same for everybody and made to be passed on; what somebody
// does there goes to their own page of the same report, which knows who they are.
package report

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

type view struct {
	page.Frame
	page.Details
	// Own is the address of the visitor's own page of the report, where acts go to.
	Own string
	// Said is what was typed and could not be sent; Problem says why.
	Said, Problem string
	// Signed says that this is the visitor's own page.
	Signed bool
}

func own(number string) string { return session.Path + "/r/" + number }

// Public shows what everybody may see.
func Public(v *page.Visit) error {
	number := v.R.PathValue("number")
	if upper := strings.ToUpper(number); upper != number {
		v.Go("/r/" + upper)
		return nil
	}
	found, err := find(v, number)
	if err != nil {
		return err
	}
	details := v.Details(*found)
	shown := view{Frame: v.Frame(found.Title, shorten(details.Status.Word+". "+found.Body)), Details: details, Own: own(number)}
	if len(found.Media) > 0 {
		shown.Image = v.Absolute(found.Media[0].ThumbnailUrl)
	}
	return v.Show(http.StatusOK, content(shown))
}

// Own shows it to whoever is signed in, also what is theirs alone.
func Own(v *page.Visit) error { return show(v, http.StatusOK, "", "") }

func show(v *page.Visit, status int, said, problem string) error {
	number := v.R.PathValue("number")
	found, err := find(v, number)
	if err != nil {
		return err
	}
	return v.Show(status, content(view{
		Frame: v.Frame(found.Title, ""), Details: v.Details(*found), Own: own(number), Signed: true, Said: said, Problem: problem,
	}))
}

func find(v *page.Visit, number string) (*client.Details, error) {
	answer, err := client.ByNumber(v.R.Context(), v.API(), number)
	if client.Code(err) == "INVALID_INPUT" { // no number at all
		return nil, page.NotFound
	}
	if err != nil {
		return nil, err
	}
	if answer.Report == nil {
		return nil, page.NotFound
	}
	return answer.Report, nil
}

// shorten is as much of a text as a preview shows.
func shorten(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
