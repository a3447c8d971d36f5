package store

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

var errAttachmentNotFound = civic.NotFound("attachment.not_found")

// AddAttachment writes what a department attached.
func (t *Tx) AddAttachment(ctx context.Context, a *civic.Attachment) error {
	return t.q.AddAttachment(ctx, db.AddAttachmentParams{
		ID: a.ID.UUID, ReportID: a.Report.UUID, Name: a.Name, ContentType: a.ContentType, ByteSize: int64(a.ByteSize), Blob: a.Blob,
		AuthorID: a.Author.UUID, CreatedAt: a.CreatedAt,
	})
}

// CountAttachments is how many a report has.
func (t *Tx) CountAttachments(ctx context.Context, id civic.ReportID) (int, error) {
	n, err := t.q.CountAttachments(ctx, id.UUID)
	return int(n), err
}

// Attachments lists what departments attached to each of the reports, oldest first, as far as scope may see it.
func (s *Store) Attachments(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Attachment, error) {
	attachments := map[civic.ReportID][]*civic.Attachment{}
	if isPublic(scope) {
		return attachments, nil // the public role has no right to ask
	}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListAttachments(ctx, uuids(reports))
		for _, row := range rows {
			attachment := attachmentOf(row)
			attachments[attachment.Report] = append(attachments[attachment.Report], attachment)
		}
		return err
	})
	return attachments, err
}

// OneAttachment finds one that scope may see; NOT_FOUND otherwise.
func (s *Store) OneAttachment(ctx context.Context, scope civic.Scope, id civic.AttachmentID) (attachment *civic.Attachment, err error) {
	if isPublic(scope) {
		return nil, errAttachmentNotFound
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).FindAttachment(ctx, id.UUID)
		if err == nil && len(rows) == 0 {
			err = errAttachmentNotFound
		}
		if err == nil {
			attachment = attachmentOf(rows[0])
		}
		return err
	})
	return attachment, err
}

func attachmentOf(row db.Attachment) *civic.Attachment {
	return &civic.Attachment{
		ID: civic.AttachmentID{UUID: row.ID}, Report: civic.ReportID{UUID: row.ReportID}, Name: row.Name, ContentType: row.ContentType,
		ByteSize: int(row.ByteSize), Blob: row.Blob, Author: civic.OfficerID{UUID: row.AuthorID}, CreatedAt: row.CreatedAt,
	}
}
