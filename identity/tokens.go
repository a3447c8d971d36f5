package identity

import (
	"context"
	"errors"
	"runtime"
	"strconv"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// MaxTokens is how many blinded messages one call may bring.
const MaxTokens = 10

// TokenKey tells which key signs today; it asks the database only for a citizen's remainder.
func (s *Service) TokenKey(ctx context.Context, request *identityrpc.TokenKeyRequest) (*identityrpc.TokenKeyReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	issuer, day, err := s.tokens.today(ctx)
	if err != nil {
		return nil, err
	}
	reply := &identityrpc.TokenKeyReply{
		KeyId: issuer.Public().ID(), PublicKey: issuer.Public().DER(), ExpiresAt: day.Ends().Unix(),
	}
	if len(request.GetCitizen()) == 0 {
		return reply, nil
	}
	citizen, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	issued, err := s.queries.TokensIssued(ctx, db.TokensIssuedParams{Day: dateOf(day), AccountID: row(citizen)})
	if err != nil {
		return nil, border(err)
	}
	reply.Remaining = new(max(0, int32(s.cfg.TokensPerDay)-issued))
	return reply, nil
}

// IssueTokens signs blindly. What is asked for is counted first, all of it or nothing, so that no number of calls at once gets more than
// the quota. Of what was signed nothing is kept.
func (s *Service) IssueTokens(ctx context.Context, request *identityrpc.IssueTokensRequest) (*identityrpc.IssueTokensReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	citizen, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	issuer, day, err := s.tokens.today(ctx)
	if err != nil {
		return nil, err
	}
	blinded := request.GetBlinded()
	if len(blinded) < 1 || len(blinded) > MaxTokens {
		return nil, civic.Invalid("blinded", "tokens.count", "max", strconv.Itoa(MaxTokens))
	}
	for _, message := range blinded {
		if issuer.Check(message) != nil {
			return nil, civic.Invalid("blinded", "tokens.blinded_malformed")
		}
	}
	issued, err := s.queries.CountTokens(ctx, db.CountTokensParams{
		Day: dateOf(day), AccountID: row(citizen), Count: int32(len(blinded)), Quota: int32(s.cfg.TokensPerDay),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, civic.RateLimited("tokens.quota", "max", strconv.Itoa(s.cfg.TokensPerDay))
	}
	if err != nil {
		return nil, border(err)
	}
	signatures, err := s.signAll(ctx, issuer, blinded)
	if err != nil {
		return nil, err
	}
	s.metrics.tokens.Add(float64(len(signatures)))
	return &identityrpc.IssueTokensReply{
		KeyId: issuer.Public().ID(), BlindSignatures: signatures, Remaining: int32(s.cfg.TokensPerDay) - issued,
	}, nil
}

// seats bound signing to the cores there are: more at once would only make everybody wait longer.
type seats chan struct{}

func newSeats() seats { return make(seats, runtime.GOMAXPROCS(0)) }

func (s *Service) signAll(ctx context.Context, issuer *blindtoken.Issuer, blinded [][]byte) ([][]byte, error) {
	signatures := make([][]byte, len(blinded))
	group, ctx := errgroup.WithContext(ctx)
	for i, message := range blinded {
		group.Go(func() (err error) {
			select {
			case s.seats <- struct{}{}:
				defer func() { <-s.seats }()
			case <-ctx.Done():
				return ctx.Err()
			}
			signatures[i], err = issuer.Sign(message)
			return err
		})
	}
	return signatures, group.Wait()
}

// TokenKeyLog publishes the keys; it needs no database once that has been read.
func (s *Service) TokenKeyLog(context.Context, *identityrpc.TokenKeyLogRequest) (*identityrpc.TokenKeyLogReply, error) {
	log := s.tokens.published()
	if log == nil {
		return nil, civic.Unavailable("tokens.preparing")
	}
	return &identityrpc.TokenKeyLogReply{Verifier: log.Verifier, Checkpoint: log.Checkpoint, Entries: log.Entries, Keys: log.Keys}, nil
}
