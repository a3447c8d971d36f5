package casework

import (
	"context"
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
)

// AttachFile adds a paper or a picture to a report, for the responsible department alone. Like a note it tells nobody: no timeline, no
// event.
func (d *Desk) AttachFile(ctx context.Context, p civic.Principal, id civic.ReportID, file civic.Upload, name string) (*civic.Attachment, error) {
	name, err := civic.CheckText("name", name, civic.MaxTitle)
	if err != nil {
		return nil, err
	}
	// Nobody works on a file before it is known whose report it is for; it is asked again when it counts.
	if err := d.mayAttach(ctx, p, id); err != nil {
		return nil, err
	}
	kept, err := d.keepMedia(ctx, "file", civic.MediaAttached, []civic.Upload{file})
	if err != nil {
		return nil, err
	}
	var attachment *civic.Attachment
	_, err = d.inside(ctx, p, id, "attach_file", true, d.handles, func(a *act) error {
		if err := hasRoom(a.ctx, a.tx, id); err != nil {
			return err
		}
		attachment = &civic.Attachment{
			ID: civic.AttachmentID{UUID: a.newID()}, Report: id, Name: name, ContentType: kept[0].ContentType, ByteSize: kept[0].ByteSize,
			Blob: kept[0].Blob, Author: p.Officer, CreatedAt: a.now,
		}
		return a.tx.AddAttachment(a.ctx, attachment)
	})
	if err != nil {
		return nil, err
	}
	return attachment, nil
}

func (d *Desk) mayAttach(ctx context.Context, p civic.Principal, id civic.ReportID) error {
	city := d.ports.City()
	return d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		report, err := tx.Report(ctx, id, false)
		if err != nil {
			return err
		}
		if !d.handles(city, p, report) {
			return errReportNotFound
		}
		return hasRoom(ctx, tx, id)
	})
}

func hasRoom(ctx context.Context, tx Tx, id civic.ReportID) error {
	n, err := tx.CountAttachments(ctx, id)
	if err == nil && n >= civic.MaxAttachments {
		err = civic.Conflict("attachment.too_many", "max", strconv.Itoa(civic.MaxAttachments))
	}
	return err
}
