package identity

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// SignUp makes a citizen's account and opens its first session. That a national id has an account already is told only to somebody who
// knows the number and the name that belongs to it; a number that does not exist and a name that does not fit it look alike.
func (s *Service) SignUp(ctx context.Context, request *identityrpc.SignUpRequest) (*identityrpc.Session, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	session, err := s.signUp(ctx, request)
	s.metrics.signUps.WithLabelValues(resultOf(err)).Inc()
	return session, err
}

func (s *Service) signUp(ctx context.Context, request *identityrpc.SignUpRequest) (*identityrpc.Session, error) {
	person, err := s.readPerson(request)
	if err != nil {
		return nil, err
	}
	match, err := s.registry.Verify(ctx, person.nationalID, person.name)
	if err != nil {
		return nil, fmt.Errorf("sign up: %w", err)
	}
	if match != MatchYes {
		return nil, civic.Invalid("nationalId", "national_id.not_confirmed")
	}
	passwordHash, err := s.passwords.hash(ctx, person.password)
	if err != nil {
		return nil, err
	}
	citizen, err := s.newCitizen(person, passwordHash)
	if err != nil {
		return nil, err
	}
	var session *identityrpc.Session
	err = s.inTransaction(ctx, func(q *db.Queries) (err error) {
		if err := q.CreateCitizen(ctx, citizen); err != nil {
			return err
		}
		session, err = s.openSession(ctx, q, account{ID: citizen.ID, Role: string(civic.RoleCitizen), Name: citizen.Name, PhoneCipher: citizen.PhoneCipher})
		return err
	})
	if sqlState(err) == uniqueViolation {
		return nil, civic.Conflict("sign_up.not_possible")
	}
	return session, err
}

// person is a checked request.
type person struct {
	nationalID            NationalID
	name, phone, password string
}

func (s *Service) readPerson(request *identityrpc.SignUpRequest) (p person, err error) {
	if p.nationalID, err = ParseNationalID(request.GetNationalId(), s.cfg.Now()); err != nil {
		return p, err
	}
	if p.name, err = cleanName(request.GetName()); err != nil {
		return p, err
	}
	if p.phone, err = cleanPhone(request.GetPhone()); err != nil {
		return p, err
	}
	p.password, err = cleanPassword(request.GetPassword())
	return p, err
}

// newCitizen gives the account a random id: one made from the national id would tell it to whoever tries them all.
func (s *Service) newCitizen(p person, passwordHash string) (db.CreateCitizenParams, error) {
	id := civic.NewUUIDv4(s.cfg.Random)
	sealedID, err := s.vault.seal(id, fieldNationalID, p.nationalID.Digits())
	if err != nil {
		return db.CreateCitizenParams{}, err
	}
	var sealedPhone []byte
	if p.phone != "" {
		if sealedPhone, err = s.vault.seal(id, fieldPhone, p.phone); err != nil {
			return db.CreateCitizenParams{}, err
		}
	}
	return db.CreateCitizenParams{
		ID: row(id), Name: p.name, PasswordHash: passwordHash,
		NationalIDHash: s.vault.hash(fieldNationalID, p.nationalID.Digits()), NationalIDCipher: sealedID, PhoneCipher: sealedPhone,
		CreatedAt: s.cfg.Now(),
	}, nil
}
