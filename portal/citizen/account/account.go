// Package account is how people get in and out: signing up, signing in, signing out, and the list of what they reported. A half-written report
// that somebody brings along comes out on the other side as it was.
package account

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// The names of the fields.
const (
	nameNIK, namePassword, nameName, namePhone, nameBack = "nik", "sandi", "nama", "telepon", "kembali"
)

// carried begins the names of the fields of a report that is being written.
const carried = "d_"

type form struct {
	page.Frame
	NIK, Name, Phone, Password page.Field
	Back                       string
	Carried                    []page.Hidden
	Problem                    string
	// Other is the way to the other form: who has no account, who has one.
	Other string
}

// SignIn shows the form.
func SignIn(v *page.Visit) error {
	return v.Show(http.StatusOK, signIn(blank(v, "account.sign_in", "/masuk", v.R.URL.Query(), nil)))
}

// SignUp shows the form.
func SignUp(v *page.Visit) error {
	return v.Show(http.StatusOK, signUp(blank(v, "account.sign_up", "/daftar", v.R.URL.Query(), nil)))
}

// EnterSignIn tries to sign in. With a report that is being written it is only the way here from there.
func EnterSignIn(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	if !sent.Has(nameNIK) {
		return v.Show(http.StatusOK, signIn(blank(v, "account.sign_in", "/masuk", sent.Values, nil)))
	}
	nik := sent.Get(nameNIK)
	answer, err := client.SignIn(v.R.Context(), v.API(), client.SignInInput{NationalId: &nik, Password: sent.Values.Get(namePassword)})
	if err != nil {
		shown := blank(v, "account.sign_in", "/masuk", sent.Values, err)
		if shown.Problem == "" && shown.NIK.Problem == "" && shown.Password.Problem == "" {
			return err
		}
		return v.Show(http.StatusUnprocessableEntity, signIn(shown))
	}
	return enter(v, sent, answer.SignIn)
}

// EnterSignUp tries to make an account.
func EnterSignUp(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	if !sent.Has(nameName) {
		return v.Show(http.StatusOK, signUp(blank(v, "account.sign_up", "/daftar", sent.Values, nil)))
	}
	input := client.SignUpInput{NationalId: sent.Get(nameNIK), Name: sent.Get(nameName), Password: sent.Values.Get(namePassword)}
	if phone := sent.Get(namePhone); phone != "" {
		input.Phone = &phone
	}
	answer, err := client.SignUp(v.R.Context(), v.API(), input)
	if err != nil {
		shown := blank(v, "account.sign_up", "/daftar", sent.Values, err)
		if shown.Problem == "" && !slices.ContainsFunc([]page.Field{shown.NIK, shown.Name, shown.Phone, shown.Password}, func(f page.Field) bool { return f.Problem != "" }) {
			return err
		}
		return v.Show(http.StatusUnprocessableEntity, signUp(shown))
	}
	return enter(v, sent, answer.SignUp)
}

// enter hands out the session and leads on: to where the visitor wanted to go, or back to the report that they are writing.
func enter(v *page.Visit, sent page.Form, signed *client.Signed) error {
	opened := page.Opened(signed)
	if opened == nil {
		return page.NotFound
	}
	if err := v.Site.Sessions.Set(v.W, *opened); err != nil {
		return err
	}
	v.Session = opened
	if along := carry(sent.Values); len(along) > 0 {
		return v.Show(http.StatusOK, goOn(form{Frame: v.Frame(v.Words.T("account.in"), ""), Carried: along}))
	}
	v.Go(page.Local(sent.Get(nameBack), session.Path))
	return nil
}

// SignOut ends the session, here and for whoever has a copy of it.
func SignOut(v *page.Visit) error {
	if v.Session != nil {
		_, _ = client.SignOut(v.R.Context(), v.API()) // if that fails the browser forgets it all the same
	}
	v.Site.Sessions.Clear(v.W)
	v.Go("/")
	return nil
}

// blank is a form with what was typed before, except for the password, and with what was wrong beside its field.
func blank(v *page.Visit, title, path string, sent url.Values, err error) form {
	t := v.Words.T
	f := form{Frame: v.Frame(t(title), ""), Back: page.Local(sent.Get(nameBack), ""), Carried: carry(sent)}
	f.NIK = page.Field{Name: nameNIK, ID: "nik", Label: t("account.nik"), Hint: t("account.nik.hint"), Value: sent.Get(nameNIK), Mode: "numeric", Complete: "username", Required: true}
	f.Name = page.Field{Name: nameName, ID: "nama", Label: t("account.name"), Hint: t("account.name.hint"), Value: sent.Get(nameName), Complete: "name", Required: true}
	f.Phone = page.Field{Name: namePhone, ID: "telepon", Label: t("account.phone"), Hint: t("account.phone.hint"), Value: sent.Get(namePhone), Type: "tel", Complete: "tel"}
	f.Password = page.Field{Name: namePassword, ID: "sandi", Label: t("account.password"), Type: "password", Complete: "current-password", Required: true}
	f.Other = session.Path + "/daftar"
	if path == "/daftar" {
		f.Other, f.Password.Complete, f.Password.Hint = session.Path+"/masuk", "new-password", t("account.password.hint")
	}
	if f.Back != "" {
		f.Other += "?" + url.Values{nameBack: {f.Back}}.Encode()
	}
	sentence := v.Sentence(err)
	if fault, ok := err.(*client.Fault); ok {
		switch fault.Field {
		case "nationalId":
			f.NIK.Problem = sentence
			return f
		case "name":
			f.Name.Problem = sentence
			return f
		case "phone":
			f.Phone.Problem = sentence
			return f
		case "password":
			f.Password.Problem = sentence
			return f
		}
	}
	f.Problem = sentence
	return f
}

// carry takes what belongs to a report that is being written.
func carry(sent url.Values) []page.Hidden {
	var along []page.Hidden
	for name, values := range sent {
		if strings.HasPrefix(name, carried) {
			for _, value := range values {
				along = append(along, page.Hidden{Name: name, Value: value})
			}
		}
	}
	slices.SortFunc(along, func(a, b page.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return along
}
