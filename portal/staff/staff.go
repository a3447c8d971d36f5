// Package staff is what the rooms of those who work here share: signing in and out, and the frame with the way from room to room. The rooms
// themselves are packages department, authority and admin.
package staff

import (
	"net/http"
	"net/url"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// Frame is a page's frame in a room.
type Frame struct {
	page.Frame
	// Room is session.Department, Authority or Admin.
	Room string
	// Rooms are those that the officer may enter.
	Rooms []Room
	// Links are the pages of this room.
	Links []Link
	// Wide pages have no measure: a desk, a map, a table.
	Wide bool
}

// Room is a door.
type Room struct{ Path, Name string }

// Link is a page of a room.
type Link struct {
	URL, Name string
	Here      bool
}

// roles of each room.
var roles = []struct {
	path, words string
	may         []client.Role
}{
	{session.Department, "staff.desk", []client.Role{client.RoleOfficer, client.RoleDepartmentHead, client.RoleHeadAuthority}},
	{session.Authority, "staff.authority", []client.Role{client.RoleHeadAuthority}},
	{session.Admin, "staff.office", []client.Role{client.RoleAdmin}},
}

// RolesOf are those who may enter a room.
func RolesOf(room string) []client.Role {
	for _, r := range roles {
		if r.path == room {
			return r.may
		}
	}
	return nil
}

// NewFrame is the frame of a page of a room.
func NewFrame(v *page.Visit, room, title string, links ...Link) Frame {
	f := Frame{Frame: v.Frame(title, ""), Room: room, Links: links}
	f.Styles = append(f.Styles, "staff.css")
	for i := range f.Links {
		f.Links[i].Here = f.Links[i].URL == v.R.URL.Path
	}
	if v.Session != nil {
		for _, r := range roles {
			for _, role := range r.may {
				if role == client.Role(v.Session.Role) {
					f.Rooms = append(f.Rooms, Room{r.path, v.Words.T(r.words)})
				}
			}
		}
	}
	return f
}

const nameBack, nameEmail, namePassword, nameCode = "kembali", "email", "sandi", "kode"

type form struct {
	Frame
	Email, Password, Code page.Field
	Back, Problem         string
}

// SignIn shows the form; whoever is signed in is led to their room.
func SignIn(v *page.Visit) error {
	if v.Session != nil {
		v.Go(home(v.Session))
		return nil
	}
	return v.Show(http.StatusOK, signIn(blank(v, v.R.URL.Query(), nil)))
}

// EnterSignIn tries.
func EnterSignIn(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	email, code := sent.Get(nameEmail), sent.Get(nameCode)
	input := client.SignInInput{Email: &email, Password: sent.Values.Get(namePassword)}
	if code != "" {
		input.OneTimeCode = &code
	}
	answer, err := client.SignIn(v.R.Context(), v.API(), input)
	if err != nil {
		shown := blank(v, sent.Values, err)
		if shown.Problem == "" && shown.Email.Problem == "" && shown.Password.Problem == "" && shown.Code.Problem == "" {
			return err
		}
		return v.Show(http.StatusUnprocessableEntity, signIn(shown))
	}
	opened := page.Opened(answer.SignIn)
	if opened == nil || opened.Role == "" {
		return page.NotFound
	}
	if err := v.Keeper.Set(v.W, *opened); err != nil {
		return err
	}
	v.Go(page.Local(sent.Get(nameBack), home(opened)))
	return nil
}

// SignOut ends the session.
func SignOut(v *page.Visit) error {
	if v.Session != nil {
		_, _ = client.SignOut(v.R.Context(), v.API()) // if that fails the browser forgets it all the same
	}
	v.Keeper.Clear(v.W)
	v.Go(session.Department + "/masuk")
	return nil
}

// home is the room where an officer begins.
func home(s *session.Session) string {
	switch client.Role(s.Role) {
	case client.RoleHeadAuthority:
		return session.Authority
	case client.RoleAdmin:
		return session.Admin
	}
	return session.Department
}

func blank(v *page.Visit, sent url.Values, err error) form {
	t := v.Words.T
	f := form{Frame: NewFrame(v, "", t("staff.sign_in")), Back: page.Local(sent.Get(nameBack), "")}
	f.Email = page.Field{Name: nameEmail, ID: "email", Label: t("staff.email"), Value: sent.Get(nameEmail), Type: "email", Complete: "username", Required: true}
	f.Password = page.Field{Name: namePassword, ID: "sandi", Label: t("account.password"), Type: "password", Complete: "current-password", Required: true}
	f.Code = page.Field{Name: nameCode, ID: "kode", Label: t("staff.code"), Hint: t("staff.code.hint"), Mode: "numeric", Complete: "one-time-code"}
	sentence := v.Sentence(err)
	if fault, ok := err.(*client.Fault); ok {
		switch fault.Field {
		case "email":
			f.Email.Problem = sentence
			return f
		case "password":
			f.Password.Problem = sentence
			return f
		case "oneTimeCode":
			f.Code.Problem = sentence
			return f
		}
	}
	f.Problem = sentence
	return f
}

// home is where the name above the page leads.
func (f Frame) home() string {
	if f.Room == "" {
		return "/"
	}
	return f.Room
}
