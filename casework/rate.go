package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Rate takes what a reporter thinks of how the report was dealt with, once its department calls it done. A later rating takes the place
// of an earlier one.
func (d *Desk) Rate(ctx context.Context, p civic.Principal, id civic.ReportID, score int, comment string) (*civic.Report, error) {
	if err := civic.CheckScore("score", score); err != nil {
		return nil, err
	}
	comment, err := civic.CheckOptionalText("comment", comment, civic.MaxComment)
	if err != nil {
		return nil, err
	}
	return d.inside(ctx, p, id, "rate", true, mine, func(a *act) error {
		if a.report.ResolvedAt == nil {
			return civic.Conflict("resolution.none")
		}
		if err := a.tx.SaveRating(a.ctx, civic.Rating{Report: id, Score: score, Comment: comment, RatedAt: a.now}); err != nil {
			return err
		}
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineRated}, a.event(civic.EventRated))
	})
}
