package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

const (
	rotateEvery = time.Minute // how soon a process sees what another did to the signing keys
	purgeEvery  = time.Hour
	watchEvery  = 5 * time.Second // the database, for the log
	maxPause    = 2 * time.Second // between tries to reach the database
)

// Run does what the service owes besides answering, until ctx ends. It waits for the database as long as that takes, and fails only where
// waiting would not help.
func (s *Service) Run(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("identity: %w", err)
	}
	s.ready.Store(true)
	defer s.ready.Store(false)
	var keeping sync.WaitGroup
	keeping.Go(func() { s.tokens.run(ctx) })
	defer keeping.Wait()
	rotate, purge, watch := time.NewTicker(rotateEvery), time.NewTicker(purgeEvery), time.NewTicker(watchEvery)
	defer rotate.Stop()
	defer purge.Stop()
	defer watch.Stop()
	for away := false; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-watch.C:
			away = s.logAway(ctx, away)
		case <-rotate.C:
			if err := s.signing.rotate(); err != nil {
				s.cfg.Log.ErrorContext(ctx, "signing keys not rotated", "error", err)
			}
		case <-purge.C:
			if err := s.purge(ctx); err != nil && ctx.Err() == nil {
				s.cfg.Log.WarnContext(ctx, "what has expired is not deleted", "error", err)
			}
		}
	}
}

// logAway writes a line when the database goes away and when it is back; calls that fail meanwhile are not logged one by one.
func (s *Service) logAway(ctx context.Context, before bool) (now bool) {
	ctx, cancel := context.WithTimeout(ctx, watchEvery)
	defer cancel()
	err := s.pool.Ping(ctx)
	if now = err != nil; now && !before {
		s.cfg.Log.WarnContext(ctx, "the database is away", "error", err)
	} else if before && !now {
		s.cfg.Log.InfoContext(ctx, "the database is back")
	}
	return now
}

// prepare tries until the database is there and has its schema.
func (s *Service) prepare(ctx context.Context) error {
	pause := 50 * time.Millisecond
	for try := 0; ; try++ {
		err := s.prepareOnce(ctx)
		if err == nil || !worthWaiting(err) {
			return err
		}
		if try == 0 {
			s.cfg.Log.WarnContext(ctx, "waiting for the database", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(2*pause, maxPause)
		}
	}
}

func (s *Service) prepareOnce(ctx context.Context) error {
	if err := s.checkKeys(ctx); err != nil {
		return err
	}
	if s.cfg.Demo {
		if err := s.loadDemo(ctx); err != nil {
			return fmt.Errorf("demo people: %w", err)
		}
	}
	return nil
}

// worthWaiting is for a database that is away, and for one whose schema or rights are still being made.
func worthWaiting(err error) bool {
	switch sqlState(err) {
	case "42P01", "42703", "42501": // no such table, no such column, no right
		return true
	}
	known, ok := errors.AsType[*civic.Error](err)
	return away(err) || // also: no such role or database yet
		ok && known.Code == civic.CodeUnavailable
}

var errOtherKeys = errors.New("the database was filled with other keys than those in the secrets directory; with these no citizen would be found. Put the old hash.key and fields.key back")

// checkKeys refuses a database that was filled with other keys.
func (s *Service) checkKeys(ctx context.Context) error {
	const known, hashCheck, fieldsCheck = "jagawarga", "hash", "fields"
	hash := s.vault.hash("check", known)
	sealed, err := s.vault.seal(civic.UUID{}, "check", known)
	if err != nil {
		return err
	}
	for name, value := range map[string][]byte{hashCheck: hash, fieldsCheck: sealed} {
		if err := s.queries.KeepKeyCheck(ctx, db.KeepKeyCheckParams{Name: name, Value: value}); err != nil {
			return err
		}
	}
	keptHash, err := s.queries.KeyCheck(ctx, hashCheck)
	if err != nil {
		return err
	}
	keptSealed, err := s.queries.KeyCheck(ctx, fieldsCheck)
	if err != nil {
		return err
	}
	if opened, err := s.vault.open(civic.UUID{}, "check", keptSealed); err != nil || opened != known || !bytes.Equal(keptHash, hash) {
		return errOtherKeys
	}
	return nil
}

// purge deletes what can be used no more.
func (s *Service) purge(ctx context.Context) error {
	now := s.cfg.Now()
	_, errTokens := s.queries.DeleteDeadRefreshTokens(ctx, now)
	_, errSessions := s.queries.DeleteDeadSessions(ctx, now)
	_, errFailures := s.queries.DeleteOldFailures(ctx, now.Add(-forgetAfter))
	_, errCounts := s.queries.DeleteOldTokenCounts(ctx, dateOf(blindtoken.OldestAt(now)))
	_, errRevoked := s.queries.ForgetRevoked(ctx, s.revokedSince())
	return errors.Join(errTokens, errSessions, errFailures, errCounts, errRevoked)
}
