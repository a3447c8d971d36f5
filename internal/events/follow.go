package events

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Happened is an event with the name that its sender gave it: the same at every repeat, and no other event's.
type Happened struct {
	ID    string
	Event *civic.Event
}

// Follower reads the EVENTS stream for a worker that remembers by itself how far it has come: where it keeps that place together with what
// it made of the events, each counts once, whoever is killed when. It is not for several goroutines at once; the caller closes it.
type Follower struct {
	bus    *Bus
	place  uint64
	reader *reader // nil before the first Next, and after something broke
}

// Follow makes a follower of what comes after a place; 0 is before everything.
func (b *Bus) Follow(place uint64) *Follower { return &Follower{bus: b, place: place} }

// Next waits for events and returns them in the stream's order, as many as are there and about most of them, with the place up to which
// that is everything. After an error, or when the place could not be kept, the caller makes another follower. An event that cannot be read
// is left out and logged.
func (f *Follower) Next(ctx context.Context, most int) (happened []Happened, place uint64, err error) {
	if f.reader == nil {
		if err := f.open(ctx); err != nil {
			return nil, f.place, err
		}
	}
	for first := true; first || f.reader.pending > 0 && len(happened) < most; first = false {
		message, err := f.reader.next(ctx)
		if err != nil {
			return nil, f.place, err
		}
		events, err := unpack(message)
		if err != nil {
			f.bus.metrics.undecodable.Inc()
			f.bus.log.Error("an event cannot be read", "sequence", message.sequence, "error", err)
		}
		ids := idsOf(message)
		for n, event := range events {
			if event != nil && event.Sequence > f.place && n < len(ids) {
				happened = append(happened, Happened{ids[n], event})
			}
		}
		f.place = endOf(message.sequence)
	}
	return happened, f.place, nil
}

// open begins at the message that holds what comes after the place. A stream that ends before it is another one than the worker knew.
func (f *Follower) open(ctx context.Context) error {
	_, last, err := f.bus.eventRange(ctx)
	if err != nil {
		return err
	}
	if f.place > endOf(last) {
		f.bus.log.Warn("the events stream is another one than before; it is read from its beginning", "end", last)
		f.place = 0
	}
	f.reader, err = f.bus.openReader(ctx, StreamEvents, messageAfter(f.place))
	return err
}

// Behind is how many messages the stream holds that have not been read yet.
func (f *Follower) Behind() uint64 {
	if f.reader == nil {
		return 0
	}
	return f.reader.pending
}

// Close leaves nothing behind on the server.
func (f *Follower) Close() {
	if f.reader != nil {
		f.reader.close()
	}
}
