// Package query is what a list of public reports is narrowed by, as the address says it: a list can be kept, passed on and come back to, and the
// feed, the map, the Atom feed and what is told live all mean the same by it.
package query

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The names in the address.
const (
	Text, Category, District, Status, Period, Near, Order = "cari", "kategori", "wilayah", "status", "kurun", "dekat", "urut"
)

// nearby is how far "near me" reaches, in metres.
const nearby = 1500.0

// statuses are those to choose from, and all that lists show: what was taken back, or goes on as another report, is not listed.
var statuses = []client.Status{
	client.StatusReceived, client.StatusVerified, client.StatusInProgress, client.StatusAwaitingReporter, client.StatusEscalated, client.StatusResolved,
	client.StatusClosed, client.StatusRejected,
}

// periods are how many days back a list may reach.
var periods = []string{"1", "7", "30", "365"}

var orders = []client.ReportOrder{client.ReportOrderNewest, client.ReportOrderMostUpvoted, client.ReportOrderOldest}

// Query is what somebody asks for. What is not known, or not asked for, is empty.
type Query struct {
	Text, Category, District, Status, Period, Near string
	Order                                          client.ReportOrder

	category, district string // their ids
	within             *client.BoundsInput
}

// Of reads an address; what it names that the city does not have is as if it were not there.
func Of(asked url.Values, city *client.CityResponse) Query {
	q := Query{Text: strings.TrimSpace(asked.Get(Text)), Order: client.ReportOrderNewest}
	for _, c := range city.Categories {
		if c.Code == asked.Get(Category) {
			q.Category, q.category = c.Code, c.Id
		}
	}
	for _, d := range city.Districts {
		if d.Name == asked.Get(District) {
			q.District, q.district = d.Name, d.Id
		}
	}
	if s := client.Status(asked.Get(Status)); slices.Contains(statuses, s) {
		q.Status = string(s)
	}
	if slices.Contains(periods, asked.Get(Period)) {
		q.Period = asked.Get(Period)
	}
	if o := client.ReportOrder(asked.Get(Order)); slices.Contains(orders, o) {
		q.Order = o
	}
	if latitude, longitude, ok := Place(asked.Get(Near)); ok {
		q.Near, q.within = asked.Get(Near), around(latitude, longitude)
	}
	return q
}

// Place reads "-6.914,107.610".
func Place(text string) (latitude, longitude float64, ok bool) {
	south, west, _ := strings.Cut(text, ",")
	latitude, err1 := strconv.ParseFloat(strings.TrimSpace(south), 64)
	longitude, err2 := strconv.ParseFloat(strings.TrimSpace(west), 64)
	ok = err1 == nil && err2 == nil && math.Abs(latitude) <= 85 && math.Abs(longitude) <= 180
	return latitude, longitude, ok
}

func around(latitude, longitude float64) *client.BoundsInput {
	const perDegree = 111_000
	north := nearby / perDegree
	east := north / math.Cos(latitude*math.Pi/180)
	return &client.BoundsInput{
		South: latitude - north, North: latitude + north, West: max(longitude-east, -180), East: min(longitude+east, 180),
	}
}

// Values is the address again, in one spelling.
func (q Query) Values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		Text: q.Text, Category: q.Category, District: q.District, Status: q.Status, Period: q.Period, Near: q.Near, Order: string(q.Order),
	} {
		if value != "" && value != string(client.ReportOrderNewest) {
			values.Set(name, value)
		}
	}
	return values
}

// Address is the list at a path.
func (q Query) Address(path string) string {
	if values := q.Values(); len(values) > 0 {
		return path + "?" + values.Encode()
	}
	return path
}

// Atom is the feed of the same area and category, for those who read it elsewhere.
func (q Query) Atom() string {
	values := url.Values{}
	if q.District != "" {
		values.Set("district", q.District)
	}
	if q.Category != "" {
		values.Set("category", q.Category)
	}
	if len(values) == 0 {
		return "/atom"
	}
	return "/atom?" + values.Encode()
}

// Narrowed reports whether anything is left out, and Sorted whether the choices below the search say something.
func (q Query) Narrowed() bool { return q.Text != "" || q.chosen() || q.Near != "" }

// Sorted reports whether one of the choices says something.
func (q Query) Sorted() bool { return q.chosen() || q.Order != client.ReportOrderNewest }

func (q Query) chosen() bool {
	return q.Category != "" || q.District != "" || q.Status != "" || q.Period != ""
}

// Within is the box of "near me"; nil: everywhere.
func (q Query) Within() *client.BoundsInput { return q.within }

// Filter is what the API is asked for.
func (q Query) Filter(now time.Time) *client.ReportFilter {
	filter := &client.ReportFilter{Statuses: statuses, Within: q.within}
	if q.Text != "" {
		filter.Text = &q.Text
	}
	if q.category != "" {
		filter.Categories = []string{q.category}
	}
	if q.district != "" {
		filter.Districts = []string{q.district}
	}
	if q.Status != "" {
		filter.Statuses = []client.Status{client.Status(q.Status)}
	}
	if days, err := strconv.Atoi(q.Period); err == nil {
		from := now.Add(-time.Duration(days) * 24 * time.Hour)
		filter.CreatedFrom = &from
	}
	return filter
}

// Wants reports whether a report that has just come belongs to the list. Words are not looked for: a list that was searched is not live.
func (q Query) Wants(r client.NewsPublicFeedReportEventReport) bool {
	district := ""
	if r.Location != nil && r.Location.District != nil {
		district = r.Location.District.Name
	}
	return q.Text == "" && (q.Category == "" || q.Category == r.Category.Code) && (q.District == "" || q.District == district) &&
		(q.Status == "" || q.Status == string(r.Status))
}

// Choices are what can be chosen from, in the visitor's language.
type Choices struct{ Categories, Districts, States, Periods, Orders []page.Choice }

// Choices lists them.
func (q Query) Choices(v *page.Visit, city *client.CityResponse) Choices {
	var all Choices
	for _, c := range city.Categories {
		all.Categories = append(all.Categories, page.Choice{Value: c.Code, Label: c.Name, Chosen: c.Code == q.Category})
	}
	slices.SortFunc(all.Categories, func(a, b page.Choice) int { return cmp.Compare(a.Label, b.Label) })
	for _, d := range city.Districts {
		all.Districts = append(all.Districts, page.Choice{Value: d.Name, Label: d.Name, Chosen: d.Name == q.District})
	}
	for _, s := range statuses {
		all.States = append(all.States, page.Choice{Value: string(s), Label: v.Words.T("status." + string(s)), Chosen: string(s) == q.Status})
	}
	for _, days := range periods {
		all.Periods = append(all.Periods, page.Choice{Value: days, Label: v.Words.T("period." + days), Chosen: days == q.Period})
	}
	for _, o := range orders[1:] { // the first is what stands in no address
		all.Orders = append(all.Orders, page.Choice{Value: string(o), Label: v.Words.T("order." + string(o)), Chosen: o == q.Order})
	}
	return all
}

// Title names the list by what it is narrowed by, for the page's title and for readers of the Atom feed.
func (q Query) Title(v *page.Visit, city *client.CityResponse) string {
	title := v.Words.T("feed.title")
	for _, c := range city.Categories {
		if c.Code == q.Category && q.Category != "" {
			title = c.Name
		}
	}
	if q.District != "" {
		title += ", " + q.District
	}
	return title
}
