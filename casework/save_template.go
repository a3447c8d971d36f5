package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

const maxTemplateTitle = 120

// SaveTemplate writes an answer that a department prepares: a new one where draft has no id, or another wording of one it has.
func (d *Desk) SaveTemplate(ctx context.Context, p civic.Principal, draft civic.Template) (*civic.Template, error) {
	city, now := d.ports.City(), d.now()
	if !d.cfg.Guard(city, p, draft.Department) {
		return nil, civic.NotFound("department.not_found")
	}
	template, err := checkTemplate(city, draft)
	if err != nil {
		return nil, err
	}
	name := "change_template"
	if template.UpdatedAt = now; template.ID.IsZero() {
		template.ID.UUID, name = d.newID(), "save_template"
	}
	err = d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		if !draft.ID.IsZero() {
			if _, err := tx.Template(ctx, draft.ID); err != nil {
				return err
			}
		}
		if err := tx.SaveTemplate(ctx, template); err != nil {
			return err
		}
		return tx.AddAudit(ctx, civic.AuditLine{ID: d.newID(), At: now, Actor: actorOf(p), Action: name, Department: template.Department})
	})
	if err != nil {
		return nil, fmt.Errorf("save template: %w", err)
	}
	return template, nil
}

func checkTemplate(city *civic.City, draft civic.Template) (*civic.Template, error) {
	var err error
	if draft.Title, err = civic.CheckText("title", draft.Title, maxTemplateTitle); err != nil {
		return nil, err
	}
	if draft.Body, err = civic.CheckText("body", draft.Body, civic.MaxMessage); err != nil {
		return nil, err
	}
	if err := civic.CheckTemplate("body", draft.Body); err != nil {
		return nil, err
	}
	switch {
	case city.ActiveDepartment(draft.Department) == nil:
		return nil, civic.Invalid("department", "department.unknown")
	case draft.Category != nil && city.ActiveCategory(*draft.Category) == nil:
		return nil, civic.Invalid("category", "category.unknown")
	}
	return &draft, nil
}
