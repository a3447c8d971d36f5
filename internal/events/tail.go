package events

import (
	"context"
	"errors"
	"fmt"
)

// eventRange asks for the first sequence that the stream of events still has, and for the last it has given.
func (b *Bus) eventRange(ctx context.Context) (first, last uint64, err error) {
	if err := b.Ready(); err != nil {
		return 0, 0, err
	}
	ctx, done := b.acknowledging(ctx)
	defer done()
	stream, err := b.js.Stream(ctx, StreamEvents)
	if err != nil {
		return 0, 0, fmt.Errorf("ask for the events stream: %w", whatHappened(ctx, err))
	}
	state := stream.CachedInfo().State
	return state.FirstSeq, state.LastSeq, nil
}

const firstReach = 16 // messages; each further reach is four times as long

// reachBack finds the sequence from which on the stream holds that many events up to last, or the first one.
func (b *Bus) reachBack(ctx context.Context, first, last uint64, events int) (from uint64, err error) {
	first = max(first, 1)
	from = last + 1
	for reach, found := uint64(firstReach), 0; found < events && from > first; reach *= 4 {
		to := from - 1
		from = max(first, to-min(to, reach)+1)
		err := b.eachPack(ctx, from, to, func(ids []string) { found += max(len(ids), 1) })
		if err != nil {
			return 0, err
		}
	}
	return from, nil
}

// eachPack visits the ids of each pack between two sequences. It reads no events.
func (b *Bus) eachPack(ctx context.Context, from, to uint64, visit func(ids []string)) error {
	if from > to {
		return nil
	}
	reader, err := b.openReader(ctx, StreamEvents, from, headersAlone)
	if err != nil {
		return err
	}
	defer reader.close()
	for reached := from - 1; reached < to; {
		if reader.pending == 0 {
			return fmt.Errorf("read the last packs: %w", errEndsEarly)
		}
		message, err := reader.next(ctx)
		if err != nil {
			return err
		}
		if reached = message.sequence; reached <= to {
			visit(idsOf(message))
		}
	}
	return nil
}

var errEndsEarly = errors.New("the stream ends before the message that it has told of")
