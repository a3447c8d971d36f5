package importer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
)

// sf311 reads service requests of the city of San Francisco ("311 Cases" of its open data), one a row.
type sf311 struct {
	columns    map[string]int
	categories *categoryTable
	bounds     civic.Bounds
	now        time.Time
}

// The columns that are read; the file may have others.
const (
	sfKey        = "unique_key"
	sfCreated    = "created_date"
	sfClosed     = "closed_date"
	sfStatus     = "status"
	sfNotes      = "status_notes"
	sfAgency     = "agency_name"
	sfCategory   = "category"
	sfComplaint  = "complaint_type"
	sfDescriptor = "descriptor"
	sfAddress    = "incident_address"
	sfSource     = "source"
	sfMedia      = "media_url"
	sfLatitude   = "latitude"
	sfLongitude  = "longitude"
)

var sfColumns = []string{
	sfKey, sfCreated, sfClosed, sfStatus, sfNotes, sfAgency, sfCategory, sfComplaint, sfDescriptor, sfAddress, sfSource, sfMedia,
	sfLatitude, sfLongitude,
}

// sfBeginning is a key and a date: no line of a note looks like that.
var sfBeginning = regexp.MustCompile(`^"?[^",\s]+"?,"?\d{4}-\d{2}-\d{2}[ T]`)

func beginsSF311(line []byte) bool { return sfBeginning.Match(line) }

func openSF311(header []string, city *civic.City, now time.Time) (reader, error) {
	columns := map[string]int{}
	for i, name := range header {
		columns[strings.TrimSpace(name)] = i
	}
	for _, name := range sfColumns {
		if _, found := columns[name]; !found {
			return nil, fmt.Errorf("the file is not of the format sf311: its first line has no column %s", name)
		}
	}
	categories, err := newCategoryTable(sf311Categories, city)
	if err != nil {
		return nil, err
	}
	return &sf311{columns: columns, categories: categories, bounds: city.Bounds, now: now}, nil
}

// key is left out of what people read when it is not one.
func (f *sf311) key(fields []string) string {
	key, err := civic.CheckText(sfKey, fields[f.columns[sfKey]], maxKey)
	if err != nil {
		return ""
	}
	return key
}

const maxKey = 64

// history is the request as a report. A closing date of a request that is open is not believed, nor is one missing forgiven.
func (f *sf311) history(fields []string) (casework.History, error) {
	var none casework.History
	row := func(column string) string { return strings.TrimSpace(fields[f.columns[column]]) }
	key, err := civic.CheckText(sfKey, row(sfKey), maxKey)
	if err != nil {
		return none, err
	}
	h := casework.History{
		Origin: "sf311:" + key, Category: f.categories.find(row(sfCategory), row(sfComplaint), row(sfDescriptor)), Remarks: row(sfNotes),
	}
	if h.FiledAt, err = f.date(sfCreated, row(sfCreated)); err != nil {
		return none, err
	}
	if strings.EqualFold(h.Remarks, row(sfStatus)) {
		h.Remarks = "" // many notes only repeat the status
	}
	switch status := row(sfStatus); {
	case strings.EqualFold(status, "closed"):
		closed, err := f.date(sfClosed, row(sfClosed))
		if err != nil {
			return none, err
		}
		h.ClosedAt = &closed
	case !strings.EqualFold(status, "open"):
		return none, errors.New(sfStatus + ": neither Open nor Closed")
	}
	address := row(sfAddress)
	if address == sfNoAddress {
		address = ""
	}
	if h.Place, err = f.place(row(sfLatitude), row(sfLongitude), address); err != nil {
		return none, err
	}
	h.Title = cut(sfTitle(row, address), civic.MaxTitle)
	h.Body = sfBody(row, key, address)
	return h, nil
}

const sfNoAddress = "Not associated with a specific address"

var sfDates = []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST", time.RFC3339}

func (f *sf311) date(column, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, errors.New(column + ": missing")
	}
	for _, layout := range sfDates {
		if t, err := time.Parse(layout, text); err == nil {
			if t.After(f.now) {
				return t, errors.New(column + ": in the future")
			}
			return t, nil
		}
	}
	return time.Time{}, errors.New(column + ": not a date")
}

// place is where the request would be in our city; nil for the point 0, 0 and others outside San Francisco, which is how the file says
// "unknown".
func (f *sf311) place(latitude, longitude, address string) (*civic.Place, error) {
	if latitude == "" || longitude == "" {
		return nil, nil
	}
	lat, err := strconv.ParseFloat(latitude, 64)
	if err != nil {
		return nil, errors.New(sfLatitude + ": not a number")
	}
	lon, err := strconv.ParseFloat(longitude, 64)
	if err != nil {
		return nil, errors.New(sfLongitude + ": not a number")
	}
	if !sanFrancisco.Contains(lat, lon) {
		return nil, nil
	}
	lat, lon = moved(lat, lon, sanFrancisco, f.bounds)
	return &civic.Place{Latitude: lat, Longitude: lon, Address: address}, nil
}

// sfTitle is what the request is about, said once, and where.
func sfTitle(row func(string) string, address string) string {
	var said []string
	for _, column := range []string{sfCategory, sfComplaint, sfDescriptor} {
		part := oneLine(strings.ReplaceAll(row(column), "_", " "))
		part = strings.TrimSuffix(strings.TrimSuffix(part, " -"), " - other")
		if part == "" || part == "na" || strings.EqualFold(part, "other") || contained(part, said) {
			continue
		}
		said = append(slices.DeleteFunc(said, func(earlier string) bool { return contained(earlier, []string{part}) }), part)
	}
	title := strings.Join(said, ", ")
	if street, _, _ := strings.Cut(address, ","); street != "" {
		title += ": " + oneLine(street)
	}
	return title
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func contained(part string, in []string) bool {
	return strings.Contains(strings.ToLower(strings.Join(in, "\n")), strings.ToLower(part))
}

// sfBody holds what the file tells of the request, in the file's own words.
func sfBody(row func(string) string, key, address string) string {
	var lines []string
	for _, line := range []struct{ label, text string }{
		{"Category", row(sfCategory)}, {"Type", row(sfComplaint)}, {"Detail", row(sfDescriptor)}, {"Address", address},
		{"Agency", row(sfAgency)}, {"Received by", row(sfSource)}, {"Picture", row(sfMedia)},
		{"Request", key + " (San Francisco 311)"},
	} {
		if line.text != "" {
			lines = append(lines, line.label+": "+line.text)
		}
	}
	return strings.Join(lines, "\n")
}

// cut shortens text to limit code points, at the end of a word, and shows that it did.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	kept := string([]rune(text)[:limit-1])
	if end := strings.LastIndexByte(kept, ' '); end > len(kept)/2 {
		kept = kept[:end]
	}
	return strings.TrimRight(kept, " ,;:-") + "…"
}
