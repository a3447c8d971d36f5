package anonymizer

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// Scrub takes out of what a reporter replies whatever tells who wrote it. Nothing of it is kept, and only what is left goes back.
func (s *Service) Scrub(_ context.Context, request *anonymizerrpc.ScrubRequest) (*anonymizerrpc.ScrubReply, error) {
	text, err := civic.CheckOptionalText("text", request.GetText(), civic.MaxComment)
	if err != nil {
		return nil, err
	}
	return &anonymizerrpc.ScrubReply{Text: shortened(s.scrubber.Scrub(text, nil).Text, civic.MaxComment)}, nil
}
