package city

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/locale"
	"github.com/jagawarga/jagawarga/portal/page"
)

// longest is how many bars a plot of parts has; its table has all.
const longest = 10

type statisticsView struct {
	page.Frame
	Numbers []Number
	Plots   []Plot
	Day     string
	Nothing bool
}

// Number is one figure and what it says.
type Number struct{ ID, Value, Word string }

// Plot is a figure with its table twin: one of the two drawings.
type Plot struct {
	ID, Title, Summary string
	Columns            *Columns
	Rows               []Row
	First, Second      string // what the two kinds of bars are
	Head               []string
	Cells              [][]string
}

// Statistics shows how the city does.
func Statistics(v *page.Visit) error {
	answer, err := client.Statistics(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	s, t := answer.CityStatistics, v.Words.T
	shown := statisticsView{Frame: v.Frame(t("statistics.title"), t("statistics.description")), Day: v.Day(v.Site.Now()), Nothing: s.Received == 0}
	shown.Styles = append(shown.Styles, "city.css")
	shown.Numbers = []Number{
		{"received", number(v, s.Received), t("statistics.received")}, {"open", number(v, s.Open), t("statistics.open")}, {"resolved", number(v, s.Resolved), t("statistics.resolved")},
		{"median", span(v, s.MedianResolutionHours), t("statistics.median")}, {"kept", share(s.WithinSla), t("statistics.kept")},
	}
	shown.Plots = []Plot{weeks(v, s.Weeks), parts(v, "category", s.ByCategory), parts(v, "district", s.ByDistrict)}
	return v.Show(http.StatusOK, statisticsPage(shown))
}

func weeks(v *page.Visit, points []client.StatisticsCityStatisticsWeeksSeriesPoint) Plot {
	t := v.Words.T
	p := Plot{
		ID: "weeks", Title: t("statistics.weeks"), First: t("statistics.weeks.received"), Second: t("statistics.weeks.resolved"),
		Head: []string{t("statistics.week"), t("statistics.weeks.received"), t("statistics.weeks.resolved")},
	}
	pairs, received, resolved := make([]pair, len(points)), 0, 0
	for i, point := range points {
		day := point.At.In(v.Site.Zone)
		pairs[i] = pair{fmt.Sprintf("%d/%d", day.Day(), day.Month()), point.Received, point.Resolved}
		p.Cells = append(p.Cells, []string{v.Day(point.At), number(v, point.Received), number(v, point.Resolved)})
		received, resolved = received+point.Received, resolved+point.Resolved
	}
	drawn := columns(pairs, v.Words.Lang)
	p.Columns, p.Summary = &drawn, t("statistics.weeks.summary", "received", number(v, received), "resolved", number(v, resolved))
	return p
}

func parts(v *page.Visit, of string, all []client.Part) Plot {
	t := v.Words.T
	p := Plot{ID: of, Title: t("statistics." + of), Head: []string{t("statistics." + of + ".name"), t("statistics.count")}}
	var labels []string
	var counts []int
	for i, part := range all {
		p.Cells = append(p.Cells, []string{part.Label, number(v, part.Count)})
		if i < longest {
			labels, counts = append(labels, part.Label), append(counts, part.Count)
		}
	}
	p.Rows = rows(labels, counts, v.Words.Lang)
	if len(all) > 0 {
		p.Summary = t("statistics."+of+".summary", "name", all[0].Label, "count", number(v, all[0].Count))
	}
	return p
}

// number writes 12345 as the visitor's language does.
func number(v *page.Visit, n int) string { return grouped(n, v.Words.Lang) }

// span is a time in hours as people say it.
func span(v *page.Visit, hours *float64) string {
	switch {
	case hours == nil:
		return "–"
	case *hours < 1.5:
		return v.Words.T("statistics.hours.1")
	case *hours < 48:
		return v.Words.T("statistics.hours", "count", strconv.Itoa(int(math.Round(*hours))))
	}
	return v.Words.T("statistics.days", "count", strconv.Itoa(int(math.Round(*hours*float64(time.Hour)/float64(24*time.Hour)))))
}

// share is a part of a whole in percent.
func share(of *float64) string {
	if of == nil {
		return "–"
	}
	return strconv.Itoa(int(math.Round(*of*100))) + "%"
}

// separator stands between thousands.
func separator(lang string) byte {
	if lang == locale.English {
		return ','
	}
	return '.'
}
