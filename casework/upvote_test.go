package casework_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
)

func TestUpvote(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	siti, id := coretest.Citizen("siti"), o.File().ID
	for _, step := range []struct {
		give   bool
		want   int
		events int
	}{{true, 1, 1}, {true, 1, 1}, {false, 0, 2}, {false, 0, 2}, {true, 1, 3}} {
		voted := done[*civic.Report](t)(o.desk.Upvote(t.Context(), siti, id, step.give))
		if voted.Upvotes != step.want || o.Report(id).Upvotes != step.want {
			t.Errorf("give %v: %d votes answered, %d stored, want %d", step.give, voted.Upvotes, o.Report(id).Upvotes, step.want)
		}
		if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'UPVOTED'"); n != step.events {
			t.Errorf("%d events, want %d", n, step.events)
		}
	}
	private, hidden := o.File(coretest.Visibility(civic.Private)).ID, o.File().ID
	o.Exec("UPDATE reports SET hidden = true WHERE id = $1", hidden.Bytes())
	for name, id := range map[string]civic.ReportID{"private": private, "hidden": hidden, "missing": {UUID: civic.NamedUUID("none")}} {
		_, err := o.desk.Upvote(t.Context(), siti, id, true)
		refused(t, name, err, civic.CodeNotFound, "")
	}
	for _, p := range []civic.Principal{{}, o.Officer("jalan")} {
		_, err := o.desk.Upvote(t.Context(), p, id, true)
		refused(t, "not a citizen", err, civic.CodeForbidden, "")
	}
}

// Two hundred at once, on two servers: a third gives, a third gives and takes back, a third gives, takes back and gives again. Every
// vote is counted exactly, and the order of one citizen's votes holds.
func TestVotesAreCountedExactly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, other := o.File().ID, o.File().ID
	desks := []*casework.Desk{o.desk, o.Desk(o.StoreWith("jagawarga_server", store.Config{}), casework.Config{})}
	const citizens = 200
	want := 0
	var voting sync.WaitGroup
	for i := range citizens {
		steps := [][]bool{{true}, {true, false}, {true, false, true}}[i%3]
		if steps[len(steps)-1] {
			want++
		}
		citizen, desk := coretest.Citizen(fmt.Sprint("voter ", i)), desks[i%2]
		voting.Go(func() {
			for _, give := range steps {
				if _, err := desk.Upvote(context.Background(), citizen, id, give); err != nil {
					t.Error(err)
				}
			}
			if _, err := desk.Upvote(context.Background(), citizen, other, true); err != nil {
				t.Error(err)
			}
		})
	}
	voting.Wait()
	if got := o.Report(id).Upvotes; got != want || o.Count("SELECT count(*) FROM upvotes WHERE report_id = $1", id.Bytes()) != want {
		t.Errorf("%d votes counted, want %d", got, want)
	}
	if got := o.Report(other).Upvotes; got != citizens {
		t.Errorf("%d votes on the other, want %d", got, citizens)
	}
	// The last event on its way tells the count that stands.
	if n := o.Count("SELECT (event->>'upvotes')::int FROM outbox WHERE event->>'report' = $1 ORDER BY id DESC LIMIT 1", other.String()); n != citizens {
		t.Errorf("the last event says %d", n)
	}
}

// Few citizens flood two servers with votes, each in an order of their own, some with several devices at once, and some calls are given up by
// who made them. However they meet, the count is that of the votes, each citizen has one at most, whoever did one thing after the other has
// what was wished last, and the last event tells the count.
func TestAFloodOfVotesIsCountedExactly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desks := []*casework.Desk{o.desk, o.Desk(o.StoreWith("jagawarga_server", store.Config{}), casework.Config{})}
	flood := 0
	rapid.Check(t, func(r *rapid.T) {
		id := o.File().ID
		flood++
		var voting sync.WaitGroup
		wished := map[string]bool{}
		for i := range rapid.IntRange(1, 5).Draw(r, "citizens") {
			name := fmt.Sprint("flood ", flood, " ", i)
			citizen := coretest.Citizen(name)
			devices := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 5), 1, 12), 1, 3).Draw(r, "devices") // even: give; odd: take back; 5: and give up
			if steps := devices[0]; len(devices) == 1 && !slices.Contains(steps, 5) {
				wished[citizen.Citizen.UUIDString()] = steps[len(steps)-1]%2 == 0
			}
			for device, steps := range devices {
				voting.Go(func() {
					for _, step := range steps {
						ctx, cancel := context.WithCancel(context.Background())
						if step == 5 {
							cancel()
						}
						if _, err := desks[device%2].Upvote(ctx, citizen, id, step%2 == 0); err != nil && step != 5 {
							t.Error(err)
						}
						cancel()
					}
				})
			}
		}
		voting.Wait()
		for _, desk := range desks { // what somebody gave up is counted all the same, before this
			done[*civic.Report](t)(desk.Upvote(t.Context(), coretest.Citizen("afterwards"), id, true))
		}
		votes := o.Count("SELECT count(*) FROM upvotes WHERE report_id = $1", id.Bytes())
		if got := o.Report(id).Upvotes; got != votes {
			r.Fatalf("%d votes are counted of %d", got, votes)
		}
		if n := o.Count("SELECT (event->>'upvotes')::int FROM outbox WHERE event->>'report' = $1 AND event->>'kind' = 'UPVOTED' ORDER BY id DESC LIMIT 1", id.String()); n != votes {
			r.Fatalf("the last event says %d of %d", n, votes)
		}
		for citizen, want := range wished {
			if n := o.Count("SELECT count(*) FROM upvotes WHERE report_id = $1 AND citizen_id = $2::uuid", id.Bytes(), citizen); n != 0 != want {
				r.Fatalf("somebody who wished %v last has %d votes", want, n)
			}
		}
	})
}

// A vote that cannot be counted does not spoil those that were cast with it.
func TestOneBrokenVoteSpoilsNoOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.File().ID
	o.Exec("ALTER TABLE upvotes ADD CONSTRAINT not_this_one CHECK (citizen_id <> '" + coretest.Citizen("broken").Citizen.UUIDString() + "')")
	var voting sync.WaitGroup
	for i := range 40 {
		name := fmt.Sprint("voter ", i)
		if i == 20 {
			name = "broken"
		}
		voting.Go(func() {
			if _, err := o.desk.Upvote(context.Background(), coretest.Citizen(name), id, true); (err != nil) != (name == "broken") {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	voting.Wait()
	if got := o.Report(id).Upvotes; got != 39 {
		t.Errorf("%d votes", got)
	}
}
