// Package feed is the list of public reports. What it is narrowed by stands in the address, so that a list can be kept and passed on.
package feed

import (
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// size is how many reports a page has.
const size = 20

// The names in the address.
const (
	nameText, nameCategory, nameDistrict, nameStatus, nameOrder, nameAfter = "cari", "kategori", "wilayah", "status", "urut", "setelah"
)

// statuses are those to choose from; the others are passed through quickly or end a report out of sight.
var statuses = []client.Status{
	client.StatusReceived, client.StatusVerified, client.StatusInProgress, client.StatusEscalated, client.StatusResolved, client.StatusClosed, client.StatusRejected,
}

var orders = []client.ReportOrder{client.ReportOrderNewest, client.ReportOrderMostUpvoted, client.ReportOrderOldest}

type view struct {
	page.Frame
	Text                                  string
	Categories, Districts, States, Orders []page.Choice
	Cards                                 []page.Card
	More                                  string // the address of the next page; empty on the last
	Begun                                 string // the address of the first page; empty there
	Narrowed                              bool
	Sorted                                bool // the filters say something
	Problem                               string
}

// Page shows one page of the list.
func Page(v *page.Visit) error {
	asked := v.R.URL.Query()
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	shown := view{Frame: v.Frame(v.Words.T("feed.title"), v.Words.T("feed.description")), Text: asked.Get(nameText)}
	filter := &client.ReportFilter{}
	if shown.Text != "" {
		filter.Text = &shown.Text
	}
	for _, c := range city.Categories {
		chosen := asked.Get(nameCategory) == c.Code
		if chosen {
			filter.Categories = []string{c.Id}
		}
		shown.Categories = append(shown.Categories, page.Choice{Value: c.Code, Label: c.Name, Chosen: chosen})
	}
	for _, d := range city.Districts {
		chosen := asked.Get(nameDistrict) == d.Name
		if chosen {
			filter.Districts = []string{d.Id}
		}
		shown.Districts = append(shown.Districts, page.Choice{Value: d.Name, Label: d.Name, Chosen: chosen})
	}
	for _, s := range statuses {
		chosen := asked.Get(nameStatus) == string(s)
		if chosen {
			filter.Statuses = []client.Status{s}
		}
		shown.States = append(shown.States, page.Choice{Value: string(s), Label: v.Words.T("status." + string(s)), Chosen: chosen})
	}
	order := client.ReportOrderNewest
	for _, o := range orders {
		chosen := asked.Get(nameOrder) == string(o)
		if chosen {
			order = o
		}
		shown.Orders = append(shown.Orders, page.Choice{Value: string(o), Label: v.Words.T("order." + string(o)), Chosen: chosen})
	}
	shown.Narrowed = filter.Text != nil || filter.Categories != nil || filter.Districts != nil || filter.Statuses != nil
	shown.Sorted = filter.Categories != nil || filter.Districts != nil || filter.Statuses != nil || order != client.ReportOrderNewest
	var after *string
	if cursor := asked.Get(nameAfter); cursor != "" {
		after, shown.Begun = &cursor, without(asked)
	}
	answer, err := client.Feed(v.R.Context(), v.API(), filter, order, size, after)
	if client.Code(err) == "INVALID_INPUT" { // an address that somebody changed by hand, or words that are no search
		shown.Problem = v.Sentence(err)
		return v.Show(http.StatusBadRequest, content(shown))
	}
	if err != nil {
		return err
	}
	found := answer.PublicReports
	shown.Cards = v.Cards(found.Nodes, "/r/")
	if found.PageInfo.HasNextPage && found.PageInfo.EndCursor != nil {
		asked.Set(nameAfter, *found.PageInfo.EndCursor)
		shown.More = "/laporan?" + asked.Encode()
	}
	return v.Show(http.StatusOK, content(shown))
}

// without is the address of the first page.
func without(asked url.Values) string {
	kept := url.Values{}
	for name, values := range asked {
		if name != nameAfter {
			kept[name] = values
		}
	}
	return "/laporan?" + kept.Encode()
}
