package service

import (
	"context"
	"fmt"
	"net/http"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/dossier"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/export"
	"github.com/jagawarga/jagawarga/internal/media"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/internal/store"
)

// pictures are what the server needs for pictures and films, and for other files behind links. The anonymizer's cleaning is used here as a library: reports under a name
// are cleaned in this process, and what an anonymous reporter sends goes to the anonymizer as it is.
type pictures struct {
	blobs  *blob.Store
	keeper *media.Keeper
	links  *media.Links

	exports *export.Links
	own     *dossier.Links
}

func openPictures(ctx context.Context, cfg process.Config, deps Deps) (*pictures, error) {
	place, keyFile, err := cfg.BlobPlace()
	if err != nil {
		return nil, err
	}
	if keyFile == "" {
		return nil, fmt.Errorf("%s must be set", process.EnvBlobKeyFile)
	}
	key, err := media.LinkKey(keyFile)
	if err != nil {
		return nil, err
	}
	exportKey, err := export.LinkKey(keyFile)
	if err != nil {
		return nil, err
	}
	ownKey, err := dossier.LinkKey(keyFile)
	if err != nil {
		return nil, err
	}
	own, err := dossier.NewLinks(ownKey, nil, nil)
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(ctx, blob.Config{URL: place, KeyFile: keyFile})
	if err != nil {
		return nil, err
	}
	return &pictures{
		blobs: blobs, keeper: media.NewKeeper(media.Config{Log: deps.Log}, blobs), links: media.NewLinks(key, nil),
		exports: export.NewLinks(exportKey, nil), own: own,
	}, nil
}

// cleaning is what the verbs see of it.
func (p *pictures) cleaning() casework.Media { return p.keeper }

func (p *pictures) close() { _ = p.blobs.Close() }

func (p *pictures) handler(rows *store.Store) http.Handler {
	return media.NewHandler(p.blobs, p.links, rows)
}

// newSweeper clears away blobs without a report. It needs no key.
func newSweeper(ctx context.Context, cfg process.Config, deps Deps, rows *store.Store, bus *events.Bus) (*media.Sweeper, *blob.Store, error) {
	place, _, err := cfg.BlobPlace()
	if err != nil {
		return nil, nil, err
	}
	blobs, err := blob.Open(ctx, blob.Config{URL: place})
	if err != nil {
		return nil, nil, err
	}
	return media.NewSweeper(media.SweepConfig{Log: deps.Log}, blobs, rows, bus.SubmissionsSettled), blobs, nil
}
