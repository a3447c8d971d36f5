package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// MediaOf reads the pictures and films of a report.
func (t *Tx) MediaOf(ctx context.Context, id civic.ReportID) ([]*civic.Media, error) {
	rows, err := t.q.ListMedia(ctx, []civic.UUID{id.UUID})
	media := make([]*civic.Media, len(rows))
	for i, row := range rows {
		media[i] = mediaOf(row)
	}
	return media, err
}

// LikePrints finds the prints of earlier proofs that share a word with probes, each once. From its first call until the end of the
// transaction nobody else looks or adds any.
func (t *Tx) LikePrints(ctx context.Context, probes []int32) ([]civic.KeptPrint, error) {
	if err := t.q.TakePrintTurn(ctx); err != nil {
		return nil, err
	}
	rows, err := t.q.ListLikePrints(ctx, probes)
	prints := make([]civic.KeptPrint, len(rows))
	for i, row := range rows {
		prints[i] = civic.KeptPrint{Report: civic.ReportID{UUID: row.ReportID}, Print: row.Print}
	}
	return prints, err
}

// AddResolution writes a resolution with its photos. The report must be locked: resolutions of one report are counted.
func (t *Tx) AddResolution(ctx context.Context, r *civic.Resolution) error {
	round, err := t.q.AddResolution(ctx, db.AddResolutionParams{
		ID: r.ID, ReportID: r.Report.UUID, Message: r.Message, DepartmentID: r.Department.UUID, ResolvedAt: r.ResolvedAt,
	})
	if err != nil || len(r.Photos) == 0 {
		return err
	}
	params := db.AddPhotosParams{ResolutionID: r.ID}
	media, checks, prints := []*civic.Media{}, []checkRow{}, []printRow{}
	for i, photo := range r.Photos {
		one := *photo.Media
		one.Position = (int(round)-1)*civic.MaxMedia + i
		media = append(media, &one)
		checks = append(checks, checkRow{
			Media: one.ID.UUIDString(), Report: r.Report.UUIDString(), Facts: photo.Check.Facts, Flags: photo.Check.Flags,
			ReusedFrom: text(plain(photo.Check.ReusedFrom)),
		})
		if len(photo.Words) > 0 {
			prints = append(prints, printRow{one.ID.UUIDString(), r.Report.UUIDString(), photo.Words, hex.EncodeToString(photo.Print)})
		}
	}
	for into, rows := range map[*[]byte]any{&params.Media: newMediaRows(media), &params.Checks: checks, &params.Prints: prints} {
		if *into, err = json.Marshal(rows); err != nil {
			return err
		}
	}
	return t.q.AddPhotos(ctx, params)
}

// The rows as jsonb_to_recordset names them; ids are plain uuids here.
type checkRow struct {
	Media      string                 `json:"media_id"`
	Report     string                 `json:"report_id"`
	Facts      civic.PhotoFacts       `json:"facts"`
	Flags      []civic.ResolutionFlag `json:"flags"`
	ReusedFrom *string                `json:"reused_from"`
}

type printRow struct {
	Media  string  `json:"media_id"`
	Report string  `json:"report_id"`
	Words  []int32 `json:"words"`
	Print  string  `json:"print"`
}

// AnswerResolution notes what the reporter thinks of the latest resolution, once.
func (t *Tx) AnswerResolution(ctx context.Context, id civic.ReportID, confirmed bool) error {
	return t.q.AnswerResolution(ctx, db.AnswerResolutionParams{ReportID: id.UUID, Confirmed: &confirmed})
}

// Resolutions reads the latest resolution of each of the reports.
func (s *Store) Resolutions(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]*civic.Resolution, error) {
	resolutions := map[civic.ReportID]*civic.Resolution{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListResolutions(ctx, uuids(reports))
		for _, row := range rows {
			id := civic.ReportID{UUID: row.ReportID}
			resolutions[id] = &civic.Resolution{
				ID: row.ID, Report: id, Message: row.Message, Department: civic.DepartmentID{UUID: row.DepartmentID},
				ResolvedAt: row.ResolvedAt, Confirmed: row.Confirmed,
			}
		}
		return err
	})
	return resolutions, err
}

// PhotoChecks reads what the machine found out about the photos of each of the reports, as far as scope may know.
func (s *Store) PhotoChecks(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.PhotoCheck, error) {
	checks := map[civic.ReportID][]*civic.PhotoCheck{}
	if isPublic(scope) {
		return checks, nil // the public role has no right to ask
	}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListPhotoChecks(ctx, uuids(reports))
		if err != nil {
			return err
		}
		for _, row := range rows {
			check := &civic.PhotoCheck{
				Photo: civic.MediaID{UUID: row.MediaID}, Resolution: row.ResolutionID, Report: civic.ReportID{UUID: row.ReportID},
			}
			for _, flag := range row.Flags {
				check.Flags = append(check.Flags, civic.ResolutionFlag(flag))
			}
			if row.ReusedFrom != nil {
				check.ReusedFrom = &civic.ReportID{UUID: *row.ReusedFrom}
			}
			if err := json.Unmarshal(row.Facts, &check.Facts); err != nil {
				return fmt.Errorf("facts of photo %s: %w", check.Photo, err)
			}
			checks[check.Report] = append(checks[check.Report], check)
		}
		return nil
	})
	return checks, err
}
