package casework

import (
	"context"
	"slices"
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
)

// The input fields that pictures come in which are added to a report.
const addMediaField, reopenPhotosField = "addMedia", "photos"

// beforeAdding refuses what will be refused anyway before anybody works on pictures. Nothing is locked meanwhile: all of it is asked again
// when it counts.
func (d *Desk) beforeAdding(ctx context.Context, p civic.Principal, id civic.ReportID, field string, more int, may func(*civic.Report) error) error {
	if more == 0 {
		return nil
	}
	city := d.ports.City()
	return d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		report, err := tx.Report(ctx, id, false)
		if err != nil {
			return err
		}
		if !mine(city, p, report) {
			return errReportNotFound
		}
		if err := may(report); err != nil {
			return err
		}
		_, err = roomFor(ctx, tx, id, field, more)
		return err
	})
}

// roomFor finds the position for what is added to a report; INVALID_INPUT if that would be too much.
func roomFor(ctx context.Context, tx Tx, id civic.ReportID, field string, more int) (position int, err error) {
	has, err := tx.MediaOf(ctx, id)
	if err != nil {
		return 0, err
	}
	has = slices.DeleteFunc(has, func(m *civic.Media) bool { return m.Purpose != civic.MediaOfReport })
	if len(has)+more > civic.MaxMedia {
		return 0, civic.Invalid(field, "media.too_many", "max", strconv.Itoa(civic.MaxMedia))
	}
	return len(has), nil
}

// addMedia hangs what was kept on the locked report, behind what it has.
func (a *act) addMedia(field string, kept []civic.MediaRef) error {
	if len(kept) == 0 {
		return nil
	}
	position, err := roomFor(a.ctx, a.tx, a.report.ID, field, len(kept))
	if err != nil {
		return err
	}
	media := make([]*civic.Media, len(kept))
	for i, ref := range kept {
		ref.ID = civic.MediaID{UUID: a.newID()}
		media[i] = &civic.Media{MediaRef: ref, Report: a.report.ID, Purpose: civic.MediaOfReport, Position: position + i}
	}
	return a.tx.AddMedia(a.ctx, media)
}
