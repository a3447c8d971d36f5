package portal

import "github.com/jagawarga/jagawarga/portal/page"

// admin is the administrator's office.
var admin = map[string]page.Page{}
