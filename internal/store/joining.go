package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Together finds reports within the scope, locked until the end of the transaction, in the order of their ids whoever asks for them: so
// that those who lock several do not wait for each other in a ring.
func (t *Tx) Together(ctx context.Context, ids []civic.ReportID) ([]*civic.Report, error) {
	return collectChanging(t.tx.Query(ctx, "-- name: ReportsTogether\nSELECT "+changeColumns+
		" FROM reports WHERE id = ANY ($1) ORDER BY id FOR UPDATE", uuids(ids)))
}

// AddMerge writes that a report goes on as another, together with all that went on as it. Both must be the scope's departments'.
func (t *Tx) AddMerge(ctx context.Context, report civic.ReportID, into *civic.Report, at time.Time) error {
	if err := t.q.LeadOn(ctx, db.LeadOnParams{IntoID: into.ID.UUID, Status: string(into.Status), ReportID: report.UUID}); err != nil {
		return err
	}
	return t.q.AddMerge(ctx, db.AddMergeParams{
		ReportID: report.UUID, IntoID: into.ID.UUID, Status: string(into.Status), MergedAt: at,
	})
}

// GatherSupport gives a report the supporters of others, each citizen once, and their followers and reporters as followers. It answers how
// many supporters came. Nobody learns who they are.
func (t *Tx) GatherSupport(ctx context.Context, into civic.ReportID, from []civic.ReportID, at time.Time) (came int, err error) {
	joining := joined(uuids(append(from[:len(from):len(from)], into)))
	if _, err := t.tx.Exec(ctx, "-- name: AsJoining\nSELECT set_config('app.joining', $1, true)", joining); err != nil {
		return 0, err
	}
	n, err := t.q.GatherUpvotes(ctx, db.GatherUpvotesParams{IntoID: into.UUID, Reports: uuids(from)})
	if err != nil {
		return 0, err
	}
	if err := t.q.RaiseUpvotes(ctx, db.RaiseUpvotesParams{ID: into.UUID, More: int32(n)}); err != nil {
		return 0, err
	}
	return int(n), t.q.GatherFollowers(ctx, db.GatherFollowersParams{IntoID: into.UUID, Reports: uuids(from), At: at})
}

// AddPart writes a new report that was split off origin: visibility, reporter, place and the time of filing are taken from the rows of
// origin themselves, and so is the receipt that leads to it.
func (t *Tx) AddPart(ctx context.Context, origin civic.ReportID, part *civic.Report, salt []byte) error {
	answers, err := json.Marshal(part.Answers)
	if err != nil {
		return err
	}
	if part.Answers == nil {
		answers = []byte("[]")
	}
	err = t.q.AddPart(ctx, db.AddPartParams{
		ID: part.ID.UUID, Number: part.Number, Title: part.Title, Body: part.Body, Status: string(part.Status), Priority: string(part.Priority),
		CategoryID: part.Category.UUID, DepartmentID: part.Department.UUID, Answers: answers, UpdatedAt: part.UpdatedAt,
		AssigneeID: plain(part.Assignee), ResponseDueAt: optional(part.Clock.ResponseDue), ResolutionDueAt: optional(part.Clock.ResolutionDue),
		AnsweredAt: part.Clock.AnsweredAt, NextDueAt: part.Clock.NextDue, WarnAt: part.Clock.WarnAt,
		ClockStood: part.Clock.Stood.Microseconds(), ClockFrom: part.Clock.From, Salt: salt, OriginID: origin.UUID,
	})
	if err != nil {
		return err
	}
	return t.q.LinkPart(ctx, db.LinkPartParams{PartID: part.ID.UUID, OriginID: origin.UUID})
}

// Merges tells of each of the reports that was merged where it goes on.
func (s *Store) Merges(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]civic.Merge, error) {
	merges := map[civic.ReportID]civic.Merge{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListMerges(ctx, uuids(reports))
		for _, row := range rows {
			merge := civic.Merge{Report: civic.ReportID{UUID: row.ReportID}, Into: civic.ReportID{UUID: row.IntoID}, Status: civic.Status(row.Status)}
			merges[merge.Report] = merge
		}
		return err
	})
	return merges, err
}

// Parts lists the parts of each of the reports, in the order in which they were made, as far as scope may see them.
func (s *Store) Parts(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]civic.ReportID, error) {
	parts := map[civic.ReportID][]civic.ReportID{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListParts(ctx, uuids(reports))
		for _, row := range rows {
			origin := civic.ReportID{UUID: row.OriginID}
			parts[origin] = append(parts[origin], civic.ReportID{UUID: row.PartID})
		}
		return err
	})
	return parts, err
}

// Origins tells of each of the reports that is a part what it was split off.
func (s *Store) Origins(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]civic.ReportID, error) {
	origins := map[civic.ReportID]civic.ReportID{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListOrigins(ctx, uuids(reports))
		for _, row := range rows {
			origins[civic.ReportID{UUID: row.PartID}] = civic.ReportID{UUID: row.OriginID}
		}
		return err
	})
	return origins, err
}
