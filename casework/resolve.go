package casework

import (
	"context"
	"slices"

	"github.com/jagawarga/jagawarga/civic"
)

// ResolveReport calls a report done and shows the proof: INVALID_INPUT without photos where the category asks for them. What the machine
// finds odd about them is noted for the department and those above it; it decides nothing. cause may be nil: what was said of it before stays.
func (d *Desk) ResolveReport(ctx context.Context, p civic.Principal, id civic.ReportID, message string, photos []civic.Upload, cause *civic.CauseID) (*civic.Report, error) {
	message, err := civic.CheckText("message", message, civic.MaxResolution)
	if err != nil {
		return nil, err
	}
	own, err := d.beforeResolving(ctx, p, id, len(photos))
	if err != nil {
		return nil, err
	}
	proof, err := d.prove(ctx, own, photos)
	if err != nil {
		return nil, err
	}
	return d.handle(ctx, p, id, "resolve", func(a *act) error {
		if cause != nil {
			if err := a.nameCause(cause); err != nil {
				return err
			}
		}
		return a.resolve(p, message, proof)
	})
}

// beforeResolving refuses what will be refused anyway before anybody works on photos, and finds the report's own pictures. Nothing is
// locked meanwhile: all of it is asked again when it counts.
func (d *Desk) beforeResolving(ctx context.Context, p civic.Principal, id civic.ReportID, photos int) (own []*civic.Media, err error) {
	city := d.ports.City()
	err = d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		report, err := tx.Report(ctx, id, false)
		if err != nil {
			return err
		}
		if !d.cfg.Guard(city, p, report.Department) {
			return errReportNotFound
		}
		if err := city.CheckProof(report, photos); err != nil {
			return err
		}
		if err := report.Status.Move(civic.ByDepartment, civic.Resolved); err != nil || photos == 0 {
			return err
		}
		all, err := tx.MediaOf(ctx, id)
		own = slices.DeleteFunc(all, func(m *civic.Media) bool { return m.Purpose != civic.MediaOfReport })
		return err
	})
	return own, err
}

// resolve calls the report done, whichever verb says so.
func (a *act) resolve(p civic.Principal, message string, proof *proof) error {
	from := a.report.Status
	if err := a.city.Move(a.report, civic.ByDepartment, civic.Resolved, a.now); err != nil {
		return err
	}
	if err := a.city.CheckProof(a.report, proof.photos()); err != nil {
		return err
	}
	a.city.ActedAbove(a.report, p.Department, a.now)
	resolution := &civic.Resolution{ID: a.newID(), Report: a.report.ID, Message: message, Department: p.Department, ResolvedAt: a.now}
	if err := a.show(resolution, proof); err != nil {
		return err
	}
	if err := a.tx.AddResolution(a.ctx, resolution); err != nil {
		return err
	}
	event := a.event(civic.EventResolved)
	event.PreviousStatus, event.Message = &from, message
	step := civic.TimelineEntry{Kind: civic.TimelineResolved, Department: ownDepartment(p), Message: message}
	if err := a.tell(step, event); err != nil || len(a.flags) == 0 {
		return err
	}
	return a.tx.AddEvent(a.ctx, a.event(civic.EventFlagged))
}
