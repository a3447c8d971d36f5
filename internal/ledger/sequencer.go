package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/internal/notary"
)

const (
	defaultTick = 300 * time.Millisecond // a line is in the tree within a second of its act
	batch       = 1000
	brokenPause = 30 * time.Second // whom nobody but a person can help asks seldom
)

// Head is where the tree ends.
type Head struct {
	Verifier string // the key that began the ledger; empty for a new one
	Signed   string // the last checkpoint; empty for a new ledger
	Size     int64  // of that checkpoint
	Peaks    []tlog.Hash
}

// Growth is what a batch adds.
type Growth struct {
	Leaves []Leaf
	Start  int64       // index of the first of Stored in the stored-hash layout
	Stored []tlog.Hash // what the leaves add there
	Size   int64       // of the tree afterwards
	Signed string      // the checkpoint of that
}

// Records keeps the tree.
type Records interface {
	// Sequence hands the head and some lines that wait, oldest first, to grow (at least most of them if so many wait, and not many more), writes what grow answers (nil: nothing) and takes the
	// lines from those that wait, all in one transaction in which nobody else adds to the tree. It does nothing where somebody is at it
	// already. grow is called without lines only while there is no checkpoint. It may be called again when the database asks for a retry.
	Sequence(ctx context.Context, verifier string, most int, grow func(Head, []Line) (*Growth, error)) (sequenced int, err error)
}

// Config is what a Sequencer may be told; zero values are the defaults.
type Config struct {
	Tick    time.Duration         // how often it looks for lines: 300 ms
	Log     *slog.Logger          // slog.Default
	Metrics prometheus.Registerer // nil: none
}

// Sequencer puts audit lines into the tree and signs it. It lives until Run's context ends.
type Sequencer struct {
	cfg     Config
	notary  *notary.Notary
	records Records
	lines   prometheus.Counter
	size    prometheus.Gauge
}

// NewSequencer makes one that signs with the key of that seed.
func NewSequencer(cfg Config, seed []byte, records Records) (*Sequencer, error) {
	if cfg.Tick <= 0 {
		cfg.Tick = defaultTick
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	signer, err := notary.New(seed, Origin)
	if err != nil {
		return nil, fmt.Errorf("ledger key: %w", err)
	}
	factory := promauto.With(cfg.Metrics)
	return &Sequencer{cfg: cfg, notary: signer, records: records,
		lines: factory.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_ledger_lines_total", Help: "Audit lines that this process put into the ledger.",
		}),
		size: factory.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_ledger_size_lines", Help: "Lines in the ledger when this process last added to it.",
		}),
	}, nil
}

// Verifier is the public key.
func (s *Sequencer) Verifier() string { return s.notary.Verifier() }

// Run sequences until ctx ends.
func (s *Sequencer) Run(ctx context.Context) error {
	ticker := time.NewTicker(s.cfg.Tick)
	defer ticker.Stop()
	for {
		switch err := s.Drain(ctx); {
		case err == nil || ctx.Err() != nil:
		case errors.Is(err, errForeign) || errors.Is(err, ErrBroken):
			s.cfg.Log.Error("the ledger stands still", "error", err)
			pause(ctx, brokenPause)
		default:
			s.cfg.Log.Warn("the ledger waits", "error", err)
			pause(ctx, s.cfg.Tick)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Drain sequences until nothing waits, or somebody else is at it.
func (s *Sequencer) Drain(ctx context.Context) error {
	for {
		n, err := s.records.Sequence(ctx, s.notary.Verifier(), batch, s.grow)
		s.lines.Add(float64(n))
		if err != nil || n == 0 {
			return err
		}
	}
}

// ErrBroken is what a sequencer stands still for: the database is not as it was left. Verify tells more.
var ErrBroken = errors.New("the ledger was tampered with: run jagawarga ledger verify")

var errForeign = errors.New("another key began this ledger; give this service that key")

// grow signs nothing on top of a tree that is not the one it signed before.
func (s *Sequencer) grow(head Head, lines []Line) (*Growth, error) {
	if head.Verifier != "" && head.Verifier != s.notary.Verifier() {
		return nil, errForeign
	}
	frontier := NewFrontier(head.Size, head.Peaks)
	if head.Signed != "" {
		last, err := OpenCheckpoint(head.Signed, s.notary.Verifier())
		if err != nil || last != frontier.Checkpoint() {
			return nil, fmt.Errorf("%w: the stored hashes do not give the last checkpoint", ErrBroken)
		}
	}
	growth := &Growth{Start: tlog.StoredHashCount(head.Size), Leaves: make([]Leaf, len(lines))}
	var added []tlog.Hash
	for i := range lines {
		var err error
		if growth.Leaves[i], err = leafOf(frontier.Size(), &lines[i]); err != nil {
			return nil, err
		}
		added = frontier.Push(growth.Leaves[i].Hash, added)
		growth.Stored = append(growth.Stored, added...)
	}
	checkpoint := frontier.Checkpoint()
	signed, err := s.notary.Sign(checkpoint.Text())
	if err != nil {
		return nil, err
	}
	growth.Size, growth.Signed = checkpoint.Size, signed
	s.size.Set(float64(checkpoint.Size))
	return growth, nil
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
