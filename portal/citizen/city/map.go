package city

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jagawarga/jagawarga/portal/citizen/atlas"
	"github.com/jagawarga/jagawarga/portal/citizen/query"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The names in the address of the map: where its middle is and how near it is looked at, and the box of what a browser shows.
const (
	namePlace, nameZoom                      = "di", "dekatkan"
	nameSouth, nameWest, nameNorth, nameEast = "selatan", "barat", "utara", "timur"
)

// listed is how many reports stand beside the map.
const listed = 12

type mapView struct {
	page.Frame
	query.Query
	Choices query.Choices
	atlas.Canvas
	Found
	List string // the same as a list
}

// Found is what lies in a piece of the map: all of it as pins, and the newest of it as a list.
type Found struct {
	Pins  []atlas.Pin
	Cards []page.Card
	Count string
	Say   func(key string, pairs ...string) string
}

// Map shows it.
func Map(v *page.Visit) error {
	asked := v.R.URL.Query()
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	q := query.Of(asked, city)
	latitude, longitude, zoom := v.Site.Map.Latitude, v.Site.Map.Longitude, atlas.FirstZoom
	if at, beside, ok := query.Place(q.Near); ok {
		latitude, longitude, zoom = at, beside, 15
	}
	if at, beside, ok := query.Place(asked.Get(namePlace)); ok {
		latitude, longitude, zoom = at, beside, 15
	}
	if n, err := strconv.Atoi(asked.Get(nameZoom)); err == nil {
		zoom = n
	}
	f := atlas.Around(latitude, longitude, zoom, atlas.Width, atlas.Height)
	shown := mapView{Frame: v.Frame(v.Words.T("map.title"), v.Words.T("map.description")), Query: q, Choices: q.Choices(v, city), List: q.Address("/laporan")}
	shown.Modules, shown.Styles = append(shown.Modules, "city.js"), append(shown.Styles, "city.css")
	shown.Feed = q.Atom()
	if shown.Found, err = find(v, city, q, f.Bounds(), f.Zoom); err != nil {
		return err
	}
	outlines, err := client.Outlines(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	shown.Canvas = atlas.Draw(v, f, link(q), q.Values().Encode(), outlines, shown.Pins)
	return v.Show(http.StatusOK, mapPage(shown))
}

// link is the map around a place, narrowed as it is now.
func link(q query.Query) atlas.Link {
	return func(latitude, longitude float64, zoom int) string {
		values := q.Values()
		values.Del(query.Near)
		values.Set(namePlace, atlas.Place(latitude, longitude))
		values.Set(nameZoom, strconv.Itoa(zoom))
		return "/peta?" + values.Encode()
	}
}

// Around is what lies in the box that a browser shows.
func Around(v *page.Visit) error {
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	asked := v.R.URL.Query()
	box, ok := boxOf(asked)
	zoom, err := strconv.Atoi(asked.Get(nameZoom))
	if !ok || err != nil {
		return &client.Fault{Code: "INVALID_INPUT"}
	}
	found, err := find(v, city, query.Of(asked, city), box, min(max(zoom, 0), atlas.MaxZoom))
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, Near(found))
}

func boxOf(asked url.Values) (box client.BoundsInput, ok bool) {
	ok = true
	for name, into := range map[string]*float64{nameSouth: &box.South, nameWest: &box.West, nameNorth: &box.North, nameEast: &box.East} {
		degrees, err := strconv.ParseFloat(asked.Get(name), 64)
		*into, ok = degrees, ok && err == nil && degrees >= -180 && degrees <= 180
	}
	box.South, box.North = max(box.South, -90), min(box.North, 90)
	return box, ok && box.South <= box.North && box.West <= box.East
}

// find asks for the pins and the newest reports of a box. "Near me" has chosen the place already and narrows no more.
func find(v *page.Visit, city *client.CityResponse, q query.Query, box client.BoundsInput, zoom int) (Found, error) {
	filter := q.Filter(v.Site.Now())
	filter.Within = nil
	pins, err := client.Pins(v.R.Context(), v.API(), box, zoom, filter)
	if err != nil {
		return Found{}, err
	}
	found := Found{Say: v.Words.T}
	count := 0
	for _, cluster := range pins.ReportsOnMap {
		count += cluster.Count
		found.Pins = append(found.Pins, atlas.PinOf(v, cluster))
	}
	found.Count = v.Words.T("map.count", "count", strconv.Itoa(count))
	filter.Within = &box
	if filter.Categories == nil {
		filter.Categories = onMap(city)
	}
	list, err := client.Feed(v.R.Context(), v.API(), filter, client.ReportOrderNewest, listed, nil)
	if err != nil {
		return Found{}, err
	}
	found.Cards = v.Cards(list.PublicReports.Nodes, "/r/")
	return found, nil
}

// onMap are the categories that the map shows: the list beside it shows no others.
func onMap(city *client.CityResponse) []string {
	ids := []string{}
	for _, c := range city.Categories {
		if c.PublicOnMap {
			ids = append(ids, c.Id)
		}
	}
	return ids
}

// MapLive tells of reports that come within the box that a browser shows.
func MapLive(v *page.Visit) error {
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	asked := v.R.URL.Query()
	box, ok := boxOf(asked)
	if !ok {
		return &client.Fault{Code: "INVALID_INPUT"}
	}
	q := query.Of(asked, city)
	return v.Live(func(ctx context.Context, s *page.Stream, after string) error {
		variables := map[string]any{"within": box}
		if after != "" {
			variables["after"] = after
		}
		return client.Listen(ctx, v.API(), client.News_Operation, variables, func(told *client.NewsResponse) error {
			event := told.PublicFeed
			if event.Kind != client.ReportEventKindCreated || !q.Wants(event.Report) || !event.Report.Category.PublicOnMap || event.Report.Location == nil {
				return nil
			}
			return s.Send(event.Cursor, atlas.PinItem(atlas.NewPin(v, event.Report)))
		})
	})
}
