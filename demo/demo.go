// Package demo is the demonstration city: departments, categories, districts and invented people on the map of Bandung, from demo.json, and
// what its reports may come from, from causes.json.
// It only reads; the core database and the identity service each take in what is theirs.
package demo

import (
	"bytes"
	_ "embed" // demo.json, causes.json
	"encoding/json"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

//go:embed demo.json
var file []byte

//go:embed causes.json
var causes []byte

// Data is the whole city. Its people sign in with Password; there is no one-time code.
type Data struct {
	Note         string       `json:"note"`
	Password     string       `json:"password"`
	Open311Key   string       `json:"open311Key"`
	Timezone     string       `json:"timezone"` // IANA name
	WorkingHours WorkingHours `json:"workingHours"`
	Bounds       Bounds       `json:"bounds"`
	Departments  []Department `json:"departments"` // parents before children
	Categories   []Category   `json:"categories"`
	Districts    []District   `json:"districts"`
	Holidays     []Holiday    `json:"holidays"`
	Officers     []Officer    `json:"officers"`
	Citizens     []Citizen    `json:"citizens"`
	Causes       []Cause      `json:"-"` // from causes.json
}

// WorkingHours are the days (MON...) and hours (15:04) in which the SLA clock runs.
type WorkingHours struct {
	Days  []string `json:"days"`
	Start string   `json:"start"`
	End   string   `json:"end"`
}

// Bounds is the box around the city, in degrees.
type Bounds struct {
	South float64 `json:"south"`
	West  float64 `json:"west"`
	North float64 `json:"north"`
	East  float64 `json:"east"`
}

// Department names its parent by code; the root has none.
type Department struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn"`
	Parent string `json:"parent"`
	Level  int    `json:"level"`
}

// Category names its parent and its department by code; hours are working hours.
type Category struct {
	Code            string   `json:"code"`
	NameID          string   `json:"nameId"`
	NameEn          string   `json:"nameEn"`
	Parent          string   `json:"parent"`
	Department      string   `json:"department"`
	ResponseHours   int      `json:"responseHours"`
	ResolutionHours int      `json:"resolutionHours"`
	Sensitive       bool     `json:"sensitive"`
	ProofRequired   bool     `json:"proofRequired"`
	PublicOnMap     bool     `json:"publicOnMap"`
	Keywords        []string `json:"keywords"`
}

// District has a closed outline of longitude, latitude pairs, as GeoJSON has it.
type District struct {
	Name      string       `json:"name"`
	Latitude  float64      `json:"latitude"`
	Longitude float64      `json:"longitude"`
	Outline   [][2]float64 `json:"outline"`
}

// Holiday is a date, 2006-01-02, on which nobody works.
type Holiday struct {
	Date string `json:"date"`
	Name string `json:"name"`
}

// Officer signs in with the e-mail address; Department is a code.
type Officer struct {
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	Department string     `json:"department"`
	Role       civic.Role `json:"role"`
}

// Citizen signs in with the national id.
type Citizen struct {
	NationalID string `json:"nationalId"`
	Name       string `json:"name"`
	Phone      string `json:"phone"`
}

// Cause names the category that it is for by code; none: any.
type Cause struct {
	Code     string `json:"code"`
	NameID   string `json:"nameId"`
	NameEn   string `json:"nameEn"`
	Category string `json:"category"`
}

// Load reads the city. A field that Data does not know is an error: nothing of the file is dropped unseen.
func Load() (*Data, error) {
	data := new(Data)
	if err := decode(file, data); err != nil {
		return nil, fmt.Errorf("demo.json: %w", err)
	}
	if err := decode(causes, &data.Causes); err != nil {
		return nil, fmt.Errorf("causes.json: %w", err)
	}
	return data, nil
}

func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// ID is the same in every database. Citizens have no such rule: theirs would tell the national id to whoever tries them all.
func (d Department) ID() civic.DepartmentID { return DepartmentID(d.Code) }

// ID is the same in every database.
func (o Officer) ID() civic.OfficerID {
	return civic.OfficerID{UUID: civic.NamedUUID("officer:" + o.Email)}
}

// DepartmentID is the id of the department with that code.
func DepartmentID(code string) civic.DepartmentID {
	return civic.DepartmentID{UUID: civic.NamedUUID("department:" + code)}
}
