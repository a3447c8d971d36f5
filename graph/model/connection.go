package model

// PageInfo says where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// NewPageInfo is made from the cursors of a page's items.
func NewPageInfo(cursors []string, hasNext, hasPrevious bool) *PageInfo {
	info := &PageInfo{HasNextPage: hasNext, HasPreviousPage: hasPrevious}
	if len(cursors) > 0 {
		info.StartCursor, info.EndCursor = &cursors[0], &cursors[len(cursors)-1]
	}
	return info
}

// ReportConnection is a page of reports.
type ReportConnection struct {
	Nodes    []*Report
	Cursors  []string
	PageInfo *PageInfo
}

// Edges are the reports with their cursors.
func (c *ReportConnection) Edges() []*ReportEdge {
	edges := make([]*ReportEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &ReportEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}

// CommentConnection is a page of comments.
type CommentConnection struct {
	Nodes    []*Comment
	Cursors  []string
	PageInfo *PageInfo
}

// Edges are the comments with their cursors.
func (c *CommentConnection) Edges() []*CommentEdge {
	edges := make([]*CommentEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &CommentEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}
