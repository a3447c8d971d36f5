package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Edit is what a reporter wants to change; nil leaves it as it is. Media comes behind what the report has.
type Edit struct {
	Title *string
	Body  *string
	Place *civic.Place
	Media []civic.Upload
}

// EditReport lets a reporter say it better as long as nobody has begun. The audit gets a commitment to the new text, as it has one to
// the old; neither text stands there.
func (d *Desk) EditReport(ctx context.Context, p civic.Principal, id civic.ReportID, edit Edit) (*civic.Report, error) {
	edit, err := d.checkEdit(edit)
	if err != nil {
		return nil, err
	}
	if err := d.beforeAdding(ctx, p, id, addMediaField, len(edit.Media), mayEdit); err != nil {
		return nil, err
	}
	kept, err := d.keepMedia(ctx, addMediaField, civic.MediaOfReport, edit.Media)
	if err != nil {
		return nil, err
	}
	return d.perform(ctx, p, id, "edit", mine, func(a *act) error {
		r := a.report
		if err := mayEdit(r); err != nil {
			return err
		}
		if err := a.addMedia(addMediaField, kept); err != nil {
			return err
		}
		if edit.Title != nil {
			r.Title = *edit.Title
		}
		if edit.Body != nil {
			r.Body = *edit.Body
		}
		if edit.Place != nil {
			r.Place = edit.Place
		}
		r.UpdatedAt = a.now
		salt := civic.NewSalt(d.cfg.Random)
		a.filing = new(civic.NewFiling(r.Number, r.CreatedAt, salt, r.Title, r.Body))
		if err := a.tx.SaveText(a.ctx, r, salt); err != nil {
			return err
		}
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineEdited}, a.event(civic.EventEdited))
	})
}

func mayEdit(r *civic.Report) error {
	if r.Status != civic.Received {
		return civic.Conflict("report.edit_late")
	}
	return nil
}

func (d *Desk) checkEdit(edit Edit) (Edit, error) {
	if edit.Title == nil && edit.Body == nil && edit.Place == nil && len(edit.Media) == 0 {
		return edit, civic.Invalid("input", "edit.nothing")
	}
	for _, text := range []struct {
		field string
		of    **string
		limit int
	}{{"title", &edit.Title, civic.MaxTitle}, {"body", &edit.Body, civic.MaxBody}} {
		if *text.of == nil {
			continue
		}
		checked, err := civic.CheckText(text.field, **text.of, text.limit)
		if err != nil {
			return edit, err
		}
		*text.of = &checked
	}
	var err error
	if edit.Place != nil {
		edit.Place, err = d.ports.City().CheckPlace("location", *edit.Place)
	}
	return edit, err
}
