package compose

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/locale"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// help is what the city says to a report while it is written: which kind it may be, what is asked of that kind, what is near by already.
type help struct {
	T          func(key string, pairs ...string) string
	Kind, All  page.Field
	Suggested  []page.Choice
	Categories []page.Choice
	Asked      string // the category whose questions these are
	Sensitive  bool   // of that category, nothing is shown to others unless its reporter wants it
	Questions  []asked
	Stop       string // what an answer that ends the form says
	Outside    string // what is wrong with the place
	Similar    []near
}

// asked is a question of the category.
type asked struct {
	Field   page.Field
	Choices []page.Choice
}

// near is a report that may be about the same thing; Support is where support for it is sent.
type near struct {
	page.Card
	Support string
}

// Help says it to a script, as HTML. It lies outside of session.Path and is asked without cookies: whose words these are cannot be told, and so
// somebody may still decide to stay anonymous.
func Help(v *page.Visit) error {
	form, err := v.Form()
	defer form.Release()
	if err != nil {
		return err
	}
	v.Words = locale.In(form.Get("bahasa")) // no cookie says so
	d := read(form)
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	h := help{T: v.Words.T}
	d.Category = h.kinds(v, d, city, nil, true)
	kind := h.ask(v, d, city, nil)
	h.near(v, d, kind)
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(http.StatusOK, helped(h))
}

// kinds lists the categories, and first, if they are wanted, those that the words suggest; while suggestions cannot be had there are none. It
// returns the code of the one that is chosen.
func (h *help) kinds(v *page.Visit, d draft, city *client.CityResponse, wrong problems, suggest bool) string {
	t := v.Words.T
	h.Kind = page.Field{Name: nameCategory, ID: "kind", Label: t("compose.kind.suggested")}
	h.All = page.Field{Name: nameOther, ID: "all", Label: t("compose.kind.all"), Problem: wrong[nameOther]}
	chosen := ""
	if text := cut(d.Title + "\n" + d.Body); suggest && text != "\n" {
		if found, err := client.Suggest(v.R.Context(), v.API(), text); err == nil {
			for _, s := range found.SuggestCategories[:min(len(found.SuggestCategories), 3)] {
				i := slices.IndexFunc(city.Categories, func(c category) bool { return c.Id == s.Id })
				if i < 0 {
					continue
				}
				c := city.Categories[i]
				is := d.Category == c.Code || d.Category == "" && d.Asked == "" && len(h.Suggested) == 0
				if is {
					chosen = c.Code
				}
				h.Suggested = append(h.Suggested, page.Choice{Value: c.Code, Label: c.Name, Hint: c.Department.Name, Chosen: is})
			}
		}
	}
	if len(h.Suggested) > 0 {
		h.Suggested = append(h.Suggested, page.Choice{Value: other, Label: t("compose.kind.other"), Chosen: chosen == ""})
	}
	for _, c := range city.Categories {
		h.Categories = append(h.Categories, page.Choice{Value: c.Code, Label: c.Name, Chosen: chosen == "" && c.Code == d.Category})
	}
	slices.SortStableFunc(h.Categories, func(a, b page.Choice) int { return cmp.Compare(a.Label, b.Label) })
	return cmp.Or(chosen, d.Category)
}

// ask fills in the questions of the draft's category, which it returns; nil where none is chosen.
func (h *help) ask(v *page.Visit, d draft, city *client.CityResponse, wrong problems) *category {
	i := slices.IndexFunc(city.Categories, func(c category) bool { return c.Code == d.Category })
	if i < 0 {
		return nil
	}
	kind := &city.Categories[i]
	h.Asked, h.Sensitive, h.Stop = kind.Code, kind.Sensitive, stopped(d, kind)
	for i, q := range kind.Questions {
		a := asked{Field: page.Field{
			Name: answerPrefix + q.Code, ID: "q" + strconv.Itoa(i), Label: q.Label, Value: d.Answers[q.Code], Problem: wrong[answerPrefix+q.Code], Most: mostText, Required: q.Required,
		}}
		if !q.Required {
			a.Field.Label += " " + v.Words.T("compose.optional")
		}
		for _, c := range q.Choices {
			a.Choices = append(a.Choices, page.Choice{Value: c.Value, Label: c.Label, Chosen: c.Value == d.Answers[q.Code]})
		}
		h.Questions = append(h.Questions, a)
	}
	return kind
}

// near finds what may be about the same thing. Without an answer there is nothing to say, except that a place is not in the city.
func (h *help) near(v *page.Visit, d draft, kind *category) {
	latitude, longitude, ok := d.point()
	if !ok {
		return
	}
	var of *string
	if kind != nil {
		of = &kind.Id
	}
	text := cut(d.Title + " " + d.Body)
	found, err := client.Similar(v.R.Context(), v.API(), client.LocationInput{Latitude: latitude, Longitude: longitude}, of, &text)
	if fault := (*client.Fault)(nil); errors.As(err, &fault) && fault.Field == "location" {
		h.Outside = fault.Message
	}
	if err != nil {
		return
	}
	for _, r := range found.SimilarReports[:min(len(found.SimilarReports), 3)] {
		h.Similar = append(h.Similar, near{v.Card(r, "/r/"), session.Path + "/r/" + r.Number + "/dukung"})
	}
}

// cut is as much of a text as the API takes.
func cut(text string) string {
	letters := []rune(text)
	return string(letters[:min(len(letters), mostBody)])
}
