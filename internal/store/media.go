package store

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Media reads the pictures and films of each of the reports, by purpose and in their order.
func (s *Store) Media(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Media, error) {
	media := map[civic.ReportID][]*civic.Media{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListMedia(ctx, uuids(reports))
		for _, row := range rows {
			m := mediaOf(row)
			media[m.Report] = append(media[m.Report], m)
		}
		return err
	})
	return media, err
}

// OneMedia finds a picture or a film that scope may see; NOT_FOUND otherwise.
func (s *Store) OneMedia(ctx context.Context, scope civic.Scope, id civic.MediaID) (media *civic.Media, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).FindMedia(ctx, id.UUID)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return civic.NotFound("node.not_found")
		}
		media = mediaOf(rows[0])
		return nil
	})
	return media, err
}

func mediaOf(row db.Medium) *civic.Media {
	m := &civic.Media{
		MediaRef: civic.MediaRef{
			ID: civic.MediaID{UUID: row.ID}, Kind: civic.MediaKind(row.Kind), ContentType: row.ContentType,
			Width: int(row.Width), Height: int(row.Height), ByteSize: int(row.ByteSize), Blob: row.Blob,
		},
		Report: civic.ReportID{UUID: row.ReportID}, Purpose: civic.MediaPurpose(row.Purpose), Position: int(row.Position),
	}
	if row.Thumbnail != nil {
		m.Thumbnail = *row.Thumbnail
	}
	if row.ResolutionID != nil {
		m.Resolution = *row.ResolutionID
	}
	return m
}

// PublicBlob tells whether everybody may see a blob now: it hangs on a report that is public and not hidden.
func (s *Store) PublicBlob(ctx context.Context, name string) (seen bool, err error) {
	err = s.read(ctx, civic.Scope{}, func(tx db.DBTX) error {
		seen, err = db.New(tx).BlobIsSeen(ctx, name)
		return err
	})
	return seen, err
}

// BlobsInUse finds those of the names that rows still refer to.
func (s *Store) BlobsInUse(ctx context.Context, names []string) (inUse []string, err error) {
	err = s.statement(ctx, func(tx db.DBTX) error {
		inUse, err = db.New(tx).BlobsInUse(ctx, names)
		return err
	})
	return inUse, err
}
