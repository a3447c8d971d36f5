package sample

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
)

// MarshalUpload is for gqlgen: files do not go out.
func MarshalUpload(civic.Upload) graphql.Marshaler { return graphql.Null }

// UnmarshalUpload takes a file that came with the request.
func UnmarshalUpload(v any) (civic.Upload, error) {
	if upload, ok := v.(civic.Upload); ok {
		return upload, nil
	}
	return civic.Upload{}, errors.New("no file")
}

func (m mutation) Weigh(_ context.Context, input ParcelInput) ([]int, error) {
	if input.Label != nil && *input.Label == "wait" {
		m.Entered <- struct{}{}
		<-m.Tick
	}
	var sizes []int
	for _, upload := range input.Media {
		sizes = append(sizes, upload.Size())
	}
	return sizes, nil
}
