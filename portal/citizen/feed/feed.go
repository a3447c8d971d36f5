// Package feed is the list of public reports. What it is narrowed by stands in the address, so that a list can be kept and passed on. Reports that
// come while somebody reads are counted, and shown when they ask: nothing jumps under their hands.
package feed

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/citizen/query"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// size is how many reports a page has.
const size = 20

const (
	path      = "/laporan"
	nameAfter = "setelah"
)

type view struct {
	page.Frame
	query.Query
	Choices query.Choices
	Cards   []page.Card
	More    string // the address of the next page; empty on the last
	Begun   string // the address of the first page; empty there
	OnMap   string
	Atom    string
	Live    string // where the page hears of new reports; empty where it does not
	Problem string
}

// Page shows one page of the list.
func Page(v *page.Visit) error {
	asked := v.R.URL.Query()
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	q := query.Of(asked, city)
	shown := view{
		Frame: v.Frame(q.Title(v, city), v.Words.T("feed.description")), Query: q, Choices: q.Choices(v, city), OnMap: q.Address("/peta"), Atom: q.Atom(),
	}
	shown.Modules, shown.Styles = append(shown.Modules, "htmx.js", "live.js", "city.js"), append(shown.Styles, "city.css")
	shown.Feed = shown.Atom
	var after *string
	if cursor := asked.Get(nameAfter); cursor != "" {
		after, shown.Begun = &cursor, q.Address(path)
	} else if q.Text == "" && q.Order == client.ReportOrderNewest {
		shown.Live = q.Address(path + "/kabar")
	}
	answer, err := client.Feed(v.R.Context(), v.API(), q.Filter(v.Site.Now()), q.Order, size, after)
	if client.Code(err) == "INVALID_INPUT" { // an address that somebody changed by hand, or words that are no search
		shown.Problem, shown.Live = v.Sentence(err), ""
		return v.Show(http.StatusBadRequest, content(shown))
	}
	if err != nil {
		return err
	}
	found := answer.PublicReports
	shown.Cards = v.Cards(found.Nodes, "/r/")
	if found.PageInfo.HasNextPage && found.PageInfo.EndCursor != nil {
		next := q.Values()
		next.Set(nameAfter, *found.PageInfo.EndCursor)
		shown.More = path + "?" + next.Encode()
	}
	return v.Show(http.StatusOK, content(shown))
}
