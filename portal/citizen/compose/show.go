package compose

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

type view struct {
	page.Frame
	Step, Heading, Progress string
	Carried                 []page.Hidden
	Problem                 string
	First                   bool

	Headline, Body page.Field // the story

	Kind, All   page.Field // what kind of problem
	Suggested   []page.Choice
	Categories  []page.Choice
	Questions   []asked
	Asked, Stop string

	Address, Latitude, Longitude page.Field // the place
	Area                         page.Map
	MiddleLat, MiddleLon         string

	Media, Visibility page.Field // sending
	Visibilities      []page.Choice
	Review            []reviewed
	SignIn            bool
	NIK, Password     page.Field
}

// asked is a question of the category.
type asked struct {
	Field   page.Field
	Choices []page.Choice
}

// reviewed is a line of what is about to be sent, and the step where it is changed.
type reviewed struct{ Name, Value, Step string }

// show shows one step. What is wrong on it stands beside its field, and makes it an answer of its own status.
func show(v *page.Visit, d draft, step string, wrong problems, problem string) error {
	t := v.Words.T
	shown := view{
		Frame: v.Frame(t("compose.title"), ""), Step: step, Heading: t("compose." + step), First: step == stepStory,
		Progress: t("compose.progress", "step", strconv.Itoa(slices.Index(steps, step)+1), "steps", strconv.Itoa(len(steps))),
		Carried:  d.carried(step), Problem: problem,
	}
	shown.Path = "" // what is typed must not be lost to a change of language
	switch step {
	case stepStory:
		shown.Headline = page.Field{Name: nameTitle, ID: "title", Label: t("compose.title.label"), Hint: t("compose.title.hint"), Value: d.Title, Problem: wrong[nameTitle], Most: mostTitle, Required: true}
		shown.Body = page.Field{Name: nameBody, ID: "body", Label: t("compose.body.label"), Hint: t("compose.body.hint"), Value: d.Body, Problem: wrong[nameBody], Most: mostBody, Required: true}
	case stepKind:
		if err := shown.kind(v, d, wrong); err != nil {
			return err
		}
	case stepPlace:
		shown.Area = v.Site.Map
		shown.Modules, shown.Styles = []string{"map.js"}, []string{"map.css"}
		shown.MiddleLat, shown.MiddleLon = degrees(v.Site.Map.Latitude), degrees(v.Site.Map.Longitude)
		shown.Address = page.Field{Name: nameAddress, ID: "address", Label: t("compose.address"), Hint: t("compose.address.hint"), Value: d.Address, Problem: wrong[nameAddress], Complete: "street-address", Most: mostAddress}
		shown.Latitude = page.Field{Name: nameLatitude, ID: "latitude", Label: t("compose.latitude"), Value: d.Latitude, Problem: wrong[nameLatitude], Mode: "decimal"}
		shown.Longitude = page.Field{Name: nameLongitude, ID: "longitude", Label: t("compose.longitude"), Value: d.Longitude, Problem: wrong[nameLongitude], Mode: "decimal"}
	case stepSend:
		if err := shown.send(v, d, wrong); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if problem != "" || len(wrong) > 0 || shown.Stop != "" {
		status = http.StatusUnprocessableEntity
	}
	return v.Show(status, content(shown))
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// kind fills the step of categories: those that the words suggest first, then all of them. While suggestions cannot be had there are none.
func (shown *view) kind(v *page.Visit, d draft, wrong problems) error {
	t := v.Words.T
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	codes := map[string]category{}
	for _, c := range city.Categories {
		codes[c.Id] = c
	}
	chosen := false
	if suggested, err := client.Suggest(v.R.Context(), v.API(), d.Title+"\n"+d.Body); err == nil {
		for i, s := range suggested.SuggestCategories {
			c := codes[s.Id]
			is := d.Category == c.Code || d.Category == "" && d.Asked == "" && i == 0
			chosen = chosen || is
			shown.Suggested = append(shown.Suggested, page.Choice{Value: c.Code, Label: c.Name, Hint: c.Department.Name, Chosen: is})
		}
	}
	if len(shown.Suggested) > 0 {
		shown.Suggested = append(shown.Suggested, page.Choice{Value: other, Label: t("compose.kind.other"), Chosen: !chosen})
	}
	var kind *category
	for _, c := range city.Categories {
		if c.Code == d.Category {
			kind = &c
		}
		shown.Categories = append(shown.Categories, page.Choice{Value: c.Code, Label: c.Name, Chosen: c.Code == d.Category && !chosen})
	}
	shown.Kind = page.Field{Name: nameCategory, ID: "kind", Label: t("compose.kind.suggested")}
	shown.All = page.Field{Name: nameOther, ID: "all", Label: t("compose.kind.all"), Problem: wrong[nameOther]}
	if d.Asked == d.Category {
		shown.Asked = d.Asked
		shown.ask(v, d, kind, wrong)
		shown.Stop = stopped(d, kind)
	}
	return nil
}

// ask fills in the category's questions.
func (shown *view) ask(v *page.Visit, d draft, kind *category, wrong problems) {
	for i, q := range questions(kind) {
		a := asked{Field: page.Field{
			Name: answerPrefix + q.Code, ID: "q" + strconv.Itoa(i), Label: q.Label, Value: d.Answers[q.Code], Problem: wrong[answerPrefix+q.Code], Most: mostText,
		}}
		if !q.Required {
			a.Field.Label += " " + v.Words.T("compose.optional")
		}
		for _, c := range q.Choices {
			a.Choices = append(a.Choices, page.Choice{Value: c.Value, Label: c.Label, Chosen: c.Value == d.Answers[q.Code]})
		}
		shown.Questions = append(shown.Questions, a)
	}
}

// send fills in the last step: exactly what others will see, and who they are.
func (shown *view) send(v *page.Visit, d draft, wrong problems) error {
	t := v.Words.T
	kind, err := kindOf(v, d)
	if err != nil && v.Sentence(err) == "" {
		return err
	}
	name := t("compose.kind.ours")
	if kind != nil {
		name = kind.Name
	} else if d.Category != "" {
		name = d.Category // the list of categories is away; the code will do
	}
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
		{t("compose.title.label"), d.Title, stepStory}, {t("compose.body.label"), body, stepStory}, {t("report.category"), name, stepKind}, {t("report.place"), where, stepPlace},
	}
	shown.Media = page.Field{Name: nameMedia, ID: "media", Label: t("compose.media"), Hint: t("compose.media.hint"), Problem: wrong[nameMedia]}
	shown.Visibility = page.Field{Name: nameVisibility, ID: "visibility", Label: t("compose.visibility"), Problem: wrong[nameVisibility]}
	private := d.Visibility == string(client.VisibilityPrivate) || d.Visibility == "" && kind != nil && kind.Sensitive
	for _, choice := range []client.Visibility{client.VisibilityPublic, client.VisibilityPrivate} {
		shown.Visibilities = append(shown.Visibilities, page.Choice{
			Value: string(choice), Label: t("visibility." + string(choice)), Hint: t("visibility." + string(choice) + ".means"),
			Chosen: private == (choice == client.VisibilityPrivate),
		})
	}
	if shown.SignIn = v.Session == nil; shown.SignIn {
		shown.NIK = page.Field{Name: nameNIK, ID: "nik", Label: t("account.nik"), Mode: "numeric", Complete: "username"}
		shown.Password = page.Field{Name: namePassword, ID: "sandi", Label: t("account.password"), Type: "password", Complete: "current-password"}
	}
	return nil
}
