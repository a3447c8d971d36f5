package portal

import "github.com/jagawarga/jagawarga/portal/page"

// department is the desk of a department.
var department = map[string]page.Page{}
