package identity

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// MaxNames is how many citizens one call may ask for.
const MaxNames = 1000

// Names tells the names of citizens; unknown ids are left out.
func (s *Service) Names(ctx context.Context, request *identityrpc.NamesRequest) (*identityrpc.NamesReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	if len(request.GetCitizens()) > MaxNames {
		return nil, civic.Invalid("citizens", "names.too_many", "max", strconv.Itoa(MaxNames))
	}
	ids := make([]pgtype.UUID, 0, len(request.GetCitizens()))
	for _, raw := range request.GetCitizens() {
		id, err := readID("citizens", raw)
		if err != nil {
			return nil, err
		}
		ids = append(ids, row(id))
	}
	found, err := s.queries.CitizenNames(ctx, ids)
	if err != nil {
		return nil, border(err)
	}
	reply := &identityrpc.NamesReply{Names: make([]*identityrpc.Name, 0, len(found))}
	for _, citizen := range found {
		reply.Names = append(reply.Names, &identityrpc.Name{Citizen: citizen.ID.Bytes[:], Name: citizen.Name})
	}
	return reply, nil
}

// Person tells what a citizen is known by.
func (s *Service) Person(ctx context.Context, request *identityrpc.PersonRequest) (*identityrpc.PersonReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	found, err := s.queries.AccountByID(ctx, row(id))
	if errors.Is(err, pgx.ErrNoRows) || err == nil && found.Role != string(civic.RoleCitizen) {
		return nil, civic.Unauthenticated("session.ended")
	}
	if err != nil {
		return nil, border(err)
	}
	phone, err := s.phoneOf(found)
	return &identityrpc.PersonReply{Name: found.Name, Phone: phone}, err
}

// phoneOf opens an account's telephone number; "" if it has none.
func (s *Service) phoneOf(a account) (string, error) {
	if len(a.PhoneCipher) == 0 {
		return "", nil
	}
	phone, err := s.vault.open(a.ID.Bytes, fieldPhone, a.PhoneCipher)
	if err != nil {
		return "", fmt.Errorf("telephone of an account: %w", err)
	}
	return phone, nil
}

// Keys publishes the signing keys; it needs no database.
func (s *Service) Keys(context.Context, *identityrpc.KeysRequest) (*identityrpc.KeysReply, error) {
	return &identityrpc.KeysReply{Jwks: s.signing.published()}, nil
}
