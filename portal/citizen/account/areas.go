package account

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The names of the form.
const nameLatitude, nameLongitude, nameRadius, nameCategory, nameArea = "lintang", "bujur", "jarak", "kategori", "wilayah"

// radii are what there is to choose from, in metres.
var radii = []int{250, 500, 1000, 2000, 5000, 10000}

const usualRadius = 1000

// area is a circle that somebody hears from.
type area struct {
	ID, Name, About               string
	Latitude, Longitude, InMetres string // for the map
}

type areaForm struct {
	page.Frame
	Map                  page.Map
	MiddleLat, MiddleLon string
	Latitude, Longitude  page.Field
	Radius, Category     page.Field
	Radii, Categories    []page.Choice
	Held                 []area
	Problem              string
}

func areas(v *page.Visit, held []client.WishesAreaAlertsAreaAlert) []area {
	all := make([]area, len(held))
	for i, a := range held {
		all[i] = area{
			ID: a.Id, Name: v.Words.T("areas.somewhere"), About: v.Words.T("areas.about.all", "radius", distance(a.RadiusMeters)),
			Latitude: degrees(a.Location.Latitude), Longitude: degrees(a.Location.Longitude), InMetres: strconv.Itoa(a.RadiusMeters),
		}
		if a.Location.District != nil {
			all[i].Name = a.Location.District.Name
		}
		if len(a.Categories) > 0 {
			names := make([]string, len(a.Categories))
			for j, c := range a.Categories {
				names[j] = c.Name
			}
			all[i].About = v.Words.T("areas.about", "radius", distance(a.RadiusMeters), "categories", strings.Join(names, ", "))
		}
	}
	return all
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// distance is how people say it.
func distance(metres int) string {
	if metres%1000 == 0 {
		return strconv.Itoa(metres/1000) + " km"
	}
	return strconv.Itoa(metres) + " m"
}

// Areas shows the map to draw a circle on, with those that there are.
func Areas(v *page.Visit) error {
	shown, err := drawing(v, page.Form{}, nil)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, draw(shown))
}

// SaveArea adds a circle.
func SaveArea(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	latitude, err1 := number(sent.Get(nameLatitude))
	longitude, err2 := number(sent.Get(nameLongitude))
	if err1 == nil && err2 == nil {
		radius, _ := strconv.Atoi(sent.Get(nameRadius)) // none is refused by the API, with its reason
		var categories []string
		if category := sent.Get(nameCategory); category != "" {
			categories = []string{category}
		}
		_, err = client.SaveArea(v.R.Context(), v.API(), client.LocationInput{Latitude: latitude, Longitude: longitude}, radius, categories)
	} else {
		err = &client.Fault{Code: "INVALID_INPUT", Field: "location", Message: v.Words.T("areas.place.needed")}
	}
	if fault := (*client.Fault)(nil); errors.As(err, &fault) && fault.Message != "" {
		shown, err := drawing(v, sent, fault)
		if err != nil {
			return err
		}
		return v.Show(http.StatusUnprocessableEntity, draw(shown))
	}
	if err != nil {
		return err
	}
	v.Go(settingsPath + "#wilayah")
	return nil
}

// number reads degrees with a point or a comma.
func number(text string) (float64, error) {
	return strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
}

// drawing is the form as it was sent.
func drawing(v *page.Visit, sent page.Form, wrong *client.Fault) (areaForm, error) {
	t := v.Words.T
	answer, err := client.Wishes(v.R.Context(), v.API())
	if err != nil {
		return areaForm{}, err
	}
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return areaForm{}, err
	}
	value := func(name string) string { return strings.TrimSpace(sent.Values.Get(name)) }
	shown := areaForm{
		Frame: v.Frame(t("areas.title"), ""), Map: v.Site.Map, MiddleLat: degrees(v.Site.Map.Latitude), MiddleLon: degrees(v.Site.Map.Longitude),
		Held:      areas(v, answer.AreaAlerts),
		Latitude:  page.Field{Name: nameLatitude, ID: "latitude", Label: t("compose.latitude"), Value: value(nameLatitude), Mode: "decimal"},
		Longitude: page.Field{Name: nameLongitude, ID: "longitude", Label: t("compose.longitude"), Value: value(nameLongitude), Mode: "decimal"},
		Radius:    page.Field{Name: nameRadius, ID: "jarak", Label: t("areas.radius")},
		Category:  page.Field{Name: nameCategory, ID: "kategori", Label: t("areas.category")},
	}
	shown.Modules, shown.Styles = append(shown.Modules, "areas.js"), append(shown.Styles, "map.css", "account.css")
	chosen := value(nameRadius)
	if chosen == "" {
		chosen = strconv.Itoa(usualRadius)
	}
	for _, metres := range radii {
		shown.Radii = append(shown.Radii, page.Choice{Value: strconv.Itoa(metres), Label: distance(metres), Chosen: strconv.Itoa(metres) == chosen})
	}
	for _, c := range city.Categories {
		shown.Categories = append(shown.Categories, page.Choice{Value: c.Id, Label: c.Name, Chosen: c.Id == value(nameCategory)})
	}
	if wrong != nil {
		switch wrong.Field {
		case "location":
			shown.Latitude.Problem = wrong.Message
		case "radiusMeters":
			shown.Radius.Problem = wrong.Message
		case "categories":
			shown.Category.Problem = wrong.Message
		default:
			shown.Problem = wrong.Message
		}
	}
	return shown, nil
}

// DeleteArea ends one.
func DeleteArea(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	if _, err := client.DeleteArea(v.R.Context(), v.API(), sent.Get(nameArea)); err != nil && client.Code(err) != "NOT_FOUND" { // gone is gone
		return err
	}
	v.Go(settingsPath + "#wilayah")
	return nil
}
