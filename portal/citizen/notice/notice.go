// Package notice is the inbox of a citizen: what they were told, the newest first, and which of it they have read. The core counts as read what is as
// old as what somebody opened, or older, as in a conversation.
package notice

import (
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

const path = session.Path + "/kabar"

// size is how many a page has.
const size = 20

// The names of the forms and of the address.
const nameID, nameNumber, nameAfter = "id", "nomor", "setelah"

// item is one thing that somebody was told. Number is of the report that it is about; empty where there is none to see.
type item struct {
	ID, Sentence, When, Number string
	Unread                     bool
}

type view struct {
	page.Frame
	Items []item
	More  string // the address of the next page; empty on the last
}

// Page shows the inbox.
func Page(v *page.Visit) error {
	var after *string
	if cursor := v.R.URL.Query().Get(nameAfter); cursor != "" {
		after = &cursor
	}
	answer, err := client.Inbox(v.R.Context(), v.API(), size, after)
	if err != nil {
		return err
	}
	shown := view{Frame: v.Frame(v.Words.T("notice.title"), "")}
	shown.Modules, shown.Styles = append(shown.Modules, "htmx.js"), append(shown.Styles, "account.css")
	if found := answer.Notifications; found != nil {
		shown.Items = items(v, found.Nodes)
		if found.PageInfo.HasNextPage && found.PageInfo.EndCursor != nil {
			shown.More = path + "?" + url.Values{nameAfter: {*found.PageInfo.EndCursor}}.Encode()
		}
	}
	return v.Show(http.StatusOK, content(shown))
}

func items(v *page.Visit, told []client.Notice) []item {
	all := make([]item, len(told))
	for i, n := range told {
		all[i] = item{ID: n.Id, Sentence: n.Message, When: v.Moment(n.CreatedAt), Unread: n.ReadAt == nil}
		if n.Report != nil {
			all[i].Number = n.Report.Number
		}
	}
	return all
}

// Read marks as read what came up to one, and goes on to its report if it was opened.
func Read(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	if _, err := client.MarkRead(v.R.Context(), v.API(), sent.Get(nameID)); err != nil {
		return err
	}
	if number := sent.Get(nameNumber); number != "" {
		v.Go(session.Path + "/r/" + url.PathEscape(number))
		return nil
	}
	v.Go(path)
	return nil
}
