package anonymizerclient

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// Scrub takes out of a reporter's reply whatever tells who wrote it; at most civic.MaxComment code points.
func (c *Client) Scrub(ctx context.Context, text civic.Raw) (string, error) {
	reply, err := c.calls.Scrub(silent(ctx), &anonymizerrpc.ScrubRequest{Text: text.Reveal()})
	return reply.GetText(), err
}
