// Package anonymous is for who reports without a name. The page lies outside of where sessions live, so the browser does not tell who is signed in,
// and the report itself never passes through the portal: the browser hands it to the API, as nobody, with a token that it has made good itself.
// The one thing that happens under a name is to have tokens signed, which the browser has blinded before (tokens.go); see decision 25.
package anonymous

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// What the API takes at most.
const (
	mostTitle, mostBody, mostAddress, mostAnswer = 120, 10_000, 300, 1000
)

// said are the sentences that the page says as it goes along: those that begin with one of these.
var said = []string{
	"anon.kind.", "anon.media.", "anon.preview", "anon.review.", "anon.tokens", "anon.sent.", "anon.offline", "anon.down", "anon.spent", "anon.sending", "anon.work",
	"compose.title.needed", "compose.body.needed", "compose.place.line", "compose.answer.needed", "compose.place.wrong", "compose.too_long", "compose.stopped", "compose.kind.ours", "error.internal.text",
}

type view struct {
	page.Frame
	Headline, Body, Kind, Address, Latitude, Longitude, Media page.Field
	Categories                                                []category
	Area                                                      page.Map
	MiddleLat, MiddleLon                                      string
	Said                                                      string
	Steps                                                     []step
}

// category is one to choose; its questions come on when it is chosen.
type category struct {
	ID, Code, Name, Department string
	Questions                  []question
}

type question struct {
	Code     string
	Required bool
	Field    page.Field
	Choices  []choice
}

// choice is an answer; one with Stop ends the form with what it says.
type choice struct{ Value, Label, Stop string }

// step is one screen on a phone; on a desk all of them stand below each other.
type step struct{ Name, Heading, Progress string }

// Write shows the form. It is the same for everybody.
func Write(v *page.Visit) error {
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	t := v.Words.T
	shown := view{
		Frame:     v.Frame(t("anon.title"), t("anon.promise")),
		Headline:  page.Field{Name: "title", ID: "title", Label: t("compose.title.label"), Hint: t("anon.title.hint"), Most: mostTitle, Complete: "off", Required: true},
		Body:      page.Field{Name: "body", ID: "body", Label: t("compose.body.label"), Hint: t("anon.body.hint"), Most: mostBody, Required: true},
		Kind:      page.Field{Name: "category", ID: "category", Label: t("compose.kind.all")},
		Address:   page.Field{Name: "address", ID: "address", Label: t("compose.address"), Hint: t("anon.address.hint"), Most: mostAddress, Complete: "off"},
		Latitude:  page.Field{Name: "latitude", ID: "latitude", Label: t("compose.latitude"), Mode: "decimal", Complete: "off"},
		Longitude: page.Field{Name: "longitude", ID: "longitude", Label: t("compose.longitude"), Mode: "decimal", Complete: "off"},
		Media:     page.Field{Name: "media", ID: "media", Label: t("anon.media"), Hint: t("anon.media.hint")},
		// No tiles: whoever serves them would see who looks at which corner of the city, shortly before a report about it comes in.
		MiddleLat: strconv.FormatFloat(v.Site.Map.Latitude, 'f', -1, 64), MiddleLon: strconv.FormatFloat(v.Site.Map.Longitude, 'f', -1, 64),
	}
	shown.Modules, shown.Styles = []string{"anonymous.js", "map.js"}, []string{"map.css", "anonymous.css"}
	names := []string{"cerita", "jenis", "tempat", "kirim"}
	for i, name := range names {
		shown.Steps = append(shown.Steps, step{
			Name: name, Heading: t("anon.step." + name), Progress: t("anon.progress", "step", strconv.Itoa(i+1), "steps", strconv.Itoa(len(names))),
		})
	}
	for _, c := range city.Categories {
		shown.Categories = append(shown.Categories, categoryOf(v, c))
	}
	words, err := json.Marshal(v.Words.With(said...))
	if err != nil {
		return err
	}
	shown.Said = string(words)
	return v.Show(http.StatusOK, content(shown))
}

func categoryOf(v *page.Visit, c client.CityCategoriesCategory) category {
	made := category{ID: c.Id, Code: c.Code, Name: c.Name, Department: c.Department.Name}
	for i, q := range c.Questions {
		asked := question{Code: q.Code, Required: q.Required, Field: page.Field{
			Name: c.Code + "-" + q.Code, ID: c.Code + "-" + strconv.Itoa(i), Label: q.Label, Most: mostAnswer,
		}}
		if !q.Required {
			asked.Field.Label += " " + v.Words.T("compose.optional")
		}
		for _, a := range q.Choices {
			stop := ""
			if a.Stop != nil {
				stop = *a.Stop
			}
			asked.Choices = append(asked.Choices, choice{a.Value, a.Label, stop})
		}
		made.Questions = append(made.Questions, asked)
	}
	return made
}

// asking are the categories that have questions.
func (v view) asking() []category {
	return slices.DeleteFunc(slices.Clone(v.Categories), func(c category) bool { return len(c.Questions) == 0 })
}
