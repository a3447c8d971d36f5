// Package mine lists what somebody reported, and what they follow.
package mine

import (
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// size is how many reports a page has.
const size = 20

// The names in the address.
const nameWhich, nameAfter = "tampil", "setelah"

// tab is one of the lists; nil statuses are all.
type tab struct {
	name     string // in the address; empty for the first
	statuses []client.Status
}

// followed is the list of what somebody follows.
const followed = "diikuti"

// tabs go by who has to act next.
var tabs = []tab{
	{name: ""},
	{name: "menunggu-anda", statuses: []client.Status{client.StatusAwaitingReporter, client.StatusResolved}},
	{name: "berjalan", statuses: []client.Status{client.StatusReceived, client.StatusVerified, client.StatusInProgress, client.StatusEscalated}},
	{name: "berakhir", statuses: []client.Status{client.StatusClosed, client.StatusRejected, client.StatusWithdrawn, client.StatusMerged}},
	{name: followed},
}

type view struct {
	page.Frame
	Tabs  []page.Choice
	Which string
	Cards []page.Card
	More  string // the address of the next page; empty on the last
}

// Page shows one of the lists.
func Page(v *page.Visit) error {
	asked := v.R.URL.Query()
	chosen := tabs[0]
	for _, t := range tabs {
		if t.name == asked.Get(nameWhich) {
			chosen = t
		}
	}
	var after *string
	if cursor := asked.Get(nameAfter); cursor != "" {
		after = &cursor
	}
	shown := view{Frame: v.Frame(v.Words.T("mine.title"), ""), Which: chosen.name}
	shown.Modules, shown.Styles = append(shown.Modules, "htmx.js"), append(shown.Styles, "city.css")
	for _, t := range tabs {
		shown.Tabs = append(shown.Tabs, page.Choice{Value: address(t.name, ""), Label: v.Words.T("mine.tab." + t.name), Chosen: t.name == chosen.name})
	}
	found, next, err := list(v, chosen, after)
	if err != nil {
		return err
	}
	shown.Cards = v.Cards(found, session.Path+"/r/")
	if next != "" {
		shown.More = address(chosen.name, next)
	}
	return v.Show(http.StatusOK, content(shown))
}

// list is a page of reports, and the cursor of the next; empty on the last.
func list(v *page.Visit, chosen tab, after *string) (cards []client.Card, next string, err error) {
	if chosen.name == followed {
		answer, err := client.Followed(v.R.Context(), v.API(), size, after)
		if err != nil || answer.FollowedReports == nil {
			return nil, "", err
		}
		found := answer.FollowedReports
		return found.Nodes, cursor(found.PageInfo.HasNextPage, found.PageInfo.EndCursor), nil
	}
	answer, err := client.Mine(v.R.Context(), v.API(), chosen.statuses, size, after)
	if err != nil || answer.MyReports == nil {
		return nil, "", err
	}
	found := answer.MyReports
	return found.Nodes, cursor(found.PageInfo.HasNextPage, found.PageInfo.EndCursor), nil
}

func cursor(more bool, end *string) string {
	if !more || end == nil {
		return ""
	}
	return *end
}

func address(which, after string) string {
	values := url.Values{}
	if which != "" {
		values.Set(nameWhich, which)
	}
	if after != "" {
		values.Set(nameAfter, after)
	}
	if len(values) == 0 {
		return session.Path
	}
	return session.Path + "?" + values.Encode()
}
