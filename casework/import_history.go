package casework

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// History is a report as an older system kept it. It is public: that system had shown it to everybody.
type History struct {
	Origin   string // names the report for ever, among all older systems: "sf311:6614604"
	Title    string
	Body     string
	Category civic.CategoryID
	Place    *civic.Place // nil: unknown
	FiledAt  time.Time
	ClosedAt *time.Time // nil: somebody still has to act
	Remarks  string     // the older system's last words on it; may be empty
}

// The names under which imported history stands in the audit.
const (
	importActor  = "system:import"
	importAction = "import"
)

// closingPath is how the history of a closed report is told: what lies between filing and closing is not known, so the shortest way
// that the status machine allows is walked at the closing.
var closingPath = []struct {
	by civic.Actor
	to civic.Status
}{
	{civic.ByDepartment, civic.InProgress}, {civic.ByDepartment, civic.Resolved}, {civic.BySystem, civic.Closed},
}

// ImportHistory turns a report of an older system into rows, by the rules that hold for every report. It writes nothing, and the same
// history always gives the same ids, so that whoever writes it twice writes it once; the salt of the commitment alone is new each time. No event comes of it, since history is no news, and no due
// time, since this city promised nothing. A closing before the filing counts as one at the filing: clocks of older systems disagree.
func (d *Desk) ImportHistory(h History) (civic.Arrival, error) {
	report, err := d.oldReport(h)
	if err != nil {
		return civic.Arrival{}, err
	}
	remarks, err := civic.CheckOptionalText("remarks", h.Remarks, civic.MaxMessage)
	if err != nil {
		return civic.Arrival{}, err
	}
	steps := []civic.TimelineEntry{stepOf(report, civic.TimelineSubmitted)}
	if h.ClosedAt == nil {
		steps[0].Message = remarks
	} else if steps, err = d.walkToClosed(report, steps, laterOf(report.CreatedAt, precise(*h.ClosedAt)), remarks); err != nil {
		return civic.Arrival{}, err
	}
	report.Clock = civic.Clock{} // nobody here promised an answer, so none was late or in time
	salt := civic.NewSalt(d.cfg.Random)
	return civic.Arrival{Report: report, Salt: salt, Timeline: timelineOf(h.Origin, steps), Audit: civic.AuditLine{
		ID: civic.NamedUUID("import audit:" + h.Origin), At: d.now(), Actor: importActor, Action: importAction,
		Report: report.ID, Status: report.Status, Department: report.Department,
		Filing: new(civic.NewFiling(report.Number, report.CreatedAt, salt, report.Title, report.Body)),
	}}, nil
}

// oldReport is the report as it was filed.
func (d *Desk) oldReport(h History) (*civic.Report, error) {
	city := d.ports.City()
	title, err := civic.CheckText("title", h.Title, civic.MaxTitle)
	if err != nil {
		return nil, err
	}
	body, err := civic.CheckText("body", h.Body, civic.MaxBody)
	if err != nil {
		return nil, err
	}
	category := city.Category(h.Category)
	if category == nil {
		return nil, civic.Invalid("category", "category.unknown")
	}
	id, filed := civic.ReportID{UUID: civic.NamedUUID(h.Origin)}, precise(h.FiledAt)
	report := &civic.Report{
		ID: id, Number: civic.NumberFrom(id.UUID[:]), Title: title, Body: body, Visibility: civic.Public,
		Status: civic.Received, Priority: civic.PriorityNormal, Category: category.ID, Department: category.Department,
		CreatedAt: filed, UpdatedAt: filed,
	}
	if h.Place != nil {
		report.Place, err = city.CheckPlace("location", *h.Place)
	}
	return report, err
}

// walkToClosed takes the report down the closing path. The remarks stand with the step that resolves it, where a department's answer
// to the reporter stands.
func (d *Desk) walkToClosed(report *civic.Report, steps []civic.TimelineEntry, at time.Time, remarks string) ([]civic.TimelineEntry, error) {
	city := d.ports.City()
	for _, move := range closingPath {
		from := report.Status
		if err := city.Move(report, move.by, move.to, at); err != nil {
			return nil, fmt.Errorf("close imported report: %w", err)
		}
		step := stepOf(report, stepKind(from, move.to))
		if move.to == civic.Resolved {
			step.Message = remarks
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func stepOf(report *civic.Report, kind civic.TimelineKind) civic.TimelineEntry {
	department := report.Department
	return civic.TimelineEntry{Report: report.ID, Kind: kind, At: report.UpdatedAt, Status: report.Status, Department: &department}
}

// timelineOf gives the steps ids that rise with them, because steps of the same instant are shown in the order of their ids.
func timelineOf(origin string, steps []civic.TimelineEntry) []civic.TimelineRow {
	ids := make([]civic.UUID, len(steps))
	for i := range ids {
		ids[i] = civic.NamedUUID(fmt.Sprintf("import step %d:%s", i, origin))
	}
	slices.SortFunc(ids, func(a, b civic.UUID) int { return bytes.Compare(a[:], b[:]) })
	rows := make([]civic.TimelineRow, len(steps))
	for i, step := range steps {
		rows[i] = civic.TimelineRow{ID: ids[i], Entry: step}
	}
	return rows
}

// precise is an instant at the precision the database keeps.
func precise(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
