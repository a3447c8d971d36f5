package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
)

// record is what both kinds of file tell; it is nothing that a reporter could be known by.
type record struct {
	Count      int      `json:"count"`
	Number     string   `json:"number,omitempty"`
	Title      string   `json:"title,omitempty"`
	Status     string   `json:"status,omitempty"`
	Priority   string   `json:"priority,omitempty"`
	Category   string   `json:"category,omitempty"`
	Department string   `json:"department,omitempty"`
	District   string   `json:"district,omitempty"`
	Created    string   `json:"created,omitempty"` // of anonymous reports the month
	Answered   string   `json:"answered,omitempty"`
	Resolved   string   `json:"resolved,omitempty"`
	Closed     string   `json:"closed,omitempty"`
	Level      int      `json:"escalationLevel"`
	Upvotes    int      `json:"upvotes"`
	Latitude   *float64 `json:"-"`
	Longitude  *float64 `json:"-"`
}

func newRecord(city *civic.City, row *insight.Listed) record {
	r := record{
		Count: 1, Number: row.Number, Status: string(row.Status), Priority: string(row.Priority), Category: categoryOf(city, row.Category),
		Department: departmentOf(city, row.Department), Created: row.Created.UTC().Format(time.RFC3339), Answered: instant(row.Answered),
		Resolved: instant(row.Resolved), Closed: instant(row.Closed), Level: row.Level, Upvotes: row.Upvotes,
	}
	if row.District != nil {
		r.District = districtOf(city, *row.District)
	}
	if row.Public {
		r.Title = row.Title
		if row.Place != nil {
			r.Latitude, r.Longitude = &row.Place.Latitude, &row.Place.Longitude
		}
	}
	return r
}

func newKindRecord(city *civic.City, month string, kind insight.Kin, count int) record {
	return record{
		Count: count, Created: month, Status: string(kind.Status), Category: categoryOf(city, kind.Category),
		Department: departmentOf(city, kind.Department), District: districtOf(city, kind.District),
	}
}

func categoryOf(city *civic.City, id civic.CategoryID) string {
	if category := city.Category(id); category != nil {
		return category.Code
	}
	return ""
}

func departmentOf(city *civic.City, id civic.DepartmentID) string {
	if department := city.Department(id); department != nil {
		return department.Code
	}
	return ""
}

func districtOf(city *civic.City, id civic.DistrictID) string {
	if district := city.District(id); district != nil {
		return district.Name
	}
	return ""
}

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// table is a file of comma-separated values (RFC 4180), with the mark by which spreadsheets know UTF-8.
type table struct {
	to io.Writer
	w  *csv.Writer
}

const utf8Mark = "\ufeff"

func newCSV(to io.Writer) table {
	w := csv.NewWriter(to)
	w.UseCRLF = true
	return table{to, w}
}

func (t table) begin() error {
	if _, err := io.WriteString(t.to, utf8Mark); err != nil {
		return err
	}
	return t.w.Write([]string{
		"count", "number", "title", "status", "priority", "category", "department", "district", "created", "answered", "resolved", "closed",
		"escalation_level", "upvotes", "latitude", "longitude",
	})
}

func (t table) report(city *civic.City, row *insight.Listed) error {
	return t.write(newRecord(city, row))
}

func (t table) kind(city *civic.City, month string, kind insight.Kin, count int) error {
	return t.write(newKindRecord(city, month, kind, count))
}

func (t table) write(r record) error {
	return t.w.Write([]string{
		strconv.Itoa(r.Count), r.Number, harmless(r.Title), r.Status, r.Priority, harmless(r.Category), harmless(r.Department), harmless(r.District),
		r.Created, r.Answered, r.Resolved, r.Closed, strconv.Itoa(r.Level), strconv.Itoa(r.Upvotes), degrees(r.Latitude), degrees(r.Longitude),
	})
}

func (t table) end() error {
	t.w.Flush()
	return t.w.Error()
}

func degrees(d *float64) string {
	if d == nil {
		return ""
	}
	return strconv.FormatFloat(*d, 'f', 6, 64)
}

// harmless keeps a spreadsheet from taking somebody's words for a formula (OWASP: CSV injection).
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

// geoJSON is a FeatureCollection (RFC 7946); what has no place to be told has no geometry.
type geoJSON struct {
	w    io.Writer
	some bool
}

type feature struct {
	Type       string `json:"type"`
	Geometry   *point `json:"geometry"`
	Properties record `json:"properties"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

func (g *geoJSON) begin() error {
	_, err := io.WriteString(g.w, `{"type":"FeatureCollection","features":[`)
	return err
}

func (g *geoJSON) report(city *civic.City, row *insight.Listed) error {
	return g.write(newRecord(city, row))
}

func (g *geoJSON) kind(city *civic.City, month string, kind insight.Kin, count int) error {
	return g.write(newKindRecord(city, month, kind, count))
}

func (g *geoJSON) write(r record) error {
	f := feature{Type: "Feature", Properties: r}
	if r.Latitude != nil {
		f.Geometry = &point{"Point", [2]float64{*r.Longitude, *r.Latitude}}
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	separator := ",\n"
	if !g.some {
		separator, g.some = "\n", true
	}
	_, err = io.WriteString(g.w, separator+string(text))
	return err
}

func (g *geoJSON) end() error {
	_, err := io.WriteString(g.w, "\n]}\n")
	return err
}
