package civic

import (
	"maps"
	"slices"
	"strconv"
)

// Limits of what administrators write.
const (
	MaxCode      = 40
	MaxName      = 120
	MaxHours     = 10_000 // more than a year of working time
	MaxQuestions = MaxAnswers
	MaxChoices   = 50
	MaxKeywords  = 200
)

// CheckCode wants a short name of lower-case letters, digits and single dashes between them.
func CheckCode(field, code string) error {
	for i := range len(code) {
		letter := code[i] >= 'a' && code[i] <= 'z' || code[i] >= '0' && code[i] <= '9'
		dash := code[i] == '-' && i > 0 && i < len(code)-1 && code[i-1] != '-'
		if !letter && !dash {
			return Invalid(field, "code.malformed")
		}
	}
	if code == "" || len(code) > MaxCode {
		return Invalid(field, "code.malformed")
	}
	return nil
}

// checkWords wants at least the Indonesian name.
func checkWords(fieldID, fieldEN string, words Words, limit int) (_ Words, err error) {
	if words.ID, err = CheckText(fieldID, words.ID, limit); err != nil {
		return words, err
	}
	words.EN, err = CheckOptionalText(fieldEN, words.EN, limit)
	return words, err
}

// WithDepartment is the city with a department that is new, or changed, or elsewhere in the tree with everything below it; the city itself
// stays as it is. The head authority stays the root, and levels are counted anew: the deepest units are at 0.
func (c *City) WithDepartment(draft Department) (changed *City, department *Department, err error) {
	if draft.Name, err = checkWords("name", "nameEn", draft.Name, MaxName); err != nil {
		return nil, nil, err
	}
	before := c.departments[draft.ID]
	switch {
	case before != nil && before.Retired:
		return nil, nil, Conflict("office.retired")
	case before != nil && before.Code != draft.Code:
		return nil, nil, Invalid("code", "code.fixed")
	}
	if before == nil {
		if err := CheckCode("code", draft.Code); err != nil {
			return nil, nil, err
		}
		for _, other := range c.departments {
			if other.Code == draft.Code {
				return nil, nil, Conflict("code.taken")
			}
		}
	}
	if err := c.checkParent(&draft); err != nil {
		return nil, nil, err
	}
	departments := c.allDepartments()
	delete(departments, draft.ID)
	departments[draft.ID] = &draft
	setLevels(departments)
	changed, err = NewCity(c.Bounds, c.Calendar, slices.Collect(maps.Values(departments)), c.everything, c.Districts, slices.Collect(maps.Values(c.officers)))
	if err != nil {
		return nil, nil, err
	}
	changed.CommonTray = c.CommonTray
	return changed, &draft, nil
}

func (c *City) checkParent(draft *Department) error {
	root := c.Root()
	switch {
	case draft.Parent == nil:
		if root != nil && root.ID != draft.ID {
			return Invalid("parent", "department.one_root")
		}
	case c.ActiveDepartment(*draft.Parent) == nil:
		return Invalid("parent", "department.unknown")
	case c.Within(*draft.Parent, draft.ID):
		return Invalid("parent", "department.own_ancestor")
	}
	return nil
}

// allDepartments are copies, retired ones too.
func (c *City) allDepartments() map[DepartmentID]*Department {
	all := make(map[DepartmentID]*Department, len(c.departments))
	for id, department := range c.departments {
		all[id] = new(*department)
	}
	return all
}

// setLevels counts from the deepest units up. What is retired does not make the tree any deeper.
func setLevels(departments map[DepartmentID]*Department) {
	depths, deepest := map[DepartmentID]int{}, 0
	for id, department := range departments {
		depth := 0
		for d := department; d.Parent != nil && depth <= len(departments); d = departments[*d.Parent] {
			depth++
		}
		if depths[id] = depth; !department.Retired {
			deepest = max(deepest, depth)
		}
	}
	for id, department := range departments {
		department.Level = max(0, deepest-depths[id])
	}
}

// Relevelled are the departments whose level is another than in the city before.
func (c *City) Relevelled(before *City) []*Department {
	var changed []*Department
	for _, id := range c.Below(c.Root().ID) {
		if was := before.departments[id]; was != nil && was.Level != c.departments[id].Level {
			changed = append(changed, c.departments[id])
		}
	}
	return changed
}

// CheckRetireDepartment refuses with CONFLICT while something would be left without a department. Whether it has open reports the caller
// has to look up.
func (c *City) CheckRetireDepartment(id DepartmentID) error {
	switch {
	case c.departments[id] == nil:
		return NotFound("department.not_found")
	case c.Root().ID == id, c.Tray() == id:
		return Conflict("department.needed")
	case len(c.Children(id)) > 0:
		return Conflict("department.has_units")
	case slices.ContainsFunc(c.Categories, func(category *Category) bool { return category.Department == id }):
		return Conflict("department.has_categories")
	case slices.ContainsFunc(c.Officers(id), func(officer *Officer) bool { return officer.Department == id }):
		return Conflict("department.has_officers")
	}
	return nil
}

// CheckRetireCategory refuses with CONFLICT what the city cannot do without.
func (c *City) CheckRetireCategory(id CategoryID) error {
	switch {
	case c.categories[id] == nil:
		return NotFound("category.not_found")
	case c.fallback != nil && c.fallback.ID == id:
		return Conflict("category.needed")
	case slices.ContainsFunc(c.Categories, func(other *Category) bool { return other.Parent != nil && *other.Parent == id }):
		return Conflict("category.has_children")
	}
	return nil
}

// CheckOfficer checks an officer who is new or changed.
func (c *City) CheckOfficer(draft Officer) (*Officer, error) {
	var err error
	if draft.Name, err = CheckText("name", draft.Name, MaxName); err != nil {
		return nil, err
	}
	before := c.officers[draft.ID]
	switch draft.Role {
	case RoleOfficer, RoleDepartmentHead, RoleHeadAuthority, RoleAdmin:
	default:
		return nil, Invalid("role", "officer.role")
	}
	switch {
	case before != nil && before.Retired:
		return nil, Conflict("office.retired")
	case c.ActiveDepartment(draft.Department) == nil:
		return nil, Invalid("department", "department.unknown")
	case draft.Role == RoleHeadAuthority && draft.Department != c.Root().ID:
		return nil, Invalid("department", "officer.head_authority")
	case draft.Role != RoleAdmin && c.lastAdmin(draft.ID):
		return nil, Conflict("officer.last_admin")
	}
	return &draft, nil
}

// CheckRetireOfficer refuses with CONFLICT to lock everybody out.
func (c *City) CheckRetireOfficer(id OfficerID) error {
	switch {
	case c.officers[id] == nil:
		return NotFound("officer.not_found")
	case c.lastAdmin(id):
		return Conflict("officer.last_admin")
	}
	return nil
}

// lastAdmin reports whether nobody else could keep the city.
func (c *City) lastAdmin(id OfficerID) bool {
	if officer := c.ActiveOfficer(id); officer == nil || officer.Role != RoleAdmin {
		return false
	}
	for _, other := range c.officers {
		if other.ID != id && !other.Retired && other.Role == RoleAdmin {
			return false
		}
	}
	return true
}

// CheckCategory checks a category that is new or changed. Questions and keywords that are nil stay what they were.
func (c *City) CheckCategory(draft Category) (*Category, error) {
	var err error
	if draft.Name, err = checkWords("nameId", "nameEn", draft.Name, MaxName); err != nil {
		return nil, err
	}
	before := c.categories[draft.ID]
	switch {
	case before != nil && before.Retired:
		return nil, Conflict("office.retired")
	case before != nil && before.Code != draft.Code:
		return nil, Invalid("code", "code.fixed")
	case before != nil:
		if draft.Keywords == nil {
			draft.Keywords = before.Keywords
		}
		if draft.Questions == nil {
			draft.Questions = before.Questions
		}
	default:
		if err := CheckCode("code", draft.Code); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(c.everything, func(other *Category) bool { return other.Code == draft.Code }) {
			return nil, Conflict("code.taken")
		}
	}
	switch {
	case c.ActiveDepartment(draft.Department) == nil:
		return nil, Invalid("department", "department.unknown")
	case draft.ResponseHours < 1 || draft.ResponseHours > MaxHours:
		return nil, Invalid("responseHours", "category.hours", "max", strconv.Itoa(MaxHours))
	case draft.ResolutionHours < draft.ResponseHours || draft.ResolutionHours > MaxHours:
		return nil, Invalid("resolutionHours", "category.resolution_hours", "max", strconv.Itoa(MaxHours))
	}
	if err := c.checkCategoryParent(&draft); err != nil {
		return nil, err
	}
	if err := draft.checkKeywords(); err != nil {
		return nil, err
	}
	return &draft, draft.checkQuestions()
}

func (c *City) checkCategoryParent(draft *Category) error {
	if draft.Parent == nil {
		return nil
	}
	if c.ActiveCategory(*draft.Parent) == nil {
		return Invalid("parent", "category.unknown")
	}
	for above := c.categories[*draft.Parent]; above != nil; above = c.categories[*above.Parent] {
		if above.ID == draft.ID {
			return Invalid("parent", "category.own_ancestor")
		}
		if above.Parent == nil {
			break
		}
	}
	return nil
}
