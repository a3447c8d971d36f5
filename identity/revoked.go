package identity

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// clockSlack is by how much clocks of servers may differ.
const clockSlack = time.Minute

// signOutEverywhere ends all sessions of an account together with their access tokens. The account is locked, so no session begins
// meanwhile.
func (s *Service) signOutEverywhere(ctx context.Context, q *db.Queries, account civic.UUID) error {
	now := s.cfg.Now()
	if err := q.RevokeSessions(ctx, db.RevokeSessionsParams{AccountID: row(account), Now: now}); err != nil {
		return err
	}
	return q.EndSessionsOf(ctx, db.EndSessionsOfParams{AccountID: row(account), Now: &now})
}

// Revoked tells whose access tokens are worth nothing any more, as long as they would live otherwise.
func (s *Service) Revoked(ctx context.Context, _ *identityrpc.RevokedRequest) (*identityrpc.RevokedReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	found, err := s.queries.RevokedSince(ctx, s.revokedSince())
	if err != nil {
		return nil, border(err)
	}
	reply := &identityrpc.RevokedReply{Sessions: make([][]byte, len(found))}
	for i := range found {
		reply.Sessions[i] = found[i].Bytes[:]
	}
	return reply, nil
}

// revokedSince is when sessions were revoked of which access tokens may still live.
func (s *Service) revokedSince() time.Time {
	return s.cfg.Now().Add(-s.cfg.AccessLifetime - clockSlack)
}
