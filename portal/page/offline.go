package page

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/locale"
)

// Offline is what a device shows without a line. It is kept before anybody chose a language, so it is said in both.
func Offline(v *Visit) error {
	return v.Show(http.StatusOK, withoutLine(v.Frame(v.Words.T("offline.title"), ""), locale.In(locale.Indonesian).T, locale.In(locale.English).T))
}
