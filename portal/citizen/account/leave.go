package account

import (
	"errors"
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

type leaving struct {
	page.Frame
	Password page.Field
}

// AskToLeave says what goes and what stays, and asks for the password.
func AskToLeave(v *page.Visit) error {
	return v.Show(http.StatusOK, leave(departure(v, "")))
}

func departure(v *page.Visit, problem string) leaving {
	shown := leaving{Frame: v.Frame(v.Words.T("leave.title"), "")}
	shown.Styles = append(shown.Styles, "account.css")
	shown.Password = page.Field{
		Name: namePassword, ID: "sandi", Label: v.Words.T("account.password"), Hint: v.Words.T("leave.password.hint"), Problem: problem,
		Type: "password", Complete: "current-password", Required: true,
	}
	return shown
}

// Leave deletes the account. The session is over with it.
func Leave(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	_, err = client.DeleteMe(v.R.Context(), v.API(), sent.Values.Get(namePassword))
	if fault := (*client.Fault)(nil); errors.As(err, &fault) && fault.Message != "" { // a wrong password, or too many of them
		return v.Show(http.StatusUnprocessableEntity, leave(departure(v, fault.Message)))
	}
	if err != nil {
		return err
	}
	v.Site.Sessions.Clear(v.W)
	v.Session = nil
	return v.Show(http.StatusOK, gone(v.Frame(v.Words.T("leave.gone.title"), "")))
}
