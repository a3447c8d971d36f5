package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

const refreshTokenBytes = 32

// openSession begins a family of refresh tokens for holder.
func (s *Service) openSession(ctx context.Context, q *db.Queries, holder account) (*identityrpc.Session, error) {
	id := civic.NewUUIDv4(s.cfg.Random)
	now := s.cfg.Now()
	err := q.CreateSession(ctx, db.CreateSessionParams{
		ID: row(id), AccountID: holder.ID, CreatedAt: now, ExpiresAt: now.Add(s.cfg.RefreshLifetime),
	})
	if err != nil {
		return nil, err
	}
	return s.continueSession(ctx, q, id, holder)
}

// continueSession adds a refresh token and signs an access token to go with it.
func (s *Service) continueSession(ctx context.Context, q *db.Queries, id civic.UUID, holder account) (*identityrpc.Session, error) {
	raw := make([]byte, refreshTokenBytes)
	if _, err := io.ReadFull(s.cfg.Random, raw); err != nil {
		return nil, fmt.Errorf("refresh token: %w", err)
	}
	hash := sha256.Sum256(raw)
	now := s.cfg.Now()
	err := q.CreateRefreshToken(ctx, db.CreateRefreshTokenParams{Hash: hash[:], SessionID: row(id), ExpiresAt: now.Add(s.cfg.RefreshLifetime)})
	if err != nil {
		return nil, err
	}
	principal := civic.Principal{Role: civic.Role(holder.Role), Session: civic.SessionID{UUID: id}, Expires: now.Add(s.cfg.AccessLifetime)}
	if principal.IsCitizen() {
		principal.Citizen = civic.CitizenID{UUID: holder.ID.Bytes}
	} else {
		principal.Officer = civic.OfficerID{UUID: holder.ID.Bytes}
		principal.Department = civic.DepartmentID{UUID: holder.DepartmentID.Bytes}
	}
	access, err := s.signing.sign(principal)
	if err != nil {
		return nil, fmt.Errorf("access token: %w", err)
	}
	told := &identityrpc.Account{Id: holder.ID.Bytes[:], Name: holder.Name, Role: holder.Role}
	if principal.IsStaff() {
		told.Department = holder.DepartmentID.Bytes[:]
	}
	if told.Phone, err = s.phoneOf(holder); err != nil {
		return nil, err
	}
	return &identityrpc.Session{
		AccessToken: access, RefreshToken: base64.RawURLEncoding.EncodeToString(raw), ExpiresAt: principal.Expires.Unix(),
		Account: told, Session: id[:],
	}, nil
}

// Refresh takes a refresh token for the next one, once. Whoever comes with a token that was used before ends the session: it may have
// been stolen, and nobody can say by whom. Every failure is the same UNAUTHENTICATED.
func (s *Service) Refresh(ctx context.Context, request *identityrpc.RefreshRequest) (*identityrpc.Session, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(request.GetRefreshToken())
	if err != nil || len(raw) != refreshTokenBytes {
		return nil, civic.Unauthenticated("session.ended")
	}
	hash := sha256.Sum256(raw)
	var session *identityrpc.Session
	var reused bool
	// Nothing in here returns an error for a dead session: its end has to be committed.
	err = s.inTransaction(ctx, func(q *db.Queries) (err error) {
		session, reused, err = s.rotate(ctx, q, hash[:])
		return err
	})
	if err != nil {
		return nil, err
	}
	if reused {
		s.metrics.reuses.Inc()
	}
	if session == nil {
		return nil, civic.Unauthenticated("session.ended")
	}
	return session, nil
}

// rotate returns no session when there is none to continue. Of several callers with one token exactly one gets the row of
// UseRefreshToken; the others see a token that was used.
func (s *Service) rotate(ctx context.Context, q *db.Queries, hash []byte) (session *identityrpc.Session, reused bool, err error) {
	now := s.cfg.Now()
	used, err := q.UseRefreshToken(ctx, db.UseRefreshTokenParams{Hash: hash, Now: &now})
	if errors.Is(err, pgx.ErrNoRows) {
		reused, err = s.endByReuse(ctx, q, hash)
		return nil, reused, err
	}
	if err != nil || !now.Before(used.ExpiresAt) {
		return nil, false, err
	}
	accountID, err := q.ContinueSession(ctx, db.ContinueSessionParams{ID: used.SessionID, ExpiresAt: now.Add(s.cfg.RefreshLifetime)})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	holder, err := q.AccountByID(ctx, accountID)
	if err != nil {
		return nil, false, err
	}
	session, err = s.continueSession(ctx, q, used.SessionID.Bytes, holder)
	return session, false, err
}

func (s *Service) endByReuse(ctx context.Context, q *db.Queries, hash []byte) (known bool, err error) {
	id, err := q.SessionOfRefreshToken(ctx, hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	now := s.cfg.Now()
	return true, q.EndSession(ctx, db.EndSessionParams{ID: id, Now: &now})
}

// SignOut ends a session; one that has ended, or never was, stays so. Access tokens live on for their few minutes.
func (s *Service) SignOut(ctx context.Context, request *identityrpc.SignOutRequest) (*identityrpc.SignOutReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("session", request.GetSession())
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	if err := s.queries.EndSession(ctx, db.EndSessionParams{ID: row(id), Now: &now}); err != nil {
		return nil, border(err)
	}
	return &identityrpc.SignOutReply{}, nil
}

func readID(field string, raw []byte) (civic.UUID, error) {
	if len(raw) != len(civic.UUID{}) {
		return civic.UUID{}, civic.Invalid(field, "id.malformed")
	}
	return civic.UUID(raw), nil
}
