package compose

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/static"
)

type view struct {
	page.Frame
	Step, Progress, Problem string
	Key, As                 string
	Unknown                 string // the address of the form on which nobody is known
	// Wires are for the script: where things are, and what it says.
	Wires templ.Attributes

	Headline, Body page.Field // the story
	Help           help       // what kind of problem, and what is near by

	Address, Latitude, Longitude page.Field // the place
	Area                         page.Map
	MiddleLat, MiddleLon         string

	Media, Visibility page.Field // sending
	Visibilities      []page.Choice
	Review            []reviewed
	SignIn            bool
	NIK, Password     page.Field
}

// reviewed is a line of what is about to be sent, and the step where it is changed.
type reviewed struct{ Name, Value, Step, ID string }

// said is what the script says, by the last part of its key.
var said = []string{
	"uploading", "working", "waiting", "lost", "failed", "cancelled", "cancel", "retry", "no_picture", "too_many", "place_from_photo", "place_undo", "place_outside", "drafts",
	"draft_untitled", "draft_go_on", "draft_discard", "sent_later", "remove", "picture", "film", "needed_title", "needed_answer", "no_place", "no_kind",
	"at_point", "everybody", "department",
}

// show shows the form at one step. What is wrong stands beside its field, and makes it an answer of its own status.
func show(v *page.Visit, d draft, step string, wrong problems, problem string) error {
	t := v.Words.T
	shown := view{
		Frame: v.Frame(t("compose.title"), ""), Step: step, Problem: problem, Key: d.Key, Help: help{T: t},
		Progress: t("compose.progress", "step", strconv.Itoa(slices.Index(steps, step)+1), "steps", strconv.Itoa(len(steps))),
	}
	shown.Path = "" // what is typed must not be lost to a change of language
	shown.Modules, shown.Styles = []string{"compose.js"}, []string{"compose.css"}
	shown.SignIn = v.Session == nil
	if v.Session != nil {
		shown.As = v.Session.Name
	}
	shown.Unknown = page.Frame{Lang: v.Words.Lang, Anonymous: true}.Among("/anonim")
	shown.wire(t)
	shown.Headline = page.Field{Name: nameTitle, ID: "title", Label: t("compose.title.label"), Hint: t("compose.title.hint"), Value: d.Title, Problem: wrong[nameTitle], Most: mostTitle}
	shown.Body = page.Field{Name: nameBody, ID: "body", Label: t("compose.body.label"), Hint: t("compose.body.hint"), Value: d.Body, Problem: wrong[nameBody], Most: mostBody}
	shown.where(v, d, wrong)
	city, err := client.City(v.R.Context(), v.API())
	if err != nil { // the department chooses the kind, then
		if v.Sentence(err) == "" {
			return err
		}
		city = &client.CityResponse{}
	}
	asking := step == stepKind && len(d.Asked) > 0 && d.Asked == d.Category
	shown.Help.kinds(v, d, city, wrong, step == stepKind)
	kind := shown.Help.ask(v, d, city, wrong)
	if step == stepKind && !asking { // the kind first, then its questions
		shown.Help.Asked, shown.Help.Questions, shown.Help.Stop = "", nil, ""
	}
	if step == stepSend {
		shown.Help.near(v, d, kind)
	}
	shown.send(v, d, kind, wrong)
	status := http.StatusOK
	if problem != "" || len(wrong) > 0 || step == stepKind && shown.Help.Stop != "" {
		status = http.StatusUnprocessableEntity
		if scripted(v) {
			return refuse(v, shown, wrong)
		}
	}
	return v.Show(status, content(shown))
}

// wire names for the script what it loads when it is needed, and the words it has.
func (shown *view) wire(t func(string, ...string) string) {
	shown.Wires = templ.Attributes{"data-map-module": static.URL("map.js"), "data-map-style": static.URL("map.css"), "data-help": "/lapor/saran"}
	shown.Wires["data-say-place_line"] = t("compose.place.line")
	for _, key := range said {
		shown.Wires["data-say-"+key] = t("compose.say." + key)
	}
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// where fills in the step of the place.
func (shown *view) where(v *page.Visit, d draft, wrong problems) {
	t := v.Words.T
	shown.Area = v.Site.Map
	shown.MiddleLat, shown.MiddleLon = degrees(v.Site.Map.Latitude), degrees(v.Site.Map.Longitude)
	shown.Address = page.Field{Name: nameAddress, ID: "address", Label: t("compose.address"), Hint: t("compose.address.hint"), Value: d.Address, Problem: wrong[nameAddress], Complete: "street-address", Most: mostAddress}
	shown.Latitude = page.Field{Name: nameLatitude, ID: "latitude", Label: t("compose.latitude"), Value: d.Latitude, Problem: wrong[nameLatitude], Mode: "decimal"}
	shown.Longitude = page.Field{Name: nameLongitude, ID: "longitude", Label: t("compose.longitude"), Value: d.Longitude, Problem: wrong[nameLongitude], Mode: "decimal"}
}

// send fills in the last step: exactly what others will see, and who they are.
func (shown *view) send(v *page.Visit, d draft, kind *category, wrong problems) {
	t := v.Words.T
	name := t("compose.kind.ours")
	if kind != nil {
		name = kind.Name
	} else if d.Category != "" {
		name = d.Category // the list of categories is away; the code will do
	}
	d = d.whole()
	body := d.Body
	where := d.Address
	switch {
	case d.pinned() && where != "":
		where += " (" + d.Latitude + ", " + d.Longitude + ")"
	case d.pinned():
		where = d.Latitude + ", " + d.Longitude
	case where != "":
		body = withAddress(v, d)
	default:
		where = t("compose.place.none")
	}
	shown.Review = []reviewed{
		{t("compose.title.label"), d.Title, stepStory, "title"}, {t("compose.body.label"), body, stepStory, "body"},
		{t("report.category"), name, stepKind, "kind"}, {t("report.place"), where, stepPlace, "place"},
	}
	shown.Media = page.Field{Name: nameMedia, ID: "media", Label: t("compose.media"), Hint: t("compose.media.hint"), Problem: wrong[nameMedia]}
	shown.Visibility = page.Field{Name: nameVisibility, ID: "visibility", Label: t("compose.visibility"), Problem: wrong[nameVisibility]}
	private := d.Visibility == string(client.VisibilityPrivate) || d.Visibility == "" && kind != nil && kind.Sensitive
	for _, choice := range []client.Visibility{client.VisibilityPublic, client.VisibilityPrivate} {
		shown.Visibilities = append(shown.Visibilities, page.Choice{
			Value: string(choice), Label: t("visibility." + string(choice)), Hint: t("visibility." + string(choice) + ".means"),
			// Before the last step nothing is chosen, so that the kind of problem may still decide.
			Chosen: (shown.Step == stepSend || d.Visibility != "") && private == (choice == client.VisibilityPrivate),
		})
	}
	if shown.SignIn {
		shown.NIK = page.Field{Name: nameNIK, ID: "nik", Label: t("account.nik"), Mode: "numeric", Complete: "username"}
		shown.Password = page.Field{Name: namePassword, ID: "sandi", Label: t("account.password"), Type: "password", Complete: "current-password"}
	}
}
