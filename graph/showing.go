package graph

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/jagawarga/jagawarga/civic"
)

// showing loads the report of a live event once for all watchers with the same rights: a thousand people on the public feed cost
// one query an event. The database is asked with the watchers' own scope, so what a scope may not see is not shown.
type showing struct {
	reader Reader

	mu     sync.Mutex
	recent map[shownKey]*shownReport
	order  []shownKey // oldest first, to forget them
}

const rememberShown = 512

type shownKey struct {
	sequence uint64
	scope    string
}

type shownReport struct {
	once   sync.Once
	report *civic.Report // nil: the scope may not see it
	err    error
}

func newShowing(reader Reader) *showing {
	return &showing{reader: reader, recent: map[shownKey]*shownReport{}}
}

// report is the event's report as scope sees it, in the state that the event left it in; nil if scope does not.
func (s *showing) report(ctx context.Context, event *civic.Event, scope civic.Scope, scopeName string) (*civic.Report, error) {
	key := shownKey{event.Sequence, scopeName}
	shown := s.remember(key)
	shown.once.Do(func() {
		// The load is everybody's: it must not end with the watcher who happened to be first.
		found, err := s.reader.Reports(context.WithoutCancel(ctx), scope, []civic.ReportID{event.Report})
		if err == nil && len(found) == 1 {
			shown.report = event.LaidOver(found[0])
		}
		if shown.err = err; err != nil {
			s.forget(key, shown) // who comes back with the cursor must be able to see it
		}
	})
	return shown.report, shown.err
}

func (s *showing) remember(key shownKey) *shownReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if shown := s.recent[key]; shown != nil {
		return shown
	}
	if len(s.order) == rememberShown {
		delete(s.recent, s.order[0])
		s.order = s.order[1:]
	}
	shown := &shownReport{}
	s.recent[key], s.order = shown, append(s.order, key)
	return shown
}

// forget leaves the key in order, where it is harmless: at worst the event is forgotten once more, too early.
func (s *showing) forget(key shownKey, shown *shownReport) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recent[key] == shown {
		delete(s.recent, key)
	}
}

// scopeName tells scopes apart.
func scopeName(scope civic.Scope) string {
	var name strings.Builder
	if scope.Citizen != nil {
		name.WriteString(scope.Citizen.UUIDString())
	}
	for _, department := range scope.Departments {
		name.WriteString(department.UUIDString())
	}
	if scope.Receipt != nil {
		fmt.Fprintf(&name, "%x", scope.Receipt)
	}
	return name.String()
}
