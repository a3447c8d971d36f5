package open311

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/civic"
)

// values are what a request says, by name.
type values url.Values

// readQuery reads the address of a request.
func readQuery(r *http.Request) (values, error) {
	parsed, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, civic.Invalid("", "open311.query")
	}
	return checked(parsed)
}

// checked refuses what no database text can hold.
func checked(parsed url.Values) (values, error) {
	for name, all := range parsed {
		for _, value := range append(all, name) {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return nil, civic.Invalid("", "open311.query")
			}
		}
	}
	return values(parsed), nil
}

func (v values) get(name string) string { return strings.TrimSpace(url.Values(v).Get(name)) }

// list is a value with commas; nil if there is nothing.
func (v values) list(name string) []string {
	var all []string
	for _, value := range v[name] {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				all = append(all, item)
			}
		}
	}
	return all
}

// layouts are the forms of W3C dates that we take; those without a zone are in the city's.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly}

// date is nil if there is none. A plus sign that was not escaped has become a space.
func (v values) date(name string, zone *time.Location) (*time.Time, error) {
	text := strings.ReplaceAll(v.get(name), " ", "+")
	if text == "" {
		return nil, nil
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil && t.Year() > 0 && t.Year() < 10_000 {
			return &t, nil
		}
	}
	return nil, civic.Invalid(name, "open311.date")
}

// count is a whole number within limits; fallback if there is none.
func (v values) count(name string, fallback, least, most int) (int, error) {
	text := v.get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, civic.Invalid(name, "open311.number", "min", strconv.Itoa(least), "max", strconv.Itoa(most))
	}
	return n, nil
}

// point is where lat and long say; nil if they say nothing.
func (v values) point() (*civic.Point, error) {
	lat, long := v.get("lat"), v.get("long")
	if lat == "" && long == "" {
		return nil, nil
	}
	latitude, err := degrees(lat, 90)
	if err != nil {
		return nil, civic.Invalid("lat", "open311.lat_long")
	}
	longitude, err := degrees(long, 180)
	if err != nil {
		return nil, civic.Invalid("long", "open311.lat_long")
	}
	return &civic.Point{Latitude: latitude, Longitude: longitude}, nil
}

func degrees(text string, most float64) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err == nil && !(math.Abs(n) <= most) {
		err = strconv.ErrRange
	}
	return n, err
}
