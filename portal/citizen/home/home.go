// Package home is the first page: what this is, the ways to a report, and what is near by: a map that comes to life when somebody gets there, and what
// was reported last.
package home

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/citizen/atlas"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// newest is how many reports the page shows.
const newest = 6

type view struct {
	page.Frame
	atlas.Canvas
	Cards []page.Card
	// Away says that map and list cannot be shown right now.
	Away string
}

// Page shows it. What everybody came for, the buttons, is there even while the rest is not.
func Page(v *page.Visit) error {
	shown := view{Frame: v.Frame(v.Words.T("home.title"), v.Words.T("home.description"))}
	shown.Modules, shown.Styles = append(shown.Modules, "city.js"), append(shown.Styles, "city.css")
	shown.Feed = "/atom"
	var err error
	if shown.Canvas, err = atlas.Whole(v); err == nil {
		var answer *client.FeedResponse
		if answer, err = client.Feed(v.R.Context(), v.API(), nil, client.ReportOrderNewest, newest, nil); err == nil {
			shown.Cards = v.Cards(answer.PublicReports.Nodes, "/r/")
		}
	}
	if err != nil {
		if shown.Away = v.Sentence(err); shown.Away == "" {
			return err
		}
	}
	return v.Show(http.StatusOK, content(shown))
}
