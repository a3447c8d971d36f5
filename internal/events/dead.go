package events

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/civic"
)

const headerReason = "Jagawarga-Reason"

// DeadLetter sets one submission of the delivery aside; the others go on. The reason is kept in clear and must hold no
// personal data. Setting the same one aside again, after a redelivery, does nothing.
func (d *Delivery) DeadLetter(ctx context.Context, submission civic.Submission, reason string) error {
	raw, err := json.Marshal(&submission)
	if err != nil {
		return fmt.Errorf("encode dead letter: %w", err)
	}
	return d.DeadLetterRaw(ctx, raw, reason)
}

// DeadLetterRaw does the same for an entry that did not decode.
func (d *Delivery) DeadLetterRaw(ctx context.Context, raw []byte, reason string) error {
	message := nats.NewMsg(deadPrefix + d.message.Subject())
	message.Data = raw
	digest := sha256.Sum256(raw)
	message.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%d.%x", d.sequence, digest[:16]))
	message.Header.Set(headerReason, oneLine(reason))
	if _, err := d.bus.publish(ctx, message); err != nil {
		return fmt.Errorf("set a dead letter aside: %w", err)
	}
	d.bus.metrics.deadLetters.Inc()
	return nil
}

// oneLine keeps a reason within a header: no line breaks, at most 500 bytes.
func oneLine(reason string) string {
	line := strings.Join(strings.Fields(reason), " ")
	if len(line) > 500 {
		line = strings.ToValidUTF8(line[:500], "")
	}
	return line
}

// DeadLetter is a submission that was set aside.
type DeadLetter struct {
	Sequence uint64
	At       time.Time // when it was set aside
	Reason   string
	Report   civic.ReportID // zero when it does not decode
	Number   string
}

// DeadLetters lists them, the oldest first.
func (b *Bus) DeadLetters(ctx context.Context) ([]DeadLetter, error) {
	reader, err := b.openReader(ctx, StreamDeadLetters, 1)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	defer reader.close()
	var letters []DeadLetter
	for reader.pending > 0 {
		message, err := reader.next(ctx)
		if err != nil {
			return nil, fmt.Errorf("list dead letters: %w", err)
		}
		letter := DeadLetter{Sequence: message.sequence, At: message.at, Reason: message.Headers().Get(headerReason)}
		var submission civic.Submission
		if json.Unmarshal(message.Data(), &submission) == nil {
			letter.Report, letter.Number = submission.Report, submission.Number
		}
		letters = append(letters, letter)
	}
	return letters, nil
}

// CountDeadLetters says how many there are.
func (b *Bus) CountDeadLetters(ctx context.Context) (uint64, error) {
	stream, err := b.js.Stream(ctx, StreamDeadLetters)
	if err != nil {
		return 0, fmt.Errorf("count dead letters: %w", err)
	}
	return stream.CachedInfo().State.Msgs, nil
}

// ReplayDeadLetters sends these back to ingest, and removes each once the stream has it. It returns how many went; after an
// error the rest is still there, and a repeat sends nothing twice.
func (b *Bus) ReplayDeadLetters(ctx context.Context, sequences ...uint64) (int, error) {
	stream, err := b.js.Stream(ctx, StreamDeadLetters)
	if err != nil {
		return 0, fmt.Errorf("replay dead letters: %w", err)
	}
	for n, sequence := range sequences {
		if err := b.replayDeadLetter(ctx, stream, sequence); err != nil {
			return n, fmt.Errorf("replay dead letter %d: %w", sequence, err)
		}
	}
	return len(sequences), nil
}

func (b *Bus) replayDeadLetter(ctx context.Context, stream jetstream.Stream, sequence uint64) error {
	letter, err := stream.GetMsg(ctx, sequence)
	if err != nil {
		return err
	}
	message := nats.NewMsg(strings.TrimPrefix(letter.Subject, deadPrefix))
	message.Data = append(append([]byte{'['}, letter.Data...), ']')
	message.Header.Set(jetstream.MsgIDHeader, "dead-letter."+strconv.FormatUint(sequence, 10)+"."+strconv.FormatInt(letter.Time.UnixNano(), 36))
	if _, err := b.publish(ctx, message); err != nil {
		return err
	}
	return stream.DeleteMsg(ctx, sequence)
}
