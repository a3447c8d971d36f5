package escalator

import (
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

const (
	firstRest = 5 * time.Second
	longRest  = 10 * time.Minute
	mostRests = 1_000 // more broken reports than that are one broken database
)

// broken remembers which reports failed, how often, and until when they are left alone.
type broken struct {
	mu    sync.Mutex
	rests map[civic.ReportID]rest
}

type rest struct {
	until time.Time
	last  time.Duration
}

func newBroken() broken { return broken{rests: map[civic.ReportID]rest{}} }

// failed lets the report rest, twice as long as the last time.
func (b *broken) failed(id civic.ReportID, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	pause := min(max(2*b.rests[id].last, firstRest), longRest)
	if len(b.rests) < mostRests {
		b.rests[id] = rest{now.Add(pause), pause}
	}
	return pause
}

func (b *broken) healed(ids ...civic.ReportID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		delete(b.rests, id)
	}
}

// resting lists the reports to leave alone now.
func (b *broken) resting(now time.Time) []civic.ReportID {
	b.mu.Lock()
	defer b.mu.Unlock()
	ids := make([]civic.ReportID, 0, len(b.rests))
	for id, rest := range b.rests {
		switch {
		case rest.until.After(now):
			ids = append(ids, id)
		case now.Sub(rest.until) > longRest:
			delete(b.rests, id) // gone, or dealt with by somebody else
		}
	}
	return ids
}
