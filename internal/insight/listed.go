package insight

import (
	"bytes"
	"cmp"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Listed is what a file may tell of one report.
type Listed struct {
	ID                         civic.ReportID
	Number, Title              string
	Public                     bool
	Status                     civic.Status
	Priority                   civic.Priority
	Category                   civic.CategoryID
	Department                 civic.DepartmentID
	District                   *civic.DistrictID
	Place                      *civic.Place
	Created                    time.Time
	Answered, Resolved, Closed *time.Time
	Level, Upvotes             int
}

// Kin is what anonymous reports of one month have in common that a file tells together.
type Kin struct {
	Status     civic.Status
	Category   civic.CategoryID
	Department civic.DepartmentID
	District   civic.DistrictID // zero for none
}

// Compare orders them, by department first.
func (k Kin) Compare(other Kin) int {
	return cmp.Or(
		bytes.Compare(k.Department.UUID[:], other.Department.UUID[:]), bytes.Compare(k.Category.UUID[:], other.Category.UUID[:]),
		bytes.Compare(k.District.UUID[:], other.District.UUID[:]), cmp.Compare(k.Status, other.Status),
	)
}
