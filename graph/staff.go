package graph

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/insight"
)

// staff is how the officers of departments did: found for all of the departments the first time anybody asks.
type staff struct {
	load  func(ctx context.Context) (map[civic.DepartmentID]map[civic.OfficerID]*insight.Tally, error)
	once  sync.Once
	found map[civic.DepartmentID]map[civic.OfficerID]*insight.Tally
	err   error
}

// of lists a department's, by name.
func (s *staff) of(ctx context.Context, view *model.View, department civic.DepartmentID) ([]*model.OfficerPerformance, error) {
	s.once.Do(func() { s.found, s.err = s.load(ctx) })
	if s.err != nil {
		return nil, s.err
	}
	list := make([]*model.OfficerPerformance, 0, len(s.found[department]))
	for id, t := range s.found[department] {
		officer := view.Officer(view.City.Officer(id))
		if officer == nil {
			continue // somebody who is gone
		}
		list = append(list, &model.OfficerPerformance{
			Officer: officer, Handled: t.Received - t.Open().Count, ResolutionHours: distribution(&t.Resolution), Rating: t.Rating(),
		})
	}
	slices.SortFunc(list, func(a, b *model.OfficerPerformance) int {
		return cmp.Or(strings.Compare(a.Officer.Name, b.Officer.Name), bytes.Compare(a.Officer.ID.UUID[:], b.Officer.ID.UUID[:]))
	})
	return list, nil
}
