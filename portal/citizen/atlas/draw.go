// Package atlas draws the city on the server: its districts, and the reports in a piece of it. What it draws is a map of its own, whose marks are
// links, and the ground on which a browser with scripts puts one that can be moved.
package atlas

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The map that is drawn on the server, in points, and how near it looks at first.
const (
	Width, Height = 720, 540
	FirstZoom     = 12
)

// Pin is one report on the map, or several that lie together.
type Pin struct {
	At       string // latitude,longitude
	Count    int
	URL      string // of the report, where it is alone
	Label    string
	Status   string
	Word     string // the status in words
	Size     string // of the mark: s, m, l
	lat, lon float64
}

// PinOf is the pin of what the API takes together.
func PinOf(v *page.Visit, c client.PinsReportsOnMapMapCluster) Pin {
	p := Pin{Count: c.Count, lat: c.Latitude, lon: c.Longitude, Size: "s", Label: v.Words.T("map.cluster", "count", strconv.Itoa(c.Count))}
	switch {
	case c.Report != nil:
		p.URL, p.Label = "/r/"+c.Report.Number, c.Report.Title
		status := v.Status(c.Report.Status)
		p.Status, p.Word = status.Kind, status.Word
	case c.Count >= 100:
		p.Size = "l"
	case c.Count >= 10:
		p.Size = "m"
	}
	p.At = Place(p.lat, p.lon)
	return p
}

// NewPin is the pin of a report that has just come.
func NewPin(v *page.Visit, r client.NewsPublicFeedReportEventReport) Pin {
	status := v.Status(r.Status)
	return Pin{At: Place(r.Location.Latitude, r.Location.Longitude), Count: 1, URL: "/r/" + r.Number, Label: r.Title, Status: status.Kind, Word: status.Word, Size: "s"}
}

// Place is a place as addresses say it.
func Place(latitude, longitude float64) string {
	return degrees(latitude) + "," + degrees(longitude)
}

// Canvas is the map as it is drawn on the server, and what a browser needs to draw it itself.
type Canvas struct {
	ViewBox            string
	Districts          []Shape
	Marks              []Mark
	Moves              []page.Hidden // links to nearer, farther and beside: name and address
	Latitude           string
	Longitude, Zoom    string
	Tiles, Attribution string
	Query              string // what the reports are narrowed by, as an address says it
}

// Shape is the outline of a district.
type Shape struct{ Name, Path string }

// Mark is a pin as it is drawn.
type Mark struct {
	Pin
	X, Y, R, URL, Text string
}

// Link is the address of the map around a place.
type Link func(latitude, longitude float64, zoom int) string

// Draw makes the map of a piece; query is what the reports are narrowed by, as an address says it.
func Draw(v *page.Visit, f Piece, link Link, query string, outlines *client.OutlinesResponse, pins []Pin) Canvas {
	latitude, longitude := unproject(f.left+f.width/2, f.top+f.height/2, f.Zoom)
	c := Canvas{
		ViewBox: fmt.Sprintf("0 0 %.0f %.0f", f.width, f.height), Latitude: degrees(latitude), Longitude: degrees(longitude), Zoom: strconv.Itoa(f.Zoom),
		Tiles: v.Site.Map.Tiles, Attribution: v.Site.Map.Attribution, Query: query,
	}
	for _, d := range outlines.Districts {
		var path strings.Builder
		inside := false
		for i, p := range d.Outline {
			x, y := f.at(p.Latitude, p.Longitude)
			inside = inside || x > -f.width && x < 2*f.width && y > -f.height && y < 2*f.height
			path.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + fmt.Sprintf("%.0f %.0f", x, y))
		}
		if inside {
			c.Districts = append(c.Districts, Shape{d.Name, path.String() + "Z"})
		}
	}
	for _, p := range pins {
		x, y := f.at(p.lat, p.lon)
		mark := Mark{Pin: p, X: fmt.Sprintf("%.0f", x), Y: fmt.Sprintf("%.0f", y), R: map[string]string{"s": "12", "m": "18", "l": "24"}[p.Size], URL: p.URL}
		if p.URL == "" {
			mark.Text, mark.URL = strconv.Itoa(p.Count), link(p.lat, p.lon, f.Zoom+2)
		}
		c.Marks = append(c.Marks, mark)
	}
	beside := func(dx, dy float64) string {
		at, on := unproject(f.left+f.width*(0.5+dx), f.top+f.height*(0.5+dy), f.Zoom)
		return link(at, on, f.Zoom)
	}
	for _, move := range []page.Hidden{
		{Name: "in", Value: link(latitude, longitude, f.Zoom+1)}, {Name: "out", Value: link(latitude, longitude, f.Zoom-1)},
		{Name: "north", Value: beside(0, -0.5)}, {Name: "south", Value: beside(0, 0.5)}, {Name: "west", Value: beside(-0.5, 0)}, {Name: "east", Value: beside(0.5, 0)},
	} {
		c.Moves = append(c.Moves, page.Hidden{Name: v.Words.T("map.move." + move.Name), Value: move.Value})
	}
	return c
}

func degrees(of float64) string { return strconv.FormatFloat(of, 'f', 5, 64) }

// Whole is the map of the whole city without its pins, for a page that shows it before anybody asks for more.
func Whole(v *page.Visit) (Canvas, error) {
	outlines, err := client.Outlines(v.R.Context(), v.API())
	if err != nil {
		return Canvas{}, err
	}
	return Draw(v, Around(v.Site.Map.Latitude, v.Site.Map.Longitude, FirstZoom, Width, Height), func(float64, float64, int) string { return "/peta" }, "", outlines, nil), nil
}
