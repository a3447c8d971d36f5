package identity

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
)

const (
	freeFailures = 5                // failures in a row before waiting begins
	maxDelay     = 15 * time.Minute // the longest wait
	forgetAfter  = 24 * time.Hour   // a failure counts no more after that
)

// delay is how long to wait after so many failures in a row: nothing, and from the fifth on 1 s, 2 s, 4 s...
func delay(failures int32) time.Duration {
	switch doublings := failures - freeFailures; {
	case doublings < 0:
		return 0
	case doublings > 10: // 2^10 s are more than maxDelay
		return maxDelay
	default:
		return min(time.Second<<doublings, maxDelay)
	}
}

// refuseLocked is RATE_LIMITED with the seconds to wait, rounded up, while the login is locked out. It reports failures so far.
func (s *Service) refuseLocked(ctx context.Context, loginHash []byte) (failures int32, err error) {
	found, err := s.queries.Failures(ctx, loginHash)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, border(err)
	}
	wait := found.FailedAt.Add(delay(found.Failures)).Sub(s.cfg.Now())
	if wait <= 0 {
		return found.Failures, nil
	}
	seconds := int((wait + time.Second - 1) / time.Second)
	return 0, civic.RateLimited("sign_in.locked", "seconds", strconv.Itoa(seconds))
}

func (s *Service) countFailure(ctx context.Context, loginHash []byte) error {
	now := s.cfg.Now()
	_, err := s.queries.CountFailure(ctx, db.CountFailureParams{LoginHash: loginHash, Now: now, Forget: now.Add(-forgetAfter)})
	return border(err)
}
