package model

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
)

// Cause is what problems come from, in the caller's language.
type Cause struct {
	*civic.Cause
	view *View
}

// Cause shows one; nil for nil.
func (v *View) Cause(c *civic.Cause) *Cause {
	if c == nil {
		return nil
	}
	return &Cause{c, v}
}

// CauseRef shows the cause with that id; nil for nil.
func (v *View) CauseRef(id *civic.CauseID) *Cause {
	if id == nil {
		return nil
	}
	return v.Cause(v.City.Cause(*id))
}

// Name is in the caller's language.
func (c *Cause) Name() string { return c.Cause.Name.In(c.view.Language) }

// Category is what it is for, or nil.
func (c *Cause) Category() *Category {
	if c.Cause.Category == nil {
		return nil
	}
	return c.view.Category(c.view.City.Category(*c.Cause.Category))
}

// Cause is what the report came from, as its department says, or nil.
func (r *Report) Cause() *Cause { return r.View.CauseRef(r.Report.Cause) }

// MarshalCauseID writes the outside form.
func MarshalCauseID(id civic.CauseID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalCauseID reads the outside form.
func UnmarshalCauseID(v any) (civic.CauseID, error) {
	text, _ := v.(string)
	return civic.ParseCauseID("id", text)
}
