package media

import (
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/fingerprint"
)

// Prints are what kept pictures are known again by, taken of their thumbnails: a print sees no finer than that, and a small picture is
// read in a moment. Films have none; pictures that are gone are left out.
func (k *Keeper) Prints(ctx context.Context, pictures []*civic.Media) (prints [][]byte, err error) {
	for _, picture := range pictures {
		if picture.Thumbnail == "" {
			continue
		}
		look, err := k.print(ctx, picture.Thumbnail)
		if errors.Is(err, blob.ErrNotFound) {
			k.log.Warn("a report's picture is gone")
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%w (%T)", civic.Unavailable("media.unavailable"), err)
		}
		prints = append(prints, look)
	}
	return prints, nil
}

func (k *Keeper) print(ctx context.Context, name string) ([]byte, error) {
	content, err := k.blobs.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return printOf(content)
}

// printOf takes the print of a thumbnail.
func printOf(thumbnail io.Reader) ([]byte, error) {
	picture, err := jpeg.Decode(thumbnail)
	if err != nil {
		return nil, err
	}
	return fingerprint.Of(picture).Bytes(), nil
}

// factsOf are a file's facts as they are kept.
func factsOf(f strip.Facts) *civic.PhotoFacts {
	facts := &civic.PhotoFacts{
		Latitude: f.Latitude, Longitude: f.Longitude, Camera: f.Camera, Generated: f.Generated, Edited: f.Edited,
		ContentCredentials: f.ContentCredentials,
	}
	if !f.TakenAt.IsZero() {
		taken := f.TakenAt.UTC()
		facts.TakenAt = &taken
	}
	return facts
}
