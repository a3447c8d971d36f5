package account

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// Where the pages of an account lie.
const (
	settingsPath = session.Path + "/akun"
	wishesPath   = settingsPath + "/kabar"
	areasPath    = settingsPath + "/wilayah"
	browserPath  = settingsPath + "/perangkat"
	dataPath     = settingsPath + "/data"
	leavePath    = settingsPath + "/hapus"
)

type settings struct {
	page.Frame
	Told  string // how they are told outside the inbox, in a sentence
	Wrong string // why it does not arrive; empty if it does
	Areas []area
}

// Settings is the overview of an account: each thing with how it stands, and the way to change it.
func Settings(v *page.Visit) error {
	answer, err := client.Wishes(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	shown := settings{Frame: v.Frame(v.Words.T("nav.account"), ""), Areas: areas(v, answer.AreaAlerts)}
	shown.Styles = append(shown.Styles, "account.css")
	if wishes := answer.NotificationPreferences; wishes != nil {
		email, push := wishes.EmailAvailable && wishes.EmailEnabled, wishes.PushAvailable && wishes.PushEnabled && wishes.PushBrowsers > 0
		key := "settings.told.none"
		switch {
		case email && push:
			key = "settings.told.both"
		case email:
			key = "settings.told.email"
		case push:
			key = "settings.told.push"
		}
		shown.Told = v.Words.T(key)
		if wishes.EmailRefusedAt != nil {
			shown.Wrong = v.Words.T("wishes.email.refused", "when", v.Day(*wishes.EmailRefusedAt))
		}
	}
	return v.Show(http.StatusOK, overview(shown))
}

// Data leads to the document with everything that is held about the citizen. The address is made anew each time and soon worth nothing.
func Data(v *page.Visit) error {
	answer, err := client.MyData(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	if answer.MyData == nil {
		return page.NotFound
	}
	v.W.Header().Set("Cache-Control", "no-store")
	v.Go(page.Local(answer.MyData.ExportUrl, settingsPath))
	return nil
}
