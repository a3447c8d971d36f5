package city

import (
	"encoding/xml"
	"net/url"
	"time"

	"github.com/jagawarga/jagawarga/portal/citizen/query"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// entries is how many reports a feed has.
const entries = 50

// The elements of RFC 4287 that a feed of ours has.
type (
	atomFeed struct {
		XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang     string      `xml:"xml:lang,attr"`
		ID       string      `xml:"id"`
		Title    string      `xml:"title"`
		Subtitle string      `xml:"subtitle"`
		Updated  string      `xml:"updated"`
		Author   atomAuthor  `xml:"author"`
		Links    []atomLink  `xml:"link"`
		Entries  []atomEntry `xml:"entry"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Updated    string         `xml:"updated"`
		Published  string         `xml:"published"`
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Content    string         `xml:"content"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

// Atom is a feed of public reports, of an area (district) and a category. A feed without reports was last updated when nothing was there yet.
func Atom(v *page.Visit) error {
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	asked := v.R.URL.Query()
	q := query.Of(url.Values{query.District: asked["district"], query.Category: asked["category"]}, city)
	if asked.Get("district") != q.District || asked.Get("category") != q.Category {
		return page.NotFound // a reader that was given a wrong name must not get the whole city for ever
	}
	answer, err := client.Entries(v.R.Context(), v.API(), q.Filter(v.Site.Now()), entries)
	if err != nil {
		return err
	}
	feed := atomFeed{
		Lang: v.Words.Lang, ID: v.Absolute(q.Atom()), Title: "JagaWarga: " + q.Title(v, city), Subtitle: v.Words.T("feed.description"), Author: atomAuthor{"JagaWarga"},
		Links: []atomLink{{"self", "application/atom+xml", v.Absolute(q.Atom())}, {"alternate", "text/html", v.Absolute(q.Address("/laporan"))}},
	}
	var newest time.Time
	for _, r := range answer.PublicReports.Nodes {
		if r.UpdatedAt.After(newest) {
			newest = r.UpdatedAt
		}
		link := v.Absolute("/r/" + r.Number)
		entry := atomEntry{
			ID: link, Title: r.Title, Updated: r.UpdatedAt.UTC().Format(time.RFC3339), Published: r.CreatedAt.UTC().Format(time.RFC3339),
			Links: []atomLink{{"alternate", "text/html", link}}, Categories: []atomCategory{{r.Category.Name}},
			Content: v.Status(r.Status).Word + ".\n\n" + r.Body,
		}
		if r.Location != nil && r.Location.District != nil {
			entry.Categories = append(entry.Categories, atomCategory{r.Location.District.Name})
		}
		feed.Entries = append(feed.Entries, entry)
	}
	if newest.IsZero() {
		newest = time.Unix(0, 0)
	}
	feed.Updated = newest.UTC().Format(time.RFC3339)
	raw, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	return same(v, append([]byte(xml.Header), raw...), newest)
}
