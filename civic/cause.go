package civic

import (
	"cmp"
	"slices"
)

// CauseID names a cause.
type CauseID struct{ UUID }

const causePrefix = "cause_"

// String gives the form the outside sees.
func (id CauseID) String() string { return formatID(causePrefix, id.UUID) }

// MarshalText writes the outside form, so that JSON carries it.
func (id CauseID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the outside form.
func (id *CauseID) UnmarshalText(text []byte) error { return unmarshalID(causePrefix, text, &id.UUID) }

// ParseCauseID reads the outside form; anything else is INVALID_INPUT naming field.
func ParseCauseID(field, text string) (CauseID, error) {
	u, err := parseIDField(causePrefix, field, text)
	return CauseID{u}, err
}

// Cause is what problems come from: an old pipe, the weather, somebody else's works. A department says so of a report, so that the city can
// count what it should do something about.
type Cause struct {
	ID       CauseID
	Code     string
	Name     Words
	Category *CategoryID // that it is for, with all below it; nil: any
	Retired  bool        // reports keep it, and no more get it
}

// WithCauses is the city with these causes and no others; the city itself stays as it is.
func (c *City) WithCauses(causes []*Cause) *City {
	changed := *c
	changed.causes = slices.SortedFunc(slices.Values(causes), func(a, b *Cause) int { return cmp.Compare(a.Code, b.Code) })
	return &changed
}

// Cause finds one, retired or not; nil if there is none.
func (c *City) Cause(id CauseID) *Cause {
	for _, cause := range c.causes { // there are a few dozen
		if cause.ID == id {
			return cause
		}
	}
	return nil
}

// Causes are what a report of a category may come from, or, without one, all that there are; by code.
func (c *City) Causes(of *CategoryID) []*Cause {
	return slices.DeleteFunc(slices.Clone(c.causes), func(cause *Cause) bool {
		return cause.Retired || of != nil && !c.fits(cause, *of)
	})
}

// fits reports whether reports of the category may come from the cause.
func (c *City) fits(cause *Cause, category CategoryID) bool {
	if cause.Category == nil {
		return true
	}
	for at := c.categories[category]; at != nil; at = c.categories[*at.Parent] {
		if at.ID == *cause.Category {
			return true
		}
		if at.Parent == nil {
			break
		}
	}
	return false
}

// CheckCause wants a cause that a report of the category may come from.
func (c *City) CheckCause(id CauseID, category CategoryID) error {
	cause := c.Cause(id)
	switch {
	case cause == nil || cause.Retired:
		return Invalid("cause", "cause.unknown")
	case !c.fits(cause, category):
		return Invalid("cause", "cause.other_category")
	}
	return nil
}

// CheckCauseDraft checks a cause that is new or changed.
func (c *City) CheckCauseDraft(draft Cause) (*Cause, error) {
	var err error
	if draft.Name, err = checkWords("nameId", "nameEn", draft.Name, MaxName); err != nil {
		return nil, err
	}
	before := c.Cause(draft.ID)
	switch {
	case before != nil && before.Retired:
		return nil, Conflict("office.retired")
	case before != nil && before.Code != draft.Code:
		return nil, Invalid("code", "code.fixed")
	case draft.Category != nil && c.ActiveCategory(*draft.Category) == nil:
		return nil, Invalid("category", "category.unknown")
	case before != nil:
		return &draft, nil
	}
	if err := CheckCode("code", draft.Code); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(c.causes, func(other *Cause) bool { return other.Code == draft.Code }) {
		return nil, Conflict("code.taken")
	}
	return &draft, nil
}
