package identity

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// CheckPassword asks somebody who is signed in for the password again. Wrong ones count as at sign-in.
func (s *Service) CheckPassword(ctx context.Context, request *identityrpc.CheckPasswordRequest) (*identityrpc.CheckPasswordReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	if len(request.GetPassword()) > maxPasswordBytes {
		return nil, errPasswordLength()
	}
	loginHash, err := s.queries.CitizenToDelete(ctx, row(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, civic.Unauthenticated("session.ended")
	}
	if err != nil {
		return nil, border(err)
	}
	release, err := s.turns.take(ctx, string(loginHash))
	if err != nil {
		return nil, err
	}
	defer release()
	if _, err := s.refuseLocked(ctx, loginHash); err != nil {
		return nil, err
	}
	found, err := s.queries.AccountByID(ctx, row(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, civic.Unauthenticated("session.ended")
	}
	if err != nil {
		return nil, border(err)
	}
	right, err := s.passwords.check(ctx, found.PasswordHash, norm.NFC.String(request.GetPassword()))
	if err != nil {
		return nil, err
	}
	if !right {
		if err := s.countFailure(ctx, loginHash); err != nil {
			return nil, err
		}
		return nil, civic.Unauthenticated("password.wrong")
	}
	return &identityrpc.CheckPasswordReply{}, nil
}

// DeleteCitizen deletes an account with everything that this service has of it: sessions, failed sign-ins, counts of tokens. Of its
// sessions the ids alone are kept, for the minutes that access tokens would live.
func (s *Service) DeleteCitizen(ctx context.Context, request *identityrpc.DeleteCitizenRequest) (*identityrpc.DeleteCitizenReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	err = s.inTransaction(ctx, func(q *db.Queries) error {
		loginHash, err := q.CitizenToDelete(ctx, row(id))
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := q.RevokeSessions(ctx, db.RevokeSessionsParams{AccountID: row(id), Now: s.cfg.Now()}); err != nil {
			return err
		}
		return errors.Join(q.DeleteSessionsOf(ctx, row(id)), q.DeleteTokenCountsOf(ctx, row(id)), q.ForgetFailures(ctx, loginHash),
			q.DeleteAccount(ctx, row(id)))
	})
	return &identityrpc.DeleteCitizenReply{}, err
}

// Dossier opens what is sealed: it is for the citizen alone.
func (s *Service) Dossier(ctx context.Context, request *identityrpc.DossierRequest) (*identityrpc.DossierReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	found, err := s.queries.CitizenDossier(ctx, row(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, civic.NotFound("account.not_found")
	}
	if err != nil {
		return nil, border(err)
	}
	reply := &identityrpc.DossierReply{Name: found.Name, CreatedAt: found.CreatedAt.Unix()}
	if reply.NationalId, err = s.vault.open(id, fieldNationalID, found.NationalIDCipher); err != nil {
		return nil, err
	}
	if reply.Phone, err = s.phoneOf(account{ID: row(id), PhoneCipher: found.PhoneCipher}); err != nil {
		return nil, err
	}
	if reply.Email, err = s.contactOf(ctx, id); err != nil {
		return nil, err
	}
	sessions, err := s.queries.SessionsOf(ctx, row(id))
	if err != nil {
		return nil, border(err)
	}
	for _, session := range sessions {
		held := &identityrpc.HeldSession{CreatedAt: session.CreatedAt.Unix(), ExpiresAt: session.ExpiresAt.Unix()}
		if session.EndedAt != nil {
			held.EndedAt = session.EndedAt.Unix()
		}
		reply.Sessions = append(reply.Sessions, held)
	}
	counts, err := s.queries.TokenCountsOf(ctx, row(id))
	if err != nil {
		return nil, border(err)
	}
	for _, count := range counts {
		reply.Tokens = append(reply.Tokens, &identityrpc.HeldTokens{Day: count.Day.Format(time.DateOnly), Issued: count.Issued})
	}
	return reply, nil
}
