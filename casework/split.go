package casework

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
)

// Piece is what a report is split into.
type Piece struct {
	Title    string
	Body     string
	Category civic.CategoryID
}

// Split makes new reports of the pieces of one, each routed by its category. They keep reporter, visibility and place, and count from when
// the origin came. The origin stays open with its department and keeps its own clock: its reporter gets one answer to the whole, given by
// somebody. An anonymous reporter finds the parts with the receipt of the origin.
func (d *Desk) Split(ctx context.Context, p civic.Principal, id civic.ReportID, pieces []Piece) ([]*civic.Report, error) {
	pieces, err := d.checkPieces(pieces)
	if err != nil {
		return nil, err
	}
	var parts []*civic.Report
	_, err = d.handle(ctx, p, id, "split", func(a *act) error {
		if !a.report.Open() {
			return civic.Conflict("report.not_open")
		}
		parts = make([]*civic.Report, len(pieces))
		for i, piece := range pieces {
			if parts[i], err = d.part(a, p, piece); err != nil {
				return fmt.Errorf("part %d: %w", i, err)
			}
		}
		a.report.UpdatedAt = a.now
		a.city.Answered(a.report, a.now)
		a.city.ActedAbove(a.report, p.Department, a.now)
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineSplit, Department: ownDepartment(p)}, a.event(civic.EventSplit))
	})
	return parts, err
}

func (d *Desk) checkPieces(pieces []Piece) (checked []Piece, err error) {
	if len(pieces) < civic.MinParts || len(pieces) > civic.MaxParts {
		return nil, civic.Invalid("parts", "split.count", "min", strconv.Itoa(civic.MinParts), "max", strconv.Itoa(civic.MaxParts))
	}
	for i, piece := range pieces {
		field := fmt.Sprintf("parts.%d.", i)
		if piece.Title, err = civic.CheckText(field+"title", piece.Title, civic.MaxTitle); err != nil {
			return nil, err
		}
		if piece.Body, err = civic.CheckText(field+"body", piece.Body, civic.MaxBody); err != nil {
			return nil, err
		}
		if d.ports.City().ActiveCategory(piece.Category) == nil {
			return nil, civic.Invalid(field+"category", "category.unknown")
		}
		checked = append(checked, piece)
	}
	return checked, nil
}

// part makes one report of a piece, with all its traces. Of an anonymous report the ids are random, like its own.
func (d *Desk) part(a *act, p civic.Principal, piece Piece) (*civic.Report, error) {
	category := a.city.Category(piece.Category)
	part := a.city.Part(a.report, piece.Title, piece.Body, category, a.now)
	part.ID = civic.ReportID{UUID: a.newID()}
	if part.Visibility == civic.Anonymous {
		part.ID.UUID = civic.NewUUIDv4(d.cfg.Random)
	}
	part.Number = civic.NumberFrom(part.ID.UUID[:])
	way := a.city.Route(civic.Arriving{Category: category, Place: part.Place, Answers: part.Answers, At: a.now})
	a.city.PlacePart(part, way.Department, way.Assignee)

	salt := civic.NewSalt(d.cfg.Random)
	own := *a
	own.report, own.other = part, &a.report.ID
	own.filing = new(civic.NewFiling(part.Number, part.CreatedAt, salt, part.Title, part.Body))
	if err := a.tx.Widen(a.ctx, part.Department); err != nil {
		return nil, err
	}
	if err := a.tx.AddPart(a.ctx, a.report.ID, part, salt); err != nil {
		return nil, err
	}
	if err := own.tell(civic.TimelineEntry{Kind: civic.TimelineSplit, Department: ownDepartment(p)}, own.event(civic.EventCreated)); err != nil {
		return nil, err
	}
	return part, own.audit("split_off")
}
