package store

import (
	"context"
	"errors"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
	"github.com/jagawarga/jagawarga/internal/suggest"
)

// Examples gives the beginnings of the newest public reports and their categories, the oldest of these first. It holds a page at a time,
// and no connection between two pages.
func (s *Store) Examples(ctx context.Context, newest int) iter.Seq2[suggest.Example, error] {
	return func(yield func(suggest.Example, error) bool) {
		after, err := s.exampleBefore(ctx, newest)
		for read := 0; err == nil && read < newest; {
			var page []db.ListExamplesRow
			err = s.read(ctx, civic.Scope{}, func(tx db.DBTX) (err error) {
				page, err = db.New(tx).ListExamples(ctx, after)
				return err
			})
			for _, row := range page {
				if !yield(suggest.Example{Text: row.Words, Category: civic.CategoryID{UUID: row.CategoryID}}, nil) {
					return
				}
				after = db.ListExamplesParams{AfterAt: row.CreatedAt, AfterID: row.ID}
			}
			if read += len(page); err == nil && len(page) == 0 {
				return
			}
		}
		if err != nil {
			yield(suggest.Example{}, err)
		}
	}
}

// exampleBefore is where the newest begin; the zero place where there are no more than these.
func (s *Store) exampleBefore(ctx context.Context, newest int) (place db.ListExamplesParams, err error) {
	err = s.read(ctx, civic.Scope{}, func(tx db.DBTX) error {
		row, err := db.New(tx).ExampleBefore(ctx, int32(newest))
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		place = db.ListExamplesParams{AfterAt: row.CreatedAt, AfterID: row.ID}
		return err
	})
	return place, err
}
