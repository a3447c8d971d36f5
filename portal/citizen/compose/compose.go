package compose

import (
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"
	"slices"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// Begin shows an empty form. Nobody has to sign in before they write; that comes at the end.
func Begin(v *page.Visit) error {
	return show(v, newDraft(), stepStory, nil, "")
}

// Step takes one step of the form: on, back, to a step by its name, or off with the report.
func Step(v *page.Visit) error {
	form, err := v.Form()
	defer form.Release()
	d, step := read(form), form.Get(nameStep)
	if !known(step) {
		step = stepStory
	}
	if problem := v.Sentence(err); problem != "" { // too large, or no room: the words are here
		return show(v, d, step, problems{nameMedia: problem}, "")
	}
	if err != nil {
		return err
	}
	to := form.Get(nameTo)
	switch {
	case known(to):
		return show(v, d, to, nil, "")
	case to == "kembali":
		return show(v, d, before(step), nil, "")
	case step == stepSend:
		return send(v, d, form)
	}
	kind, err := kindOf(v, d)
	if err != nil {
		return offline(v, d, step, err)
	}
	if step == stepKind && len(questions(kind)) > 0 && d.Asked != kind.Code {
		d.Asked = kind.Code // now they are shown
		return show(v, d, stepKind, nil, "")
	}
	if wrong := check(v, d, step, kind); len(wrong) > 0 || step == stepKind && stopped(d, kind) != "" {
		return show(v, d, step, wrong, "")
	}
	return show(v, d, after(step), nil, "")
}

// kindOf is the category that was chosen, or nil.
func kindOf(v *page.Visit, d draft) (*category, error) {
	if d.Category == "" {
		return nil, nil
	}
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(city.Categories, func(c category) bool { return c.Code == d.Category })
	if i < 0 {
		return nil, nil
	}
	return &city.Categories[i], nil
}

// send files the report. Sent twice it is one report, whatever happened in between: the draft has its key.
func send(v *page.Visit, d draft, form page.Form) error {
	kind, err := kindOf(v, d)
	if err != nil {
		return offline(v, d, stepSend, err)
	}
	for _, step := range steps {
		if wrong := check(v, d, step, kind); len(wrong) > 0 || step == stepKind && stopped(d, kind) != "" {
			return show(v, d, step, wrong, "")
		}
	}
	if as := form.Get(nameAs); v.Session != nil && as != "" && as != v.Session.Name { // written under one name, and about to go under another
		return show(v, d, stepSend, nil, v.Words.T("compose.other_person", "name", v.Session.Name))
	}
	if v.Session == nil {
		if problem, err := signIn(v, form); err != nil || problem != "" {
			if err != nil {
				return offline(v, d, stepSend, err)
			}
			return show(v, d, stepSend, nil, problem)
		}
	}
	answer, err := client.Submit(v.R.Context(), v.API(form.Files...), input(v, d.whole(), kind, len(form.Files)))
	if err != nil {
		return refused(v, d, err)
	}
	page := session.Path + "/terkirim/" + answer.SubmitReport.Report.Number
	if scripted(v) {
		return tell(v, http.StatusOK, told{Sent: page})
	}
	v.Go(page)
	return nil
}

func input(v *page.Visit, d draft, kind *category, files int) client.SubmitReportInput {
	in := client.SubmitReportInput{ClientKey: &d.Key, Title: d.Title, Body: d.Body, Visibility: client.VisibilityPublic}
	if d.Visibility == string(client.VisibilityPrivate) {
		in.Visibility = client.VisibilityPrivate
	}
	if kind != nil {
		in.Category = &kind.Id
		for _, q := range kind.Questions {
			if answer := d.Answers[q.Code]; answer != "" {
				in.Answers = append(in.Answers, client.AnswerInput{Question: q.Code, Answer: answer})
			}
		}
	}
	if latitude, longitude, ok := d.point(); ok {
		in.Location = &client.LocationInput{Latitude: latitude, Longitude: longitude}
		if d.Address != "" {
			in.Location.Address = &d.Address
		}
	} else if d.Address != "" { // an address without a point has no place of its own in a report
		in.Body = withAddress(v, d)
	}
	if files > 0 {
		in.Media = make([]client.Upload, files)
	}
	return in
}

// withAddress is the body with the address in its last line.
func withAddress(v *page.Visit, d draft) string {
	return d.Body + "\n\n" + v.Words.T("compose.place.line", "address", d.Address)
}

// signIn signs in on the way, with what the last step asks of strangers. problem is what to say if that does not work.
func signIn(v *page.Visit, form page.Form) (problem string, err error) {
	nik := form.Get(nameNIK)
	if nik == "" {
		return v.Words.T("compose.session_over"), nil
	}
	answer, err := client.SignIn(v.R.Context(), v.API(), client.SignInInput{NationalId: &nik, Password: form.Values.Get(namePassword)})
	if fault := (*client.Fault)(nil); errors.As(err, &fault) && fault.Message != "" {
		return fault.Message, nil
	}
	if err != nil {
		return "", err
	}
	if v.Session = page.Opened(answer.SignIn); v.Session == nil {
		return v.Words.T("compose.session_over"), nil
	}
	return "", v.Site.Sessions.Set(v.W, *v.Session)
}

// refused shows the step that the API's refusal is about.
func refused(v *page.Visit, d draft, err error) error {
	fault := (*client.Fault)(nil)
	if !errors.As(err, &fault) {
		return err
	}
	switch fault.Code {
	case "UNAUTHENTICATED":
		v.Site.Sessions.Clear(v.W)
		v.Session = nil
		return show(v, d, stepSend, nil, v.Words.T("compose.session_over"))
	case "CONFLICT": // sent already, and changed since
		d.Key = rand.Text()
		return show(v, d, stepSend, nil, v.Words.T("compose.sent_before"))
	}
	if step, name := place(fault.Field); step != "" {
		return show(v, d, step, problems{name: fault.Message}, "")
	}
	return offline(v, d, stepSend, err)
}

// offline keeps the form on the screen while something behind it does not answer.
func offline(v *page.Visit, d draft, step string, err error) error {
	switch problem := v.Sentence(err); {
	case problem != "" && scripted(v) && client.Code(err) == "UNAVAILABLE":
		return tell(v, http.StatusServiceUnavailable, told{Retry: true, Problem: problem, Key: d.Key})
	case problem != "":
		return show(v, d, step, nil, problem)
	}
	return err
}

var number = regexp.MustCompile(`^JW-[0-9A-Z]{4}-[0-9A-Z]{4}$`)

// Sent tells the number. It asks nothing: a report that is on its way is as good as stored.
func Sent(v *page.Visit) error {
	n := v.R.PathValue("number")
	if !number.MatchString(n) {
		return page.NotFound
	}
	shown := v.Frame(v.Words.T("sent.title"), "")
	shown.Styles = []string{"compose.css"}
	return v.Show(http.StatusOK, sent(shown, n, session.Path+"/r/"+n))
}
