// Package city shows the city as a whole: the map, its figures, and feeds to read elsewhere. Everything is drawn on the server, so that it can be
// seen and printed without scripts; with them the map can be moved and hears of new reports.
package city

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// Outlines are the districts for the map in the browser: [{"name": "Andir", "outline": [[latitude, longitude], ...]}, ...].
func Outlines(v *page.Visit) error {
	answer, err := client.Outlines(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	type district struct {
		Name    string       `json:"name"`
		Outline [][2]float64 `json:"outline"`
	}
	all := make([]district, len(answer.Districts))
	for i, d := range answer.Districts {
		all[i].Name = d.Name
		for _, p := range d.Outline {
			all[i].Outline = append(all[i].Outline, [2]float64{p.Latitude, p.Longitude})
		}
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/json")
	v.W.Header().Set("Cache-Control", "public, max-age=3600")
	return same(v, raw, time.Time{})
}

// same sends content, or nothing to who has it already.
func same(v *page.Visit, content []byte, changed time.Time) error {
	sum := sha256.Sum256(content)
	v.W.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(v.W, v.R, "", changed, bytes.NewReader(content))
	return nil
}
