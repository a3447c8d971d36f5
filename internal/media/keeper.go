// Package media is between what people upload and what others see of it: a Keeper cleans files (anonymizer/strip) and puts what is left
// into the store of blobs, Links says where it can be fetched, a Handler gives it out, a Sweeper clears away what never became part of
// a report.
//
// Originals live in memory alone. Cleaning takes processor and memory, so few are cleaned at once and the others wait. Who may see what
// is decided elsewhere: a signed link is given to whoever sees the report, and for an unsigned one the database is asked each time.
package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"

	"golang.org/x/sync/errgroup"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
)

// Config is what a Keeper may be told; zero values are the defaults.
type Config struct {
	Limits strip.Limits // strip.DefaultLimits
	Seats  int          // how many files are cleaned at once; half the processors
	Log    *slog.Logger // slog.Default()
}

// Keeper cleans and keeps. It is safe for use by many goroutines.
type Keeper struct {
	blobs  *blob.Store
	limits strip.Limits
	seats  chan struct{}
	log    *slog.Logger
}

// NewKeeper makes a keeper.
func NewKeeper(cfg Config, blobs *blob.Store) *Keeper {
	if cfg.Limits == (strip.Limits{}) {
		cfg.Limits = strip.DefaultLimits
	}
	if cfg.Seats == 0 {
		cfg.Seats = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Keeper{blobs: blobs, limits: cfg.Limits, seats: make(chan struct{}, cfg.Seats), log: cfg.Log}
}

// Clean cleans all files or refuses them; nothing is stored before keep is called. See casework.Media.
func (k *Keeper) Clean(ctx context.Context, purpose civic.MediaPurpose, uploads []civic.Upload) (keep func(context.Context, io.Reader) ([]civic.MediaRef, error), err error) {
	clean := make([]*strip.Clean, len(uploads))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(cap(k.seats))
	for i, upload := range uploads {
		group.Go(func() (err error) {
			if purpose == civic.MediaAttached {
				clean[i], err = k.paper(within, upload)
				return err
			}
			clean[i], err = k.clean(within, upload)
			if err == nil && purpose == civic.MediaOfResolution && clean[i].Kind != strip.Image {
				err = civic.Invalid("media", "media.not_a_picture") // nobody could tell whether it was used before
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return func(ctx context.Context, random io.Reader) ([]civic.MediaRef, error) {
		return k.keep(ctx, purpose, clean, random)
	}, nil
}

// clean waits for a seat, at most as long as ctx lasts.
func (k *Keeper) clean(ctx context.Context, upload civic.Upload) (*strip.Clean, error) {
	if ctx.Err() == nil {
		select {
		case k.seats <- struct{}{}:
			defer func() { <-k.seats }()
			return k.strip(upload)
		case <-ctx.Done():
		}
	}
	return nil, civic.Unavailable("media.busy")
}

// strip survives what nobody has thought of: a file that breaks a decoder must not take the others' requests along.
func (k *Keeper) strip(upload civic.Upload) (clean *strip.Clean, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			// Where, and not with what: what others panic with may hold a piece of the file.
			k.log.Error("a file broke its decoder", "cause", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			clean, err = nil, civic.Invalid("media", "media.damaged")
		}
	}()
	return strip.Strip(upload.Reveal(), k.limits)
}

// keep draws all names before it stores anything, so that the same random gives the same ones.
func (k *Keeper) keep(ctx context.Context, purpose civic.MediaPurpose, clean []*strip.Clean, random io.Reader) ([]civic.MediaRef, error) {
	refs := make([]civic.MediaRef, len(clean))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, c := range clean {
		var err error
		if refs[i], err = refOf(c, purpose, random); err != nil {
			return nil, errors.Join(err, group.Wait())
		}
	}
	for i, c := range clean {
		group.Go(func() error { return k.blobs.Put(within, refs[i].Blob, c.Body) })
		if refs[i].Thumbnail != "" {
			group.Go(func() error { return k.blobs.Put(within, refs[i].Thumbnail, c.Thumbnail) })
		}
	}
	if err := group.Wait(); err != nil {
		if ctx.Err() == nil {
			k.log.Error("pictures cannot be stored", "error", err)
		}
		return nil, fmt.Errorf("%w (%T)", civic.Unavailable("media.unavailable"), err)
	}
	return refs, nil
}

func refOf(c *strip.Clean, purpose civic.MediaPurpose, random io.Reader) (ref civic.MediaRef, err error) {
	ref = civic.MediaRef{Kind: civic.MediaKind(c.Kind.String()), ContentType: c.ContentType, Width: c.Width, Height: c.Height, ByteSize: len(c.Body)}
	if extensions[c.ContentType] == "" {
		return ref, fmt.Errorf("nobody has said how %s is given out", c.ContentType)
	}
	if ref.Blob, err = blob.NewName(random); err != nil {
		return ref, err
	}
	if c.Thumbnail != nil {
		if ref.Thumbnail, err = blob.NewName(random); err != nil {
			return ref, err
		}
	}
	if purpose == civic.MediaOfResolution {
		ref.Facts = factsOf(c.Facts)
		ref.Print, err = printOf(bytes.NewReader(c.Thumbnail))
	}
	return ref, err
}
