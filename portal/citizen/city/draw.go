package city

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jagawarga/jagawarga/portal/citizen/query"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
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
	x, y     float64
	lat, lon float64
}

func pinOf(v *page.Visit, c client.PinsReportsOnMapMapCluster) Pin {
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
	p.At = place(p.lat, p.lon)
	return p
}

func newPin(v *page.Visit, r client.NewsPublicFeedReportEventReport) Pin {
	status := v.Status(r.Status)
	return Pin{At: place(r.Location.Latitude, r.Location.Longitude), Count: 1, URL: "/r/" + r.Number, Label: r.Title, Status: status.Kind, Word: status.Word, Size: "s"}
}

func place(latitude, longitude float64) string {
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

// draw makes the map of a frame.
func draw(v *page.Visit, f frame, q query.Query, outlines *client.OutlinesResponse, pins []Pin) Canvas {
	latitude, longitude := unproject(f.left+f.width/2, f.top+f.height/2, f.zoom)
	c := Canvas{
		ViewBox: fmt.Sprintf("0 0 %.0f %.0f", f.width, f.height), Latitude: degrees(latitude), Longitude: degrees(longitude), Zoom: strconv.Itoa(f.zoom),
		Tiles: v.Site.Map.Tiles, Attribution: v.Site.Map.Attribution, Query: q.Values().Encode(),
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
			mark.Text, mark.URL = strconv.Itoa(p.Count), address(q, p.lat, p.lon, f.zoom+2)
		}
		c.Marks = append(c.Marks, mark)
	}
	beside := func(dx, dy float64) string {
		at, on := unproject(f.left+f.width*(0.5+dx), f.top+f.height*(0.5+dy), f.zoom)
		return address(q, at, on, f.zoom)
	}
	for _, move := range []page.Hidden{
		{Name: "in", Value: address(q, latitude, longitude, f.zoom+1)}, {Name: "out", Value: address(q, latitude, longitude, f.zoom-1)},
		{Name: "north", Value: beside(0, -0.5)}, {Name: "south", Value: beside(0, 0.5)}, {Name: "west", Value: beside(-0.5, 0)}, {Name: "east", Value: beside(0.5, 0)},
	} {
		c.Moves = append(c.Moves, page.Hidden{Name: v.Words.T("map.move." + move.Name), Value: move.Value})
	}
	return c
}

func degrees(of float64) string { return strconv.FormatFloat(of, 'f', 5, 64) }

// address is the map at a place.
func address(q query.Query, latitude, longitude float64, zoom int) string {
	values := q.Values()
	values.Del(query.Near)
	values.Set(namePlace, place(latitude, longitude))
	values.Set(nameZoom, strconv.Itoa(min(max(zoom, minZoom), maxZoom)))
	return "/peta?" + values.Encode()
}

// Whole is the map of the whole city without its pins, for a page that shows it before anybody asks for more.
func Whole(v *page.Visit) (Canvas, error) {
	outlines, err := client.Outlines(v.R.Context(), v.API())
	if err != nil {
		return Canvas{}, err
	}
	return draw(v, framed(v.Site.Map.Latitude, v.Site.Map.Longitude, firstZoom, width, height), query.Query{}, outlines, nil), nil
}
