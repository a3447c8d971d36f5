package anonymizer

import (
	"context"
	"io"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

// Media cleans what a reporter sends with the words, and keeps what is left. See casework.Media, which is the same.
type Media interface {
	Clean(ctx context.Context, purpose civic.MediaPurpose, uploads []civic.Upload) (keep keepMedia, err error)
}

type keepMedia = func(ctx context.Context, random io.Reader) ([]civic.MediaRef, error)

// admit lets a report in: its token, if it has one, is spent on it. Pictures are cleaned between the check of the token and its spending:
// nobody without a good token makes this service work, and a damaged picture costs nobody a token.
func (s *Service) admit(ctx context.Context, f *filing) (keepMedia, error) {
	var day blindtoken.Day
	if f.token != nil {
		var err error
		if day, err = s.verify(f.token); err != nil {
			return nil, err
		}
	}
	keep, err := s.clean(ctx, f.media)
	if err != nil || f.token == nil {
		return keep, err
	}
	return keep, s.redeem(ctx, f.token, day, f.clientKey)
}

// clean drops what a picture says of itself with the rest.
func (s *Service) clean(ctx context.Context, uploads []civic.Upload) (keepMedia, error) {
	switch {
	case len(uploads) == 0:
		return func(context.Context, io.Reader) ([]civic.MediaRef, error) { return nil, nil }, nil
	case s.cfg.Media == nil:
		return nil, unavailable()
	}
	return s.cfg.Media.Clean(ctx, civic.MediaOfReport, uploads)
}
