package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/civic"
)

// Events travel in packs: one message of the stream is a JSON array of them. A message costs the server its sync and some work
// of its own, whatever is in it.
const (
	// maxPack is half of what may wait for a watcher, so that a pack that comes at once cuts nobody off.
	maxPack      = 128
	maxPackBytes = 512 << 10
)

// headerIDs names the events of a pack, in order, so that a publisher recognises what is there already.
const headerIDs = "Jagawarga-Events"

// Outgoing is an event on its way to the stream.
type Outgoing struct {
	// ID is the same at every attempt, and no other event has it. It has no spaces in it.
	ID string
	// Event is a civic.Event as JSON.
	Event json.RawMessage
}

// newPack takes the first events into a message, as many as it may hold, and says how many that are.
func newPack(outgoing []Outgoing) (message *nats.Msg, size int) {
	var array bytes.Buffer
	var ids strings.Builder
	for n, out := range outgoing {
		if n == maxPack || n > 0 && array.Len()+len(out.Event) > maxPackBytes {
			break
		}
		separator := byte(',')
		if n == 0 {
			separator = '['
		} else {
			ids.WriteByte(' ')
		}
		array.WriteByte(separator)
		array.Write(out.Event)
		ids.WriteString(out.ID)
		size++
	}
	array.WriteByte(']')
	message = nats.NewMsg(eventsSubject)
	message.Data = array.Bytes()
	message.Header.Set(headerIDs, ids.String())
	return message, size
}

// after lets the stream take the message only if its last one has this sequence.
func after(last uint64, message *nats.Msg) *nats.Msg {
	message.Header.Set(jetstream.ExpectedLastSeqHeader, strconv.FormatUint(last, 10))
	return message
}

// idsOf are the ids of a pack's events.
func idsOf(message message) []string { return strings.Fields(message.Headers().Get(headerIDs)) }

// unpack reads a pack. An event that cannot be read is nil in its place and does not spoil the others.
func unpack(message message) ([]*civic.Event, error) {
	var events []*civic.Event
	err := json.Unmarshal(message.Data(), &events)
	if err != nil {
		events, err = unpackSingly(message.Data())
	}
	for n, event := range events {
		if event != nil {
			event.Sequence = place(message.sequence, n, len(events))
		}
	}
	return events, err
}

func unpackSingly(data []byte) ([]*civic.Event, error) {
	var entries []json.RawMessage
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("decode pack: %w", err)
	}
	events := make([]*civic.Event, len(entries))
	var broken error
	for n, raw := range entries {
		event := new(civic.Event)
		if err := json.Unmarshal(raw, event); err != nil {
			broken = fmt.Errorf("decode event: %w", err)
			continue
		}
		events[n] = event
	}
	return events, broken
}

// An event's place among all events is made of its message's sequence and, in the lowest bits, of how far it stands from the
// message's end. So every message ends where the next begins, and a cursor tells by itself whether its message is read out.
const placeBits = 10

// place is where event n of a message of size events stands.
func place(sequence uint64, n, size int) uint64 { return endOf(sequence) - uint64(size-1-n) }

// endOf is the place of a message's last event.
func endOf(sequence uint64) uint64 { return (sequence+1)<<placeBits - 1 }

// messageAfter is the sequence of the message that holds what comes right after a place.
func messageAfter(place uint64) uint64 { return max((place+1)>>placeBits, 1) }
