package civic

import (
	"slices"
	"strings"
	"time"
)

// Template is an answer that a department has prepared. Its body has places like {number} that are filled when it is used.
type Template struct {
	ID         TemplateID
	Department DepartmentID
	Title      string
	Body       string
	Status     *Status     // which it is for; nil: any
	Category   *CategoryID // which it is for; nil: any
	UpdatedAt  time.Time
}

// Fits reports whether the template is for such a status and category; nil asks for none in particular.
func (t *Template) Fits(status *Status, category *CategoryID) bool {
	return (status == nil || t.Status == nil || *t.Status == *status) &&
		(category == nil || t.Category == nil || *t.Category == *category)
}

// Placeholders are the places that a template may have, without their braces.
var Placeholders = []string{"number", "title", "category", "department", "officer", "status"}

// CheckTemplate refuses a body with a place that nobody would fill, such as a misspelt one.
func CheckTemplate(field, body string) error {
	for rest := body; ; {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			return nil
		}
		name, behind, closed := strings.Cut(after, "}")
		if !closed || !slices.Contains(Placeholders, name) {
			known := "{" + strings.Join(Placeholders, "} {") + "}"
			refusal := Invalid(field, "template.placeholder", "known", known)
			refusal.Allowed = strings.Fields(known)
			return refusal
		}
		rest = behind
	}
}

// Render fills the places of body. What is filled in is taken as it is: braces in it are no places.
func Render(body string, values map[string]string) string {
	pairs := make([]string, 0, 2*len(Placeholders))
	for _, name := range Placeholders {
		pairs = append(pairs, "{"+name+"}", values[name])
	}
	return strings.NewReplacer(pairs...).Replace(body)
}
