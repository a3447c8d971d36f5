package portal

import (
	"net/http"

	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
	"github.com/jagawarga/jagawarga/portal/staff"
)

// door is the way into the rooms: here strangers come, too.
var door = map[string]page.Page{
	"GET " + session.Department + "/masuk":   staff.SignIn,
	"POST " + session.Department + "/masuk":  staff.EnterSignIn,
	"POST " + session.Department + "/keluar": staff.SignOut,
}

// rooms are the pages of each room, for the roles that may enter it.
var rooms = map[string]map[string]page.Page{
	session.Department: department,
	session.Authority:  authority,
	session.Admin:      admin,
}

func mountStaff(mux *http.ServeMux, site *page.Site) {
	for pattern, shown := range door {
		mux.Handle(pattern, site.HandleOfficer(shown))
	}
	for room, pages := range rooms {
		for pattern, shown := range pages {
			mux.Handle(pattern, site.HandleOfficer(shown, staff.RolesOf(room)...))
		}
	}
}
