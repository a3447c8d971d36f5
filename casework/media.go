package casework

import (
	"context"
	"errors"
	"io"

	"github.com/jagawarga/jagawarga/civic"
)

// Media cleans what people upload, and keeps it.
type Media interface {
	// Clean takes out of files what tells of their maker, and refuses, as INVALID_INPUT, what it cannot clean; nothing is kept yet. keep
	// then keeps them, in the order they came, under names drawn from random. What is kept and never belongs to a report goes away by
	// itself.
	Clean(ctx context.Context, purpose civic.MediaPurpose, uploads []civic.Upload) (keep func(ctx context.Context, random io.Reader) ([]civic.MediaRef, error), err error)
	// Prints are what kept pictures are known again by (package fingerprint). Films have none, and what is lost is left out.
	Prints(ctx context.Context, pictures []*civic.Media) ([][]byte, error)
}

// keepMedia cleans and keeps what came in an input field: all of it or nothing. Whoever calls gives the ids.
func (d *Desk) keepMedia(ctx context.Context, field string, purpose civic.MediaPurpose, uploads []civic.Upload) ([]civic.MediaRef, error) {
	if err := civic.CheckUploads(field, uploads); err != nil || len(uploads) == 0 {
		return nil, err
	}
	keep, err := d.ports.Media.Clean(ctx, purpose, uploads)
	if refusal, ok := errors.AsType[*civic.Error](err); ok && refusal.Code == civic.CodeInvalidInput {
		named := *refusal
		named.Field = field
		err = &named
	}
	if err != nil {
		return nil, err
	}
	return keep(ctx, d.cfg.Random)
}
