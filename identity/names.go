package identity

import (
	"context"
	"strconv"

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

// Keys publishes the signing keys; it needs no database.
func (s *Service) Keys(context.Context, *identityrpc.KeysRequest) (*identityrpc.KeysReply, error) {
	return &identityrpc.KeysReply{Jwks: s.signing.published()}, nil
}
