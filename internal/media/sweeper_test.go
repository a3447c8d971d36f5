package media_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/media"
)

// rows are the names that reports refer to.
type rows []string

func (r rows) BlobsInUse(_ context.Context, names []string) (inUse []string, err error) {
	for _, name := range names {
		if slices.Contains(r, name) {
			inUse = append(inUse, name)
		}
	}
	return inUse, nil
}

func TestSweeping(t *testing.T) {
	t.Parallel()
	p := open(t)
	accepted := p.kept(civic.MediaOfReport, rand.Reader, photo(t, 40, 30))[0]
	p.kept(civic.MediaOfReport, rand.Reader, photo(t, 40, 30)) // its submission failed
	used := rows{accepted.Blob, accepted.Thumbnail}
	var settled bool
	var broken error
	sweeper := media.NewSweeper(media.SweepConfig{Now: p.clock.Now}, p.blobs, used, func(context.Context) (bool, error) { return settled, broken })
	sweep := func(what string, deleted int, done bool) {
		t.Helper()
		n, d, err := sweeper.Sweep(t.Context())
		if n != deleted || d != done || !errors.Is(err, broken) {
			t.Errorf("%s: %d deleted, done %v, %v", what, n, d, err)
		}
	}
	settled = true
	sweep("at once", 0, true)
	p.clock.Add(23 * time.Hour)
	young := p.kept(civic.MediaOfReport, rand.Reader, photo(t, 40, 30))[0]
	sweep("within a day", 0, true)
	p.clock.Add(2 * time.Hour)
	settled = false
	sweep("while submissions wait", 0, false)
	settled, broken = true, errors.New("the broker is away")
	sweep("while nobody knows", 0, false)
	broken = nil
	sweep("after a day", 2, true)
	sweep("again", 0, true)
	names, want := p.names(), []string{accepted.Blob, accepted.Thumbnail, young.Blob, young.Thumbnail}
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("left %v, want %v", names, want)
	}
}
