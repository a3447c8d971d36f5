package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// CountVotes writes votes and the counts that they change in one transaction, with one event for each report that changed. No
// citizen may come twice on the same report. One result for each vote, in order.
func (s *Store) CountVotes(ctx context.Context, votes []civic.Vote, at time.Time) (results []civic.VoteResult, err error) {
	err = s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		count := voteCount{tx: tx, q: db.New(tx), votes: votes, at: at}
		results, err = count.run(ctx)
		return err
	})
	return results, err
}

type voteCount struct {
	tx    pgx.Tx
	q     *db.Queries
	votes []civic.Vote
	at    time.Time
}

func (c *voteCount) run(ctx context.Context) ([]civic.VoteResult, error) {
	reports, voters := c.named()
	if _, err := c.tx.Exec(ctx, "-- name: AsVoters\nSELECT set_config('app.voters', $1, true)", joined(voters)); err != nil {
		return nil, err
	}
	locked, err := c.q.LockPublicReports(ctx, reports)
	if err != nil {
		return nil, err
	}
	changed, err := c.write(ctx, locked)
	if err != nil {
		return nil, err
	}
	found, err := c.count(ctx, locked, changed)
	if err != nil {
		return nil, err
	}
	results := make([]civic.VoteResult, len(c.votes))
	for i, vote := range c.votes {
		results[i] = civic.VoteResult{Report: found[vote.Report.UUID], Changed: changed[key(vote.Report.UUID, vote.Citizen.UUID)]}
	}
	return results, nil
}

func (c *voteCount) named() (reports, voters []civic.UUID) {
	for _, vote := range c.votes {
		reports, voters = append(reports, vote.Report.UUID), append(voters, vote.Citizen.UUID)
	}
	return reports, voters
}

type voteKey [2]civic.UUID

func key(report, citizen civic.UUID) voteKey { return voteKey{report, citizen} }

// write gives and takes back; the answer holds the votes that were not so already.
func (c *voteCount) write(ctx context.Context, locked []civic.UUID) (map[voteKey]bool, error) {
	votable := map[civic.UUID]bool{}
	for _, id := range locked {
		votable[id] = true
	}
	give, takeBack := db.GiveUpvotesParams{At: c.at}, db.TakeBackUpvotesParams{}
	for _, vote := range c.votes {
		switch {
		case !votable[vote.Report.UUID]:
		case vote.Give:
			give.Reports, give.Citizens = append(give.Reports, vote.Report.UUID), append(give.Citizens, vote.Citizen.UUID)
		default:
			takeBack.Reports, takeBack.Citizens = append(takeBack.Reports, vote.Report.UUID), append(takeBack.Citizens, vote.Citizen.UUID)
		}
	}
	changed := map[voteKey]bool{}
	if len(give.Reports) > 0 {
		given, err := c.q.GiveUpvotes(ctx, give)
		if err != nil {
			return nil, err
		}
		for _, row := range given {
			changed[key(row.ReportID, row.CitizenID)] = true
		}
	}
	if len(takeBack.Reports) > 0 {
		taken, err := c.q.TakeBackUpvotes(ctx, takeBack)
		if err != nil {
			return nil, err
		}
		for _, row := range taken {
			changed[key(row.ReportID, row.CitizenID)] = true
		}
	}
	return changed, nil
}

// count folds the changes into the reports, tells of them, and reads the reports as they are now.
func (c *voteCount) count(ctx context.Context, locked []civic.UUID, changed map[voteKey]bool) (map[civic.UUID]*civic.Report, error) {
	deltas := map[civic.UUID]int32{}
	for _, vote := range c.votes {
		if !changed[key(vote.Report.UUID, vote.Citizen.UUID)] {
			continue
		}
		if vote.Give {
			deltas[vote.Report.UUID]++
		} else {
			deltas[vote.Report.UUID]--
		}
	}
	var params db.CountUpvotesParams
	for id, delta := range deltas {
		params.Reports, params.Deltas = append(params.Reports, id), append(params.Deltas, delta)
	}
	if len(params.Reports) > 0 {
		if err := c.q.CountUpvotes(ctx, params); err != nil {
			return nil, err
		}
	}
	reports, err := collectReports(c.tx.Query(ctx, "-- name: VotedReports\nSELECT "+reportColumns+" FROM reports WHERE id = ANY ($1) ORDER BY id", locked))
	if err != nil {
		return nil, err
	}
	found := map[civic.UUID]*civic.Report{}
	change := Tx{tx: c.tx, q: c.q, now: func() time.Time { return c.at }}
	for _, report := range reports {
		found[report.ID.UUID] = report
		if deltas[report.ID.UUID] == 0 {
			continue
		}
		if err := change.AddEvent(ctx, civic.EventOf(civic.EventUpvoted, report, c.at)); err != nil {
			return nil, err
		}
	}
	return found, nil
}
