package media

import (
	"bytes"
	"context"
	"strconv"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
	"github.com/jagawarga/jagawarga/civic"
)

const (
	paperType = "application/pdf"
	// paperTail is where the end of a PDF has to stand: readers look for it there.
	paperTail = 1024
)

// paper takes what a department attaches: a picture is cleaned like any other, a PDF is kept as it is. It may hold programs and links, so it
// is only ever given out to be saved (Handler).
func (k *Keeper) paper(ctx context.Context, upload civic.Upload) (*strip.Clean, error) {
	raw := upload.Reveal()
	switch {
	case len(raw) > civic.MaxAttachment:
		return nil, civic.Invalid("media", "attachment.too_big", "max", strconv.Itoa(civic.MaxAttachment>>20))
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		if !bytes.Contains(raw[max(0, len(raw)-paperTail):], []byte("%%EOF")) {
			return nil, civic.Invalid("media", "media.damaged")
		}
		return &strip.Clean{ContentType: paperType, Body: raw}, nil
	}
	clean, err := k.clean(ctx, upload)
	if err != nil {
		return nil, err
	}
	if clean.Kind != strip.Image {
		return nil, civic.Invalid("media", "attachment.kind")
	}
	clean.Thumbnail = nil // nobody shows one
	return clean, nil
}
