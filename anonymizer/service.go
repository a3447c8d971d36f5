package anonymizer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/notary"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// Config is what the anonymizer may be told; only Secrets has no default.
type Config struct {
	Media       Media                 // cleans and keeps pictures; nil: reports with pictures are UNAVAILABLE
	Secrets     string                // directory of secret files, shared by anonymizers that work side by side
	TokenLog    string                // verifier key of the log of token keys; the one that comes first is pinned
	FilingKey   string                // name of the key in filing proofs; DefaultFilingKeyName
	Zone        *time.Location        // where the secrets' days begin; UTC+7
	RetireEvery time.Duration         // how often what belongs to past days is looked for; 10 minutes
	DueStep     time.Duration         // due times are rounded up to multiples of it; an hour
	Now         func() time.Time      // time.Now
	Random      io.Reader             // crypto/rand.Reader
	Log         *slog.Logger          // for the service itself, never for requests; slog.Default()
	Registerer  prometheus.Registerer // nil: no metrics
}

// Intake takes what has been anonymized into the durable stream. A nil error means that it cannot be lost any more.
type Intake interface {
	Submit(ctx context.Context, submission civic.Submission) (state civic.SubmissionState, duplicate bool, err error)
}

// Service answers anonymizerrpc's calls.
type Service struct {
	anonymizerrpc.UnimplementedAnonymizerServer

	cfg       Config
	intake    Intake
	memory    Memory
	vault     *vault
	keyring   *keyring
	keySecret []byte // under which client keys are named in Memory
	hasher    *hasher
	notary    *notary.Notary
	scrubber  *scrub.Scrubber
	filed     *prometheus.CounterVec
}

// New reads the secret files, or makes those that are missing.
func New(cfg Config, intake Intake, memory Memory) (*Service, error) {
	if intake == nil || memory == nil {
		return nil, errors.New("anonymizer: no intake or no memory")
	}
	withDefaults(&cfg)
	vault, err := openVault(cfg.Secrets)
	if err != nil {
		return nil, fmt.Errorf("anonymizer: %w", err)
	}
	pepper, err1 := vault.secret("receipt.pepper")
	keySecret, err2 := vault.secret("client-key.secret")
	seed, err3 := vault.secret("filing.key")
	if err := errors.Join(err1, err2, err3, vault.retire(cfg.Now(), cfg.Zone)); err != nil {
		return nil, fmt.Errorf("anonymizer: %w", err)
	}
	keyring, err := openKeyring(cfg.Secrets, cfg.TokenLog)
	if err != nil {
		return nil, fmt.Errorf("anonymizer: %w", err)
	}
	filing, err := notary.New(seed, cfg.FilingKey)
	if err != nil {
		return nil, fmt.Errorf("anonymizer: filing key: %w", err)
	}
	s := &Service{
		cfg: cfg, intake: intake, memory: memory, vault: vault, keyring: keyring, keySecret: keySecret,
		hasher: newHasher(pepper), notary: filing, scrubber: scrub.New(scrub.Config{}),
		filed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_anonymizer_submissions_total",
			Help: "Anonymous submissions by outcome.",
		}, []string{"outcome"}),
	}
	for _, outcome := range []string{outcomeFiled, outcomeRefused, outcomeFailed} {
		s.filed.WithLabelValues(outcome)
	}
	if cfg.Registerer != nil {
		if err := cfg.Registerer.Register(s.filed); err != nil {
			return nil, fmt.Errorf("anonymizer: %w", err)
		}
	}
	return s, nil
}

func withDefaults(cfg *Config) {
	if cfg.FilingKey == "" {
		cfg.FilingKey = DefaultFilingKeyName
	}
	if cfg.Zone == nil {
		cfg.Zone = time.FixedZone("WIB", 7*60*60)
	}
	if cfg.RetireEvery <= 0 {
		cfg.RetireEvery = 10 * time.Minute
	}
	if cfg.DueStep <= 0 {
		cfg.DueStep = time.Hour
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
}

// Run retires what belongs to past days until ctx ends: secrets, spent tokens and their keys.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(s.cfg.RetireEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.retire(ctx); err != nil && ctx.Err() == nil {
				s.cfg.Log.Error("retire what belongs to past days", "error", err)
			}
		}
	}
}

func (s *Service) retire(ctx context.Context) error {
	oldest := blindtoken.OldestAt(s.cfg.Now())
	return errors.Join(s.vault.retire(s.cfg.Now(), s.cfg.Zone), s.keyring.retire(oldest), s.memory.Forget(ctx, oldest))
}

func unavailable() error { return civic.Unavailable("anonymizer.unavailable") }
