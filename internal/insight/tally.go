package insight

import (
	"slices"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// statuses is how many there are; a Tally counts by their place in civic.Statuses.
const statuses = 10

// Tally is what is known of many reports. All but the last two are about the reports that came in a period, as they stand now.
type Tally struct {
	Received, Anonymous           int
	Statuses, AnonymousStatuses   [statuses]int
	Overdue                       int
	Resolved, Escalated, Reopened int
	Due, InTime                   int // promises to resolve that were kept or broken, and those kept
	Ratings, Scores               int // how many were rated, and the sum of the scores
	Response, Resolution          Histogram

	ResolvedThen, ClimbedThen int // what happened in the period, whenever the reports came
}

// Cell is how many reports, and how many of them anonymous.
type Cell struct{ Count, Anonymous int }

// Add counts a report as it stands at a moment, n times; with n = -1 one that was counted for that moment is taken out again.
func (t *Tally) Add(f *Fact, at time.Time, n int) {
	when := func(counter *int, so bool) {
		if so {
			*counter += n
		}
	}
	t.number(f, n)
	if status := slices.Index(civic.Statuses, f.Status); status >= 0 {
		t.Statuses[status] += n
		when(&t.AnonymousStatuses[status], f.Anonymous)
	}
	due, inTime := f.due(at)
	when(&t.Due, due)
	when(&t.InTime, inTime)
	when(&t.Overdue, f.Overdue(at))
	when(&t.Resolved, f.Resolved != nil)
	when(&t.Escalated, f.Escalated)
	when(&t.Reopened, f.Reopened)
	when(&t.Ratings, f.Score > 0)
	t.Scores += n * f.Score
	if f.Answered != nil {
		t.Response.Add(f.Answered.Sub(f.Created), int64(n))
	}
	if f.Resolved != nil {
		t.Resolution.Add(f.Resolved.Sub(f.Created), int64(n))
	}
}

// number counts that there is a report, and nothing else of it.
func (t *Tally) number(f *Fact, n int) {
	t.Received += n
	if f.Anonymous {
		t.Anonymous += n
	}
}

// Merge adds all of another.
func (t *Tally) Merge(other *Tally) {
	mine, theirs := t.counters(), other.counters()
	for i := range mine {
		*mine[i] += *theirs[i]
	}
	t.Response.Merge(&other.Response)
	t.Resolution.Merge(&other.Resolution)
}

func (t *Tally) counters() []*int {
	all := []*int{
		&t.Received, &t.Anonymous, &t.Overdue, &t.Resolved, &t.Escalated, &t.Reopened, &t.Due, &t.InTime, &t.Ratings, &t.Scores,
		&t.ResolvedThen, &t.ClimbedThen,
	}
	for i := range statuses {
		all = append(all, &t.Statuses[i], &t.AnonymousStatuses[i])
	}
	return all
}

// Empty reports whether nothing is counted.
func (t *Tally) Empty() bool {
	return t.Received == 0 && t.ResolvedThen == 0 && t.ClimbedThen == 0
}

// Same reports whether adding it to another changes nothing.
func (t *Tally) Same() bool {
	for _, counter := range t.counters() {
		if *counter != 0 {
			return false
		}
	}
	return t.Response.Zero() && t.Resolution.Zero()
}

// Open is how many somebody still has to act on.
func (t *Tally) Open() (open Cell) {
	for i, status := range civic.Statuses {
		if status.Open() {
			open.Count += t.Statuses[i]
			open.Anonymous += t.AnonymousStatuses[i]
		}
	}
	return open
}

// WithinSLA is the share of promises to resolve that were kept; nil where none was due.
func (t *Tally) WithinSLA() *float64 { return share(t.InTime, t.Due) }

// Rating is the mean score; nil without any.
func (t *Tally) Rating() *float64 { return share(t.Scores, t.Ratings) }

func share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	return new(float64(part) / float64(whole))
}
