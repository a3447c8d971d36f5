package civic

import "slices"

// A report that a department hands away is refused by it: "bukan wewenang". Refusals must end: a second one brings the report to the
// common tray, whose word is final, and no department gets back by refusals what it has refused.

// Handover is what becomes of a wish to hand a report to another department.
type Handover struct {
	To      DepartmentID // where it goes
	Refusal bool         // the department it leaves has refused it
}

// enoughRefusals bring a report to the common tray.
const enoughRefusals = 2

// HandOver decides where a report goes that p, who handles it, hands from one department to another; refused are those that have refused
// it already. To hand something down in one's own house, or to decide about it at the common tray, is no refusal.
func (c *City) HandOver(p Principal, from, to DepartmentID, refused []DepartmentID) (Handover, error) {
	tray := c.Tray()
	if c.Within(from, p.Department) && c.Within(to, p.Department) || c.Handles(p, tray) {
		return Handover{To: to}, nil
	}
	switch {
	case len(refused) >= enoughRefusals || slices.Contains(refused, from):
		return Handover{}, Conflict("transfer.decided")
	case slices.Contains(refused, to):
		return Handover{}, Conflict("transfer.refused_before")
	case len(refused)+1 == enoughRefusals:
		to = tray
	}
	return Handover{To: to, Refusal: true}, nil
}

// Tray is the department where reports go that nobody thinks are theirs: CommonTray, or the head authority where none is set.
func (c *City) Tray() DepartmentID {
	if c.departments[c.CommonTray] == nil && len(c.Departments) > 0 {
		return c.Departments[0].ID
	}
	return c.CommonTray
}
