package casework

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

const (
	maxVotes      = 500              // in one transaction
	votesDeadline = 10 * time.Second // for one transaction
)

func away(err error) bool {
	var known *civic.Error
	return errors.As(err, &known) && known.Code == civic.CodeUnavailable
}

type counter func(ctx context.Context, votes []civic.Vote) ([]civic.VoteResult, error)

// voteBox collects the votes that come while earlier ones are being counted. Whoever finds nobody counting counts, for
// everybody who has come by then; no goroutine lives when there is nothing to do.
type voteBox struct {
	mu       sync.Mutex
	waiting  []*ballot
	counting bool
}

type ballot struct {
	vote   civic.Vote
	result civic.VoteResult
	err    error
	done   chan struct{}
}

// cast waits until the vote is counted. A caller who gives up does not stop the count.
func (b *voteBox) cast(ctx context.Context, vote civic.Vote, count counter) (civic.VoteResult, error) {
	mine := &ballot{vote: vote, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, mine)
	start := !b.counting
	b.counting = true
	b.mu.Unlock()
	if start {
		go b.countAll(count)
	}
	select {
	case <-mine.done:
		return mine.result, mine.err
	case <-ctx.Done():
		return civic.VoteResult{}, ctx.Err()
	}
}

func (b *voteBox) countAll(count counter) {
	for {
		batch := b.take()
		if batch == nil {
			return
		}
		countBatch(batch, count)
	}
}

// take cuts the next batch: no citizen twice on one report, so that giving and taking back keep their order.
func (b *voteBox) take() []*ballot {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := map[civic.Vote]bool{}
	n := 0
	for n < len(b.waiting) && n < maxVotes {
		key := b.waiting[n].vote
		key.Give = false
		if seen[key] {
			break
		}
		seen[key] = true
		n++
	}
	if n == 0 {
		b.counting = false
		return nil
	}
	batch := b.waiting[:n:n]
	b.waiting = b.waiting[n:]
	return batch
}

// countBatch tries the batch whole and, if it fails, vote by vote, so that one broken vote spoils no other.
func countBatch(batch []*ballot, count counter) {
	ctx, cancel := context.WithTimeout(context.Background(), votesDeadline)
	defer cancel()
	votes := make([]civic.Vote, len(batch))
	for i, ballot := range batch {
		votes[i] = ballot.vote
	}
	results, err := count(ctx, votes)
	for i, ballot := range batch {
		switch {
		case err == nil:
			ballot.result = results[i]
		case len(batch) == 1, away(err): // one by one they would only wait longer
			ballot.err = err
		default:
			countBatch(batch[i:i+1:i+1], count)
			continue
		}
		close(ballot.done)
	}
}
