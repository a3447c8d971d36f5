package portal

import "github.com/jagawarga/jagawarga/portal/page"

// authority is the head authority's room.
var authority = map[string]page.Page{}
