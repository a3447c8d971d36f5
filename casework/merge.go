package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Merge lets reports go on as another one: all of them or none. Each must be the caller's. Supporters, followers and reporters go along as
// far as they may see where; the words of what is merged stay where they are. Every report that is touched has its own step of history,
// event and audit line, so that each reporter is told.
func (d *Desk) Merge(ctx context.Context, p civic.Principal, into civic.ReportID, reports []civic.ReportID) (*civic.Report, error) {
	if err := checkMerge(into, reports); err != nil {
		return nil, err
	}
	city, now := d.ports.City(), d.now()
	var target *civic.Report
	err := d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		found, err := tx.Together(ctx, append([]civic.ReportID{into}, reports...))
		if err != nil {
			return err
		}
		merged, err := d.mergeable(city, p, found, into, reports)
		if err != nil {
			return err
		}
		target = found[slices.IndexFunc(found, func(r *civic.Report) bool { return r.ID == into })]
		return d.merge(ctx, tx, p, city, now, target, merged)
	})
	if err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	d.ports.Poke()
	return target, nil
}

func checkMerge(into civic.ReportID, reports []civic.ReportID) error {
	if len(reports) == 0 || len(reports) > civic.MaxMerge {
		return civic.Invalid("reports", "reports.count", "max", strconv.Itoa(civic.MaxMerge))
	}
	seen := map[civic.ReportID]bool{}
	for _, id := range reports {
		if id == into {
			return civic.Invalid("reports", "merge.itself")
		}
		if seen[id] {
			return civic.Invalid("reports", "merge.twice")
		}
		seen[id] = true
	}
	return nil
}

// mergeable puts what was found into the order in which it was named; NOT_FOUND where the caller has no right to one of them.
func (d *Desk) mergeable(city *civic.City, p civic.Principal, found []*civic.Report, into civic.ReportID, reports []civic.ReportID) ([]*civic.Report, error) {
	mine := map[civic.ReportID]*civic.Report{}
	for _, r := range found {
		if d.cfg.Guard(city, p, r.Department) {
			mine[r.ID] = r
		}
	}
	if mine[into] == nil {
		return nil, errReportNotFound
	}
	merged := make([]*civic.Report, len(reports))
	for i, id := range reports {
		if merged[i] = mine[id]; merged[i] == nil {
			return nil, &civic.Error{Code: civic.CodeNotFound, Field: "reports", Key: errReportNotFound.Key}
		}
	}
	return merged, nil
}

// merge moves the reports, then tells of the one they go on as.
func (d *Desk) merge(ctx context.Context, tx Tx, p civic.Principal, city *civic.City, now time.Time, target *civic.Report, merged []*civic.Report) error {
	act := func(r *civic.Report) *act {
		return &act{ctx: ctx, tx: tx, city: city, actor: actorOf(p), doer: p, now: now, counts: now, report: r, newID: d.newID}
	}
	ids := make([]civic.ReportID, len(merged))
	for i, r := range merged {
		from := r.Status
		if err := city.Merge(r, target, now); err != nil {
			return err
		}
		if err := tx.AddMerge(ctx, r.ID, target, now); err != nil {
			return err
		}
		a := act(r)
		a.other = &target.ID
		event := a.event(civic.EventMerged)
		event.PreviousStatus = &from
		if err := a.joined(p, event); err != nil {
			return err
		}
		ids[i] = r.ID
	}
	if target.Visibility == civic.Public {
		came, err := tx.GatherSupport(ctx, target.ID, ids, now)
		if err != nil {
			return err
		}
		target.Upvotes += came
	}
	target.UpdatedAt = now
	a := act(target)
	return a.joined(p, a.event(civic.EventMerged))
}

// joined saves one of the reports of a merge with its traces.
func (a *act) joined(p civic.Principal, event civic.Event) error {
	if err := a.tx.SaveReport(a.ctx, a.report); err != nil {
		return err
	}
	if err := a.tell(civic.TimelineEntry{Kind: civic.TimelineMerged, Department: ownDepartment(p)}, event); err != nil {
		return err
	}
	return a.audit("merge")
}
