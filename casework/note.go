package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// AddNote writes a remark that only the responsible department sees. It tells nobody: no timeline, no event.
func (d *Desk) AddNote(ctx context.Context, p civic.Principal, id civic.ReportID, body string) (*civic.Note, error) {
	body, err := civic.CheckText("body", body, civic.MaxComment)
	if err != nil {
		return nil, err
	}
	var note civic.Note
	_, err = d.handle(ctx, p, id, "add_note", func(a *act) error {
		note = civic.Note{ID: civic.NoteID{UUID: a.newID()}, Report: id, Body: body, Author: p.Officer, CreatedAt: a.now}
		return a.tx.AddNote(a.ctx, note)
	})
	if err != nil {
		return nil, err
	}
	return &note, nil
}
