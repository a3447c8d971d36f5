package insight

import (
	"cmp"
	"maps"
	"slices"
)

// Fewest is how many anonymous reports a figure holds at least, if it holds any, where it leaves the department: fewer could be known again.
const Fewest = 5

// Slice is one part of a whole.
type Slice[K comparable] struct {
	Key   K
	Count int
}

// Slices lists cells, the largest first. With merge those that hold few anonymous reports go together: merged is how many reports they
// are. So that nothing can be told from what is left, they take others along until they hold enough, or there are no more.
func Slices[K comparable](cells map[K]Cell, merge bool, order func(a, b K) int) (parts []Slice[K], merged int) {
	keys := slices.SortedFunc(maps.Keys(cells), func(a, b K) int {
		return cmp.Or(cmp.Compare(cells[b].Count, cells[a].Count), order(a, b))
	})
	apart := map[K]bool{}
	if merge {
		apart = few(cells, keys)
	}
	for _, key := range keys {
		if apart[key] {
			merged += cells[key].Count
		} else if cells[key].Count > 0 {
			parts = append(parts, Slice[K]{key, cells[key].Count})
		}
	}
	return parts, merged
}

// few chooses the cells that are not told apart.
func few[K comparable](cells map[K]Cell, keys []K) map[K]bool {
	apart, hidden := map[K]bool{}, 0
	byAnonymous := slices.Clone(keys)
	slices.SortStableFunc(byAnonymous, func(a, b K) int { return cmp.Compare(cells[a].Anonymous, cells[b].Anonymous) })
	for _, key := range byAnonymous {
		anonymous := cells[key].Anonymous
		if anonymous == 0 || anonymous >= Fewest && (hidden == 0 || hidden >= Fewest) {
			continue
		}
		apart[key] = true
		hidden += anonymous
	}
	if len(apart) == 1 && hidden < Fewest { // one alone is no secret
		for _, key := range slices.Backward(keys) {
			if !apart[key] {
				apart[key] = true
				break
			}
		}
	}
	return apart
}
