package account

import (
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

type mine struct {
	page.Frame
	Cards []page.Card
	More  string
}

// Mine is what the visitor reported, newest first.
func Mine(v *page.Visit) error {
	var after *string
	if cursor := v.R.URL.Query().Get("setelah"); cursor != "" {
		after = &cursor
	}
	answer, err := client.Mine(v.R.Context(), v.API(), 20, after)
	if err != nil {
		return err
	}
	shown := mine{Frame: v.Frame(v.Words.T("mine.title"), "")}
	if found := answer.MyReports; found != nil {
		shown.Cards = v.Cards(found.Nodes, session.Path+"/r/")
		if found.PageInfo.HasNextPage && found.PageInfo.EndCursor != nil {
			shown.More = session.Path + "?setelah=" + url.QueryEscape(*found.PageInfo.EndCursor)
		}
	}
	return v.Show(http.StatusOK, list(shown))
}
