package store

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// What hangs on reports is read for many reports at once, one query whatever their number. Pages are oldest first.

// Comments reads a page for each of the reports.
func (s *Store) Comments(ctx context.Context, scope civic.Scope, reports []civic.ReportID, page civic.PageRequest) (map[civic.ReportID]civic.Page[*civic.Comment], error) {
	after, err := parseTimeCursor(page.After)
	if err != nil {
		return nil, err
	}
	pages := newPager[*civic.Comment](page)
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListComments(ctx, db.ListCommentsParams{
			Reports: uuids(reports), AfterAt: after.at, AfterID: after.id, Most: int32(page.First + 1),
		})
		for _, row := range rows {
			pages.add(civic.ReportID{UUID: row.ReportID}, timeCursor(row.CreatedAt, row.ID), &civic.Comment{
				ID: civic.CommentID{UUID: row.ID}, Report: civic.ReportID{UUID: row.ReportID}, Body: row.Body,
				Kind: civic.AuthorKind(row.AuthorKind), Department: departmentRef(row.DepartmentID), CreatedAt: row.CreatedAt,
			})
		}
		return err
	})
	return pages.of, err
}

// Timelines reads a page for each of the reports.
func (s *Store) Timelines(ctx context.Context, scope civic.Scope, reports []civic.ReportID, page civic.PageRequest) (map[civic.ReportID]civic.Page[*civic.TimelineEntry], error) {
	after, err := parseTimeCursor(page.After)
	if err != nil {
		return nil, err
	}
	pages := newPager[*civic.TimelineEntry](page)
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListTimelines(ctx, db.ListTimelinesParams{
			Reports: uuids(reports), AfterAt: after.at, AfterID: after.id, Most: int32(page.First + 1),
		})
		for _, row := range rows {
			entry := &civic.TimelineEntry{
				Report: civic.ReportID{UUID: row.ReportID}, Kind: civic.TimelineKind(row.Kind), At: row.At,
				Status: civic.Status(row.Status), Department: departmentRef(row.DepartmentID), Message: row.Message,
			}
			if row.Level != nil {
				level := int(*row.Level)
				entry.Level = &level
			}
			pages.add(entry.Report, timeCursor(row.At, row.ID), entry)
		}
		return err
	})
	return pages.of, err
}

// Notes reads the internal notes of each of the reports, as far as scope may see them.
func (s *Store) Notes(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Note, error) {
	notes := map[civic.ReportID][]*civic.Note{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListNotes(ctx, uuids(reports))
		for _, row := range rows {
			note := noteOf(row)
			notes[note.Report] = append(notes[note.Report], note)
		}
		return err
	})
	return notes, err
}

// Comment finds one comment that scope may see; NOT_FOUND otherwise.
func (s *Store) Comment(ctx context.Context, scope civic.Scope, id civic.CommentID) (comment *civic.Comment, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).FindComment(ctx, id.UUID)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return civic.NotFound("node.not_found")
		}
		comment = &civic.Comment{
			ID: id, Report: civic.ReportID{UUID: rows[0].ReportID}, Body: rows[0].Body, Kind: civic.AuthorKind(rows[0].AuthorKind),
			Department: departmentRef(rows[0].DepartmentID), CreatedAt: rows[0].CreatedAt,
		}
		return nil
	})
	return comment, err
}

// Note finds one internal note that scope may see; NOT_FOUND otherwise.
func (s *Store) Note(ctx context.Context, scope civic.Scope, id civic.NoteID) (note *civic.Note, err error) {
	if isPublic(scope) {
		return nil, civic.NotFound("node.not_found") // the public role has no right to ask
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).FindNote(ctx, id.UUID)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return civic.NotFound("node.not_found")
		}
		note = noteOf(rows[0])
		return nil
	})
	return note, err
}

func noteOf(row db.InternalNote) *civic.Note {
	return &civic.Note{
		ID: civic.NoteID{UUID: row.ID}, Report: civic.ReportID{UUID: row.ReportID}, Body: row.Body,
		Author: civic.OfficerID{UUID: row.AuthorID}, CreatedAt: row.CreatedAt,
	}
}

// Upvoted tells which of the reports the citizen supports.
func (s *Store) Upvoted(ctx context.Context, citizen civic.CitizenID, reports []civic.ReportID) (map[civic.ReportID]bool, error) {
	given := map[civic.ReportID]bool{}
	err := s.read(ctx, civic.Scope{Citizen: &citizen}, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListUpvoted(ctx, db.ListUpvotedParams{Citizen: citizen.UUID, Reports: uuids(reports)})
		for _, id := range rows {
			given[civic.ReportID{UUID: id}] = true
		}
		return err
	})
	return given, err
}

// Followed tells which of the reports the citizen follows.
func (s *Store) Followed(ctx context.Context, citizen civic.CitizenID, reports []civic.ReportID) (map[civic.ReportID]bool, error) {
	followed := map[civic.ReportID]bool{}
	err := s.read(ctx, civic.Scope{Citizen: &citizen}, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListFollowed(ctx, db.ListFollowedParams{Citizen: citizen.UUID, Reports: uuids(reports)})
		for _, id := range rows {
			followed[civic.ReportID{UUID: id}] = true
		}
		return err
	})
	return followed, err
}

// Ratings reads what the reporters of the reports thought of how they were dealt with.
func (s *Store) Ratings(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]*civic.Rating, error) {
	ratings := map[civic.ReportID]*civic.Rating{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListRatings(ctx, uuids(reports))
		for _, row := range rows {
			id := civic.ReportID{UUID: row.ReportID}
			ratings[id] = &civic.Rating{Report: id, Score: int(row.Score), Comment: row.Comment, RatedAt: row.RatedAt}
		}
		return err
	})
	return ratings, err
}

// pager cuts the rows of several reports into a page each; the query asked for one row more than a page holds.
type pager[T any] struct {
	page civic.PageRequest
	of   map[civic.ReportID]civic.Page[T]
}

func newPager[T any](page civic.PageRequest) pager[T] {
	return pager[T]{page, map[civic.ReportID]civic.Page[T]{}}
}

func (p pager[T]) add(report civic.ReportID, cursor string, item T) {
	page := p.of[report]
	page.HasPrev = p.page.After != ""
	if len(page.Items) == p.page.First {
		page.HasNext = true
	} else {
		page.Items, page.Cursors = append(page.Items, item), append(page.Cursors, cursor)
	}
	p.of[report] = page
}

type timeKey struct {
	at time.Time
	id civic.UUID
}
