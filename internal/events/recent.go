package events

import (
	"sort"

	"github.com/jagawarga/jagawarga/civic"
)

// recent holds the last events of the stream, in order, without a gap.
type recent struct {
	ring  []*civic.Event
	start int // of the oldest
	count int
	// floor is the place from which on every event of the stream is here.
	floor uint64
}

func newRecent(size int) recent { return recent{ring: make([]*civic.Event, size)} }

// restart empties it: the next event added stands at from, or later.
func (r *recent) restart(from uint64) {
	clear(r.ring)
	r.start, r.count, r.floor = 0, 0, from
}

func (r *recent) add(event *civic.Event) {
	if r.count == len(r.ring) {
		r.floor = r.ring[r.start].Sequence + 1
		r.ring[r.start] = event
		r.start = (r.start + 1) % len(r.ring)
		return
	}
	r.ring[(r.start+r.count)%len(r.ring)] = event
	r.count++
}

// covers reports whether everything after the place is here.
func (r *recent) covers(after uint64) bool { return after+1 >= r.floor }

// matching collects up to limit events of the topic after the place.
func (r *recent) matching(topic civic.Topic, after uint64, limit int) []*civic.Event {
	at := func(n int) *civic.Event { return r.ring[(r.start+n)%len(r.ring)] }
	var found []*civic.Event
	for n := sort.Search(r.count, func(n int) bool { return at(n).Sequence > after }); n < r.count && len(found) < limit; n++ {
		if event := at(n); matches(topic, event) {
			found = append(found, event)
		}
	}
	return found
}
