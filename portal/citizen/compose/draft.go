// Package compose is how a report is written. All of the form is in the page: without scripts one of four steps is shown at a time, and what was
// typed in the others travels in their hidden fields, so the portal keeps nothing of a report before it is sent, and neither a session that ends
// nor a server that is away loses a word. With scripts (static/build/src/compose.mjs) the same sections are one page on a desk and turn over without
// asking the server on a phone, and the report is sent in the background.
package compose

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"

	"github.com/jagawarga/jagawarga/portal/page"
)

// The steps, in their order.
const (
	stepStory, stepKind, stepPlace, stepSend = "cerita", "jenis", "tempat", "kirim"
)

var steps = []string{stepStory, stepKind, stepPlace, stepSend}

// The names of the fields. All of a draft begins with d_, which is how the account pages know what to bring along.
const (
	nameTitle, nameBody                        = "d_title", "d_body"
	nameCategory, nameOther, nameAsked         = "d_category", "d_other", "d_asked"
	answerPrefix                               = "d_a_"
	nameAddress, nameLatitude, nameLongitude   = "d_address", "d_latitude", "d_longitude"
	nameVisibility, nameKey                    = "d_visibility", "d_key"
	nameStep, nameTo, nameNIK, namePassword    = "langkah", "ke", "nik", "sandi"
	nameMedia, nameAs                          = "foto", "sebagai"
	other                                      = "-" // as category: the one chosen from the whole list
	mostTitle, mostBody, mostAddress, mostText = 120, 10_000, 300, 1000
)

// draft is a report as far as it is written.
type draft struct {
	Title, Body string
	// Category is a code; empty: whoever takes it in may choose. Asked is the category whose questions were shown.
	Category, Asked              string
	Answers                      map[string]string
	Address, Latitude, Longitude string
	Visibility, Key              string
}

func newDraft() draft { return draft{Key: rand.Text(), Answers: map[string]string{}} }

func read(form page.Form) draft {
	d := draft{
		Title: form.Get(nameTitle), Body: form.Get(nameBody), Category: form.Get(nameCategory), Asked: form.Get(nameAsked),
		Address: form.Get(nameAddress), Latitude: form.Get(nameLatitude), Longitude: form.Get(nameLongitude),
		Visibility: form.Get(nameVisibility), Key: form.Get(nameKey), Answers: map[string]string{},
	}
	if d.Category == other {
		d.Category = form.Get(nameOther)
	}
	if len(d.Key) < 16 || len(d.Key) > 64 {
		d.Key = rand.Text()
	}
	for name := range form.Values {
		if code, found := strings.CutPrefix(name, answerPrefix); found {
			d.Answers[code] = form.Get(name)
		}
	}
	return d
}

// whole is the draft as it is sent. Who is in a hurry writes one of title and text; the other is made of it.
func (d draft) whole() draft {
	if d.Title == "" {
		line, _, _ := strings.Cut(d.Body, "\n")
		letters := []rune(strings.TrimSpace(line))
		if len(letters) > mostTitle {
			letters = append(letters[:mostTitle-1], '…')
		}
		d.Title = string(letters)
	}
	if d.Body == "" {
		d.Body = d.Title
	}
	return d
}

// point is the place in degrees; ok is false where there is none or where it is no place.
func (d draft) point() (latitude, longitude float64, ok bool) {
	latitude, err1 := strconv.ParseFloat(strings.ReplaceAll(d.Latitude, ",", "."), 64)
	longitude, err2 := strconv.ParseFloat(strings.ReplaceAll(d.Longitude, ",", "."), 64)
	return latitude, longitude, err1 == nil && err2 == nil
}

// pinned reports whether anything was said about the point.
func (d draft) pinned() bool { return d.Latitude != "" || d.Longitude != "" }

// after is the next step, before the one before; both stay at the ends.
func after(step string) string {
	return steps[min(slices.Index(steps, step)+1, len(steps)-1)]
}

func before(step string) string { return steps[max(slices.Index(steps, step)-1, 0)] }

// known reports whether it is a step.
func known(step string) bool { return slices.Contains(steps, step) }
