// Package home is the first page: what this is, the way to a report, and what was reported last.
package home

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// newest is how many reports the page shows.
const newest = 6

type view struct {
	page.Frame
	Cards []page.Card
	// Away says that the list cannot be shown right now.
	Away string
}

// Page shows it. What everybody came for, the button, is there even while the list is not.
func Page(v *page.Visit) error {
	shown := view{Frame: v.Frame(v.Words.T("home.title"), v.Words.T("home.description"))}
	answer, err := client.Feed(v.R.Context(), v.API(), nil, client.ReportOrderNewest, newest, nil)
	if err != nil {
		if shown.Away = v.Sentence(err); shown.Away == "" {
			return err
		}
	} else {
		shown.Cards = v.Cards(answer.PublicReports.Nodes, "/r/")
	}
	return v.Show(http.StatusOK, content(shown))
}
