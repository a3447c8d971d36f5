package scrub

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// longestLine is the most that one line of Command's input may have.
const longestLine = 16 << 20

// Command is `jagawarga scrub`: it reads JSON lines {"id","text"} and writes {"id","text","removed":[{"kind","start","end","text"}]}, text
// being the scrubbed one and offsets those of the original. Blank lines are passed over; a broken one ends it with an error that
// says which line, never what is in it.
func Command(ctx context.Context, in io.Reader, out io.Writer) error {
	type inputLine struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	type removedPart struct {
		Kind  Kind   `json:"kind"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		Text  string `json:"text"`
	}
	type outputLine struct {
		ID      string        `json:"id"`
		Text    string        `json:"text"`
		Removed []removedPart `json:"removed"`
	}
	scrubber := New(Config{})
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	written := bufio.NewWriter(out)
	encoder := json.NewEncoder(written)
	encoder.SetEscapeHTML(false)
	for n := 1; lines.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(lines.Bytes()) == 0 {
			continue
		}
		var line inputLine
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			return fmt.Errorf("scrub: line %d is no JSON object with id and text", n)
		}
		result := scrubber.Scrub(line.Text, nil)
		output := outputLine{line.ID, result.Text, make([]removedPart, len(result.Removed))}
		for i, span := range result.Removed {
			output.Removed[i] = removedPart{span.Kind, span.Start, span.End, span.Text}
		}
		if err := encoder.Encode(output); err != nil {
			return fmt.Errorf("scrub: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	if err := written.Flush(); err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	return nil
}
