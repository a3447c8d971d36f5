package insight

import (
	"bytes"
	"cmp"
	"strings"
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

// Kin is what anonymous reports have in common that a file tells together.
type Kin struct {
	Month      string // 2026-11
	Status     civic.Status
	Category   civic.CategoryID
	Department civic.DepartmentID
	District   civic.DistrictID // zero for none
}

// Compare orders them, by month first.
func (k Kin) Compare(other Kin) int {
	return cmp.Or(
		strings.Compare(k.Month, other.Month), bytes.Compare(k.Department.UUID[:], other.Department.UUID[:]),
		bytes.Compare(k.Category.UUID[:], other.Category.UUID[:]), bytes.Compare(k.District.UUID[:], other.District.UUID[:]),
		cmp.Compare(k.Status, other.Status),
	)
}
