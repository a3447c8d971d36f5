package store

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

var errTemplateNotFound = civic.NotFound("template.not_found")

// Templates lists a department's templates by title, as far as scope may see them.
func (s *Store) Templates(ctx context.Context, scope civic.Scope, department civic.DepartmentID) (templates []*civic.Template, err error) {
	if isPublic(scope) {
		return nil, nil // the public role has no right to ask
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListTemplates(ctx, department.UUID)
		for _, row := range rows {
			templates = append(templates, templateOf(row))
		}
		return err
	})
	return templates, err
}

// Template finds one that scope may see; NOT_FOUND otherwise.
func (s *Store) Template(ctx context.Context, scope civic.Scope, id civic.TemplateID) (template *civic.Template, err error) {
	if isPublic(scope) {
		return nil, errTemplateNotFound
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		template, err = oneTemplate(db.New(tx).FindTemplate(ctx, id.UUID))
		return err
	})
	return template, err
}

func oneTemplate(rows []db.ResponseTemplate, err error) (*civic.Template, error) {
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errTemplateNotFound
	}
	return templateOf(rows[0]), nil
}

func templateOf(row db.ResponseTemplate) *civic.Template {
	template := &civic.Template{
		ID: civic.TemplateID{UUID: row.ID}, Department: civic.DepartmentID{UUID: row.DepartmentID}, Title: row.Title, Body: row.Body,
		Status: (*civic.Status)(row.Status), UpdatedAt: row.UpdatedAt,
	}
	if row.CategoryID != nil {
		template.Category = &civic.CategoryID{UUID: *row.CategoryID}
	}
	return template
}
