package plan

import (
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

// Report compiles a selection on a report; nil when a plan cannot.
func Report(selections ast.SelectionSet) Write[*model.Report] {
	return object("Report", selections, reportField)
}

// Reports compiles a selection on a page of reports; nil when a plan cannot.
func Reports(selections ast.SelectionSet) Write[*model.ReportConnection] {
	return object("ReportConnection", selections, connectionField)
}

// named is an id.
type named interface{ String() string }

func reportField(f *ast.Field) Write[*model.Report] {
	switch f.Name {
	case "id":
		return id(func(r *model.Report) named { return r.ID })
	case "number":
		return text(func(r *model.Report) string { return r.Number })
	case "title":
		return text(func(r *model.Report) string { return r.Title })
	case "body":
		return text(func(r *model.Report) string { return r.Body })
	case "visibility":
		return text(func(r *model.Report) civic.Visibility { return r.Visibility })
	case "status":
		return text(func(r *model.Report) civic.Status { return r.Status })
	case "priority":
		return text(func(r *model.Report) civic.Priority { return r.Priority })
	case "createdAt":
		return instant(func(r *model.Report) time.Time { return r.CreatedAt })
	case "updatedAt":
		return instant(func(r *model.Report) time.Time { return r.UpdatedAt })
	case "resolvedAt":
		return optionalInstant(func(r *model.Report) *time.Time { return r.ResolvedAt })
	case "nextBy":
		return optionalInstant((*model.Report).NextBy)
	case "upvoteCount":
		return integer((*model.Report).UpvoteCount)
	case "category":
		return nested((*model.Report).Category, object("Category", f.SelectionSet, categoryField))
	case "department":
		return nested((*model.Report).Department, object("Department", f.SelectionSet, departmentField))
	case "location":
		return nested((*model.Report).Where, object("Location", f.SelectionSet, locationField))
	case "media":
		return list(func(r *model.Report) []*model.Media { return r.Media }, object("Media", f.SelectionSet, mediaField))
	}
	return nil
}

// mediaField is for pictures and films that whoever runs the plan has loaded (WantsMedia).
func mediaField(f *ast.Field) Write[*model.Media] {
	switch f.Name {
	case "id":
		return id(func(m *model.Media) named { return m.ID })
	case "kind":
		return text(func(m *model.Media) civic.MediaKind { return m.Kind })
	case "contentType":
		return text(func(m *model.Media) string { return m.ContentType })
	case "width":
		return integer(func(m *model.Media) int { return m.Width })
	case "height":
		return integer(func(m *model.Media) int { return m.Height })
	case "byteSize":
		return integer(func(m *model.Media) int { return m.ByteSize })
	case "url":
		return text(func(m *model.Media) string { return m.URL })
	case "thumbnailUrl":
		return text(func(m *model.Media) string { return m.ThumbnailURL })
	}
	return nil
}

func categoryField(f *ast.Field) Write[*model.Category] {
	switch f.Name {
	case "id":
		return id(func(c *model.Category) named { return c.ID })
	case "code":
		return text(func(c *model.Category) string { return c.Code })
	case "name":
		return text((*model.Category).Name)
	case "responseHours":
		return integer(func(c *model.Category) int { return c.ResponseHours })
	case "resolutionHours":
		return integer(func(c *model.Category) int { return c.ResolutionHours })
	case "proofRequired":
		return boolean(func(c *model.Category) bool { return c.ProofRequired })
	case "publicOnMap":
		return boolean(func(c *model.Category) bool { return c.PublicOnMap })
	case "sensitive":
		return boolean(func(c *model.Category) bool { return c.Sensitive })
	case "department":
		return nested((*model.Category).Department, object("Department", f.SelectionSet, departmentField))
	case "parent":
		return nested((*model.Category).Parent, object("Category", f.SelectionSet, categoryField))
	}
	return nil
}

func departmentField(f *ast.Field) Write[*model.Department] {
	switch f.Name {
	case "id":
		return id(func(d *model.Department) named { return d.ID })
	case "code":
		return text(func(d *model.Department) string { return d.Code })
	case "name":
		return text((*model.Department).Name)
	case "level":
		return integer(func(d *model.Department) int { return d.Level })
	case "parent":
		return nested((*model.Department).Parent, object("Department", f.SelectionSet, departmentField))
	}
	return nil
}

func locationField(f *ast.Field) Write[*model.Location] {
	switch f.Name {
	case "latitude":
		return degrees(func(l *model.Location) float64 { return l.Latitude })
	case "longitude":
		return degrees(func(l *model.Location) float64 { return l.Longitude })
	case "address":
		return optionalText((*model.Location).Address)
	case "district":
		return nested((*model.Location).District, object("District", f.SelectionSet, districtField))
	}
	return nil
}

func districtField(f *ast.Field) Write[*model.District] {
	switch f.Name {
	case "id":
		return id(func(d *model.District) named { return d.ID })
	case "name":
		return text(func(d *model.District) string { return d.Name })
	case "outline":
		return list(func(d *model.District) []civic.Point { return d.Outline }, object("Point", f.SelectionSet, pointField))
	}
	return nil
}

func pointField(f *ast.Field) Write[civic.Point] {
	switch f.Name {
	case "latitude":
		return degrees(func(p civic.Point) float64 { return p.Latitude })
	case "longitude":
		return degrees(func(p civic.Point) float64 { return p.Longitude })
	}
	return nil
}

func connectionField(f *ast.Field) Write[*model.ReportConnection] {
	switch f.Name {
	case "nodes":
		return list(func(c *model.ReportConnection) []*model.Report { return c.Nodes }, Report(f.SelectionSet))
	case "edges":
		return list((*model.ReportConnection).Edges, object("ReportEdge", f.SelectionSet, edgeField))
	case "pageInfo":
		return nested(func(c *model.ReportConnection) *model.PageInfo { return c.PageInfo }, object("PageInfo", f.SelectionSet, pageInfoField))
	}
	return nil
}

func edgeField(f *ast.Field) Write[*model.ReportEdge] {
	switch f.Name {
	case "cursor":
		return text(func(e *model.ReportEdge) string { return e.Cursor })
	case "node":
		return nested(func(e *model.ReportEdge) *model.Report { return e.Node }, Report(f.SelectionSet))
	}
	return nil
}

func pageInfoField(f *ast.Field) Write[*model.PageInfo] {
	switch f.Name {
	case "hasNextPage":
		return boolean(func(p *model.PageInfo) bool { return p.HasNextPage })
	case "hasPreviousPage":
		return boolean(func(p *model.PageInfo) bool { return p.HasPreviousPage })
	case "startCursor":
		return optionalText(func(p *model.PageInfo) *string { return p.StartCursor })
	case "endCursor":
		return optionalText(func(p *model.PageInfo) *string { return p.EndCursor })
	}
	return nil
}
