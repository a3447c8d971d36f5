package main

import (
	"context"
	"io"

	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/process"
)

// openBlobs opens the pictures with the key that lies beside them. The raw files are searched, too.
func (c *city) openBlobs(ctx context.Context) ([]evidence, error) {
	place, key, err := process.Config{Data: c.data}.BlobPlace()
	if err != nil {
		return nil, err
	}
	store, err := blob.Open(ctx, blob.Config{URL: place, KeyFile: key})
	if err != nil {
		return nil, err
	}
	defer store.Close()
	var names []string
	if err := store.List(ctx, func(listed blob.Listed) bool {
		names = append(names, listed.Name)
		return true
	}); err != nil {
		return nil, err
	}
	var all []evidence
	for _, name := range names {
		reader, err := store.Open(ctx, name)
		if err != nil {
			return nil, err
		}
		picture, err := io.ReadAll(reader)
		if closed := reader.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, err
		}
		all = append(all, said("pictures", name, reportSide, true, picture))
	}
	return all, nil
}
