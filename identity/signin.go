package identity

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

const (
	maxLoginBytes    = 254  // of an e-mail address (RFC 5321)
	maxPasswordBytes = 4096 // far more than maxPassword characters take
)

// account is what signing in needs of a row.
type account = db.AccountByIDRow

// SignIn opens a session. Somebody without an account and somebody with a wrong password get the same answer after the same time, and
// are locked out alike.
func (s *Service) SignIn(ctx context.Context, request *identityrpc.SignInRequest) (*identityrpc.Session, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	field, value, err := s.readLogin(request)
	if err != nil {
		return nil, err
	}
	if len(request.GetPassword()) > maxPasswordBytes {
		return nil, errPasswordLength()
	}
	loginHash := s.vault.hash(field, value)
	release, err := s.turns.take(ctx, string(loginHash))
	if err != nil {
		return nil, err
	}
	defer release()
	failures, err := s.refuseLocked(ctx, loginHash)
	if err != nil {
		s.metrics.signIns.WithLabelValues(resultOf(err)).Inc()
		return nil, err
	}
	found, err := s.findAccount(ctx, field, value, loginHash)
	if err != nil {
		return nil, err
	}
	right, err := s.passwords.check(ctx, found.PasswordHash, norm.NFC.String(request.GetPassword()))
	if err != nil {
		return nil, err
	}
	if !right {
		if err := s.countFailure(ctx, loginHash); err != nil {
			return nil, err
		}
		s.metrics.signIns.WithLabelValues(resultRefused).Inc()
		return nil, civic.Unauthenticated("sign_in.wrong")
	}
	var session *identityrpc.Session
	err = s.inTransaction(ctx, func(q *db.Queries) (err error) {
		if failures > 0 {
			if err := q.ForgetFailures(ctx, loginHash); err != nil {
				return err
			}
		}
		opened, err := q.AccountToOpen(ctx, found.ID)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && opened.PasswordHash != found.PasswordHash {
			return civic.Unauthenticated("sign_in.wrong") // it was changed or taken away a moment ago
		}
		if err != nil {
			return err
		}
		session, err = s.openSession(ctx, q, account(opened))
		return err
	})
	if err != nil {
		return nil, err
	}
	s.metrics.signIns.WithLabelValues(resultOK).Inc()
	return session, nil
}

// readLogin wants exactly one of national id and e-mail. The structure of a national id does not matter here: a wrong one is nobody's.
func (s *Service) readLogin(request *identityrpc.SignInRequest) (field, value string, err error) {
	nationalID, email := plainLogin(request.GetNationalId()), plainLogin(request.GetEmail())
	switch {
	case (nationalID == "") == (email == ""):
		return "", "", civic.Invalid("nationalId", "sign_in.one_of")
	case nationalID != "":
		if len(nationalID) > maxLoginBytes || hasControls(nationalID) {
			return "", "", civic.Invalid("nationalId", "national_id.malformed")
		}
		return fieldNationalID, nationalID, nil
	default:
		if len(email) > maxLoginBytes || hasControls(email) {
			return "", "", civic.Invalid("email", "email.malformed")
		}
		return fieldEmail, email, nil
	}
}

// findAccount returns an account without password hash when there is none.
func (s *Service) findAccount(ctx context.Context, field, value string, loginHash []byte) (found account, err error) {
	if field == fieldEmail {
		row, rowErr := s.queries.OfficerByEmail(ctx, value)
		found, err = account(row), rowErr
	} else {
		row, rowErr := s.queries.CitizenByNationalID(ctx, loginHash)
		found, err = account(row), rowErr
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return account{}, nil
	}
	return found, border(err)
}
