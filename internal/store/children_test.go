package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// What hangs on several reports comes in one query, each with a page of its own, oldest first, ties and all.
func TestChildrenOfSeveralReports(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	rows := c.Store(roles.Server)
	reports := []civic.ReportID{c.File().ID, c.File().ID, c.File().ID}
	for i, n := range []int{0, 5, 13} {
		for j := range n {
			c.Exec("INSERT INTO comments VALUES ($1, $2, $3, 'CITIZEN', NULL, NULL, $4)", newID().Bytes(), reports[i].Bytes(),
				fmt.Sprint(j), coretest.Monday.Add(time.Duration(j/3)*time.Second))
		}
	}
	seen, after := map[civic.CommentID]bool{}, ""
	for range 4 {
		pages, err := rows.Comments(t.Context(), civic.Scope{}, reports[2:], civic.PageRequest{First: 4, After: after})
		if err != nil {
			t.Fatal(err)
		}
		page, last := pages[reports[2]], time.Time{}
		for _, comment := range page.Items {
			if seen[comment.ID] || comment.CreatedAt.Before(last) {
				t.Error("a comment came twice or out of order")
			}
			seen[comment.ID], last = true, comment.CreatedAt
		}
		if page.HasNext != (len(seen) < 13) || page.HasPrev != (after != "") {
			t.Errorf("after %d: next %v, previous %v", len(seen), page.HasNext, page.HasPrev)
		}
		after = page.Cursors[len(page.Cursors)-1]
	}
	if len(seen) != 13 {
		t.Errorf("%d comments", len(seen))
	}
	pages, err := rows.Comments(t.Context(), civic.Scope{}, reports, civic.PageRequest{First: 4})
	if err != nil || len(pages[reports[0]].Items) != 0 || len(pages[reports[1]].Items) != 4 || len(pages[reports[2]].Items) != 4 {
		t.Errorf("%v, %v", pages, err)
	}
	history, err := rows.Timelines(t.Context(), civic.Scope{}, reports, civic.PageRequest{First: 4})
	if err != nil || len(history) != 3 || history[reports[0]].Items[0].Kind != civic.TimelineSubmitted {
		t.Errorf("%v, %v", history, err)
	}
}
