package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// Upvote gives or takes back a citizen's support of a public report: one per citizen, and giving twice changes nothing. Votes that
// arrive together are written together, so that a report everybody supports is not a row everybody waits for.
func (d *Desk) Upvote(ctx context.Context, p civic.Principal, id civic.ReportID, give bool) (*civic.Report, error) {
	if !p.IsCitizen() {
		return nil, civic.Forbidden("report.citizens_only")
	}
	result, err := d.votes.cast(ctx, civic.Vote{Report: id, Citizen: p.Citizen, Give: give}, d.countVotes)
	if err != nil {
		return nil, fmt.Errorf("upvote: %w", err)
	}
	if result.Report == nil {
		return nil, errReportNotFound
	}
	return result.Report, nil
}

func (d *Desk) countVotes(ctx context.Context, votes []civic.Vote) ([]civic.VoteResult, error) {
	results, err := d.ports.Records.CountVotes(ctx, votes, d.now())
	if err == nil {
		d.ports.Poke()
	}
	return results, err
}
