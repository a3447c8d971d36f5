package page

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/portal/client"
)

// Frame is what stands around a page.
type Frame struct {
	Lang  string
	Title string
	// Description, Image and URL are for those who pass a link on; Image may be empty.
	Description, Image, URL string
	// Path is this page, to come back to after a change of language; empty for what was sent with POST.
	Path string
	// Anonymous turns the page dark: here nobody is signed in, and nobody is known.
	Anonymous bool
	// Private pages are not to be found by search engines.
	Private bool
	// Feed is where the page's reports can be read as an Atom feed; empty for a page without.
	Feed string
	// Modules and Styles are files of package static that the page needs besides what every page has.
	Modules, Styles []string
	// Name is who is signed in, where that is known.
	Name string
	// Inbox is that of the citizen who is signed in; nil elsewhere.
	Inbox *Inbox
	T     func(key string, pairs ...string) string
}

// Frame is the frame of a page. A page without description is not for search engines.
func (v *Visit) Frame(title, description string) Frame {
	f := Frame{Lang: v.Words.Lang, Title: title, Description: description, T: v.Words.T, Private: description == "", Anonymous: v.Anonymous, URL: v.Absolute(v.R.URL.Path)}
	if v.R.Method == http.MethodGet {
		f.Path = v.R.URL.RequestURI()
	}
	if v.Session != nil {
		f.Name = v.Session.Name
	}
	f.Inbox = v.inbox()
	return f
}

// Status is where a report stands, as a pill shows it.
type Status struct{ Kind, Icon, Word string }

// icons stand beside the words: colour alone tells nothing.
var icons = map[client.Status]string{
	client.StatusReceived: "●", client.StatusVerified: "◐", client.StatusInProgress: "◔", client.StatusAwaitingReporter: "?", client.StatusEscalated: "▲",
	client.StatusResolved: "✓", client.StatusClosed: "✓", client.StatusRejected: "✕", client.StatusWithdrawn: "↩", client.StatusMerged: "→",
}

// Status puts a status into words.
func (v *Visit) Status(s client.Status) Status {
	return Status{Kind: strings.ToLower(string(s)), Icon: icons[s], Word: v.Words.T("status." + string(s))}
}

// Card is a report in a list.
type Card struct {
	URL, Title, Number, About, When, Support string
	Status                                   Status
	Thumbnail                                string
}

// Card puts a report of a list into words; base is where its page lies.
func (v *Visit) Card(r client.Card, base string) Card {
	about := []string{r.Category.Name}
	if r.Location != nil && r.Location.District != nil {
		about = append(about, r.Location.District.Name)
	}
	c := Card{
		URL: base + r.Number, Title: r.Title, Number: r.Number, About: strings.Join(about, " · "), When: v.Day(r.CreatedAt), Status: v.Status(r.Status),
	}
	if r.UpvoteCount > 0 {
		c.Support = v.Words.T("report.support.count", "count", strconv.Itoa(r.UpvoteCount))
	}
	if len(r.Media) > 0 {
		c.Thumbnail = r.Media[0].ThumbnailUrl
	}
	return c
}

// Cards puts a list into words.
func (v *Visit) Cards(reports []client.Card, base string) []Card {
	cards := make([]Card, len(reports))
	for i, r := range reports {
		cards[i] = v.Card(r, base)
	}
	return cards
}

// Day is a date in words: 23 November 2026.
func (v *Visit) Day(t time.Time) string {
	t = t.In(v.Site.Zone)
	return fmt.Sprintf("%d %s %d", t.Day(), v.Words.T("month."+strconv.Itoa(int(t.Month()))), t.Year())
}

// Moment is a date with the time of day.
func (v *Visit) Moment(t time.Time) string {
	return v.Day(t) + ", " + t.In(v.Site.Zone).Format("15.04") + " " + v.Site.Zone.String()
}

// Field is one line of a form. Problem stands beside it; Hint tells before.
type Field struct {
	Name, ID, Label, Hint, Problem, Value string
	Type, Complete, Mode                  string // of the input; Type empty: text
	Most                                  int    // characters; 0: no limit
	Required                              bool
}

// Described names what is said about a field, for those who do not see it.
func (f Field) Described() string {
	var parts []string
	if f.Hint != "" {
		parts = append(parts, f.ID+"-hint")
	}
	if f.Problem != "" {
		parts = append(parts, f.ID+"-problem")
	}
	return strings.Join(parts, " ")
}

// Hidden is a value that a form carries along.
type Hidden struct{ Name, Value string }

// Choice is one of several to choose from.
type Choice struct {
	Value, Label, Hint string
	Chosen             bool
}
