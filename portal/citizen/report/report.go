// Package report is the page of one report. The public one, /r/JW-7KQ4-M2XD, is the same for everybody and made to be passed on; what somebody
// does there goes to their own page of the same report, which knows who they are. Both stay up to date while somebody looks at them.
package report

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

type view struct {
	page.Frame
	page.Details
	// Own is the address of the visitor's own page of the report, where acts go to.
	Own string
	// Act is what could not be done, Typed what was typed for it, and Problem why.
	Act, Problem string
	Typed        url.Values
	// Done is a sentence about what was just done.
	Done string
	// Signed says that this is the visitor's own page.
	Signed bool
	// Live is where the page hears of changes, and Merged the number of the report that led here.
	Live, Merged string
	// Atom is the feed of the report's district.
	Atom    string
	Similar []page.Card
}

// said is what was typed for an act that could not be done.
func (v view) said(act, name string) string {
	if v.Act != act {
		return ""
	}
	return v.Typed.Get(name)
}

// problem is why an act could not be done, to be said beside its form.
func (v view) problem(act string) string {
	if v.Act != act {
		return ""
	}
	return v.Problem
}

// loose is why an act could not be done that has no form to say it beside.
func (v view) loose() string {
	beside := map[string]bool{
		"komentar": v.Open, "nilai": v.Ratable, "selesai": v.Mine && v.Judging, "belum": v.Mine && v.Judging, "dukung": !v.Restricted,
	}
	if beside[v.Act] {
		return ""
	}
	return v.Problem
}

func own(number string) string { return session.Path + "/r/" + number }

// Public shows what everybody may see. A report that goes on as another leads there; of one that was taken back only that is told.
func Public(v *page.Visit) error {
	number := v.R.PathValue("number")
	if upper := strings.ToUpper(number); upper != number {
		v.Go("/r/" + upper)
		return nil
	}
	found, err := find(v, number)
	if err != nil {
		return err
	}
	asked := v.R.URL.Query()
	if found.MergedInto != nil && !asked.Has("asli") {
		v.Go("/r/" + found.MergedInto.Number + "?dari=" + number)
		return nil
	}
	if found.Status == client.StatusWithdrawn {
		return v.Show(http.StatusGone, gone(v.Frame(v.Words.T("report.withdrawn.title"), ""), number))
	}
	details := v.Details(*found)
	shown := view{
		Frame: v.Frame(found.Title, shorten(details.Status.Word+". "+found.Body)), Details: details, Own: own(number), Merged: asked.Get("dari"),
		Similar: similar(v, *found),
	}
	shown.dress()
	if len(found.Media) > 0 {
		shown.Image = v.Absolute(found.Media[0].ThumbnailUrl)
	}
	shown.Live = "/r/" + number + "/kabar?lihat=" + stamp(v.R.Context(), shown)
	if details.District != "" {
		shown.Atom = "/atom?" + url.Values{"district": {details.District}}.Encode()
		shown.Feed = shown.Atom
	}
	return v.Show(http.StatusOK, content(shown))
}

// Own shows it to whoever is signed in, also what is theirs alone.
func Own(v *page.Visit) error { return show(v, http.StatusOK, "", nil, "") }

// show is the visitor's own page; act is what could not be done, and problem why.
func show(v *page.Visit, status int, act string, typed url.Values, problem string) error {
	number := v.R.PathValue("number")
	found, err := find(v, number)
	if err != nil {
		return err
	}
	shown := signed(v, *found)
	shown.Act, shown.Typed, shown.Problem = act, typed, problem
	if done := v.R.URL.Query().Get("sudah"); acts[done] != nil && act == "" {
		shown.Done = v.Words.T("done." + done)
	}
	shown.Live = shown.Own + "/kabar?lihat=" + stamp(v.R.Context(), shown)
	return v.Show(status, content(shown))
}

// signed is what somebody sees on their own page.
func signed(v *page.Visit, found client.Details) view {
	shown := view{Frame: v.Frame(found.Title, ""), Details: v.Details(found), Own: own(found.Number), Signed: true}
	shown.dress()
	return shown
}

// dress names the files of the page.
func (v *view) dress() {
	v.Modules, v.Styles = append(v.Modules, "live.js", "report.js"), append(v.Styles, "city.css")
}

func find(v *page.Visit, number string) (*client.Details, error) {
	answer, err := client.ByNumber(v.R.Context(), v.API(), number)
	if client.Code(err) == "INVALID_INPUT" { // no number at all
		return nil, page.NotFound
	}
	if err != nil {
		return nil, err
	}
	if answer.Report == nil {
		return nil, page.NotFound
	}
	return answer.Report, nil
}

// similar are other public reports near by about the same thing. The page does without them where they cannot be found.
func similar(v *page.Visit, r client.Details) []page.Card {
	if r.Location == nil {
		return nil
	}
	answer, err := client.Similar(v.R.Context(), v.API(), client.LocationInput{Latitude: r.Location.Latitude, Longitude: r.Location.Longitude}, &r.Category.Id, &r.Title)
	if err != nil {
		return nil
	}
	var cards []page.Card
	for _, other := range answer.SimilarReports {
		if other.Number != r.Number {
			cards = append(cards, v.Card(other, "/r/"))
		}
	}
	return cards
}

// shorten is as much of a text as a preview shows.
func shorten(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
