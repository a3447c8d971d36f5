package integration

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// Flood is several citizens who report without a break, each as good clients do: with a key of its own for every report, and again with
// the same key until it is acknowledged.
type Flood struct {
	t       *testing.T
	system  *System
	sending sync.WaitGroup
	stop    context.CancelFunc

	mu      sync.Mutex
	clients []*floodClient
	states  map[string]int // acknowledgements by state
	faults  map[string]int // refusals by code, and "network"
	slowest time.Duration
}

type floodClient struct {
	caller *Caller
	acked  map[string]string // report ids by key
}

// Flood begins; the citizens are some that no story uses.
func (s *System) Flood(t *testing.T, citizens ...int) *Flood {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	f := &Flood{t: t, system: s, stop: stop, states: map[string]int{}, faults: map[string]int{}}
	t.Cleanup(func() { f.Stop() })
	for _, number := range citizens {
		client := &floodClient{caller: s.Citizen(t, number), acked: map[string]string{}}
		f.clients = append(f.clients, client)
		f.sending.Go(func() { f.send(ctx, client) })
	}
	return f
}

func (f *Flood) send(ctx context.Context, client *floodClient) {
	for i := 0; ctx.Err() == nil; i++ {
		key := fmt.Sprintf("banjir-%p-%d", client, i)
		input := Draft{Title: key, Key: key}.input(f.t, f.system)
		for {
			began := time.Now()
			answer, err := client.caller.Try(f.t.Context(), submitReport, Vars{"input": input})
			if f.heard(client, key, answer, err, time.Since(began)) {
				break
			}
			select {
			case <-time.After(20 * time.Millisecond): // then the client tries again, also to the end of the flood
			case <-f.t.Context().Done():
				return
			}
		}
	}
}

// heard notes what came back, and says whether the report was acknowledged.
func (f *Flood) heard(client *floodClient, key string, answer Answer, err error, took time.Duration) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err != nil:
		f.faults["network"]++
		return false
	case len(answer.Errors) > 0:
		f.faults[answer.Errors[0].String()]++
		return false
	}
	filed := answer.Data.At("submitReport")
	f.states[filed.At("state").Text()]++
	f.slowest = max(f.slowest, took)
	client.acked[key] = filed.At("report.id").Text()
	return true
}

// Acked is how many were acknowledged with a state.
func (f *Flood) Acked(state string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.states[state]
}

// More waits until n more than now were acknowledged with a state.
func (f *Flood) More(state string, n int) {
	f.t.Helper()
	until := f.Acked(state) + n
	eventually(f.t, fmt.Sprintf("%d more %s", n, state), func() error {
		if got := f.Acked(state); got < until {
			return fmt.Errorf("%d of %d; refused: %v", got, until, f.Refused())
		}
		return nil
	})
}

// Refused is what was not acknowledged at once, and why.
func (f *Flood) Refused() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	copied := map[string]int{}
	for why, n := range f.faults {
		copied[why] = n
	}
	return copied
}

// Stop ends the flood; what is under way is acknowledged first.
func (f *Flood) Stop() {
	f.stop()
	f.sending.Wait()
}

// AllThere holds that every report which was acknowledged is in its reporter's list exactly once, and nothing else is.
func (f *Flood) AllThere() {
	f.t.Helper()
	total := 0
	for _, client := range f.clients {
		var want []string
		for _, id := range client.acked {
			want = append(want, id)
		}
		slices.Sort(want)
		total += len(want)
		eventually(f.t, "what was acknowledged is there", func() error {
			got, err := client.caller.reports(f.t.Context())
			if err != nil {
				return err
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				return fmt.Errorf("%d are there, %d different ones; %d were acknowledged", len(got), len(slices.Compact(slices.Clone(got))), len(want))
			}
			return nil
		})
	}
	f.t.Logf("%d acknowledged, all there once; %v, at slowest %v; refused %v", total, f.states, f.slowest, f.faults)
}

// reports are the ids of all that a citizen has reported.
func (c *Caller) reports(ctx context.Context) (ids []string, err error) {
	for after := (Value{}); ; {
		answer, err := c.Try(ctx, `query($after:Cursor){myReports(first:100,after:$after){nodes{id} pageInfo{hasNextPage endCursor}}}`, Vars{"after": after.raw})
		if err == nil && len(answer.Errors) > 0 {
			err = fmt.Errorf("%v", answer.Errors)
		}
		if err != nil {
			return nil, err
		}
		page := answer.Data.At("myReports")
		ids = append(ids, page.At("nodes").Texts("id")...)
		if after = page.At("pageInfo.endCursor"); !page.At("pageInfo.hasNextPage").True() {
			return ids, nil
		}
	}
}
