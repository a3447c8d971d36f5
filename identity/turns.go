package identity

import (
	"context"
	"sync"
)

// turns lets callers with the same key go on one after another, so that guesses sent all at once are counted one by one.
// The zero value is ready.
type turns struct {
	mu   sync.Mutex
	open map[string]*turn
}

type turn struct {
	slot chan struct{} // holds one
	want int           // callers that have it or wait for it
}

// take waits for the turn. The caller must call the function that it returns.
func (t *turns) take(ctx context.Context, key string) (release func(), err error) {
	t.mu.Lock()
	mine := t.open[key]
	if mine == nil {
		mine = &turn{slot: make(chan struct{}, 1)}
		if t.open == nil {
			t.open = map[string]*turn{}
		}
		t.open[key] = mine
	}
	mine.want++
	t.mu.Unlock()
	select {
	case mine.slot <- struct{}{}:
		return func() { <-mine.slot; t.leave(key, mine) }, nil
	case <-ctx.Done():
		t.leave(key, mine)
		return nil, ctx.Err()
	}
}

func (t *turns) leave(key string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.want--; mine.want == 0 {
		delete(t.open, key)
	}
}
