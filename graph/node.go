package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

type nodeFinder func(ctx context.Context, id string) (model.Node, error)

var errNodeNotFound = civic.NotFound("node.not_found")

// nodes finds each kind of object by its global id.
func (r *Resolver) nodes() map[string]nodeFinder {
	return map[string]nodeFinder{
		"report":       func(ctx context.Context, id string) (model.Node, error) { return asNode(r.reportByID(ctx, "id", id)) },
		"dept":         inCity(r, civic.ParseDepartmentID, (*civic.City).Department, (*model.View).Department),
		"cat":          inCity(r, civic.ParseCategoryID, (*civic.City).Category, (*model.View).Category),
		"district":     inCity(r, civic.ParseDistrictID, (*civic.City).District, (*model.View).District),
		"officer":      r.officerNode,
		"citizen":      r.citizenNode,
		"comment":      r.commentNode,
		"note":         r.noteNode,
		"template":     r.templateNode,
		"media":        r.mediaNode,
		"task":         r.taskNode,
		"rule":         r.ruleNode,
		"attachment":   r.attachmentNode,
		"notification": r.notificationNode,
		"alert":        r.alertNode,
		"cause":        inCity(r, civic.ParseCauseID, (*civic.City).Cause, (*model.View).Cause),
	}
}

// asNode keeps a nil pointer from becoming something that is not nil.
func asNode[T any](found *T, err error) (model.Node, error) {
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, errNodeNotFound
	}
	return found, nil
}

func inCity[ID, Noun, Shown any](r *Resolver, parse func(field, text string) (ID, error), find func(*civic.City, ID) *Noun, show func(*model.View, *Noun) *Shown) nodeFinder {
	return func(ctx context.Context, text string) (model.Node, error) {
		id, err := parse("id", text)
		if err != nil {
			return nil, err
		}
		view := r.view(ctx)
		return asNode(show(view, find(view.City, id)), nil)
	}
}

// officerNode shows colleagues to those who work for the city.
func (r *Resolver) officerNode(ctx context.Context, text string) (model.Node, error) {
	if !auth.From(ctx).IsStaff() {
		return nil, errNodeNotFound
	}
	return inCity(r, civic.ParseOfficerID, (*civic.City).Officer, (*model.View).Officer)(ctx, text)
}

// citizenNode shows citizens themselves, and nobody else.
func (r *Resolver) citizenNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseCitizenID("id", text)
	if err != nil {
		return nil, err
	}
	if p := auth.From(ctx); !p.IsCitizen() || p.Citizen != id {
		return nil, errNodeNotFound
	}
	return r.Query().Viewer(ctx)
}

func (r *Resolver) commentNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseCommentID("id", text)
	if err != nil {
		return nil, err
	}
	comment, err := r.Reader.Comment(ctx, r.scope(ctx), id)
	if err == nil {
		_, err = r.reportByID(ctx, "id", comment.Report.String())
	}
	return asNode(&model.Comment{Comment: comment, View: r.view(ctx)}, err)
}

func (r *Resolver) noteNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseNoteID("id", text)
	if err != nil {
		return nil, err
	}
	note, err := r.Reader.Note(ctx, r.scope(ctx), id)
	if err == nil {
		err = r.mayHandle(ctx, note.Report)
	}
	return asNode(&model.InternalNote{Note: note, View: r.view(ctx)}, err)
}

// mayHandle is NOT_FOUND unless the report is the caller's department's.
func (r *Resolver) mayHandle(ctx context.Context, id civic.ReportID) error {
	report, err := r.reportByID(ctx, "id", id.String())
	if err == nil && !report.View.Handles(report.Report.Department) {
		err = errNodeNotFound
	}
	return err
}
