package identity

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// SaveContact keeps where a citizen wants mail, sealed.
func (s *Service) SaveContact(ctx context.Context, request *identityrpc.SaveContactRequest) (*identityrpc.SaveContactReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("citizen", request.GetCitizen())
	if err != nil {
		return nil, err
	}
	if request.GetEmail() == "" {
		return &identityrpc.SaveContactReply{}, border(s.queries.DropContact(ctx, row(id)))
	}
	email, err := civic.CheckEmail("email", request.GetEmail())
	if err != nil {
		return nil, err
	}
	sealed, err := s.vault.seal(id, fieldContact, email)
	if err != nil {
		return nil, err
	}
	saved, err := s.queries.SaveContact(ctx, db.SaveContactParams{ID: row(id), EmailCipher: sealed, Now: s.cfg.Now()})
	if err != nil {
		return nil, border(err)
	}
	if saved == 0 {
		return nil, civic.Unauthenticated("session.ended")
	}
	return &identityrpc.SaveContactReply{}, nil
}

// Contact is where somebody gets mail.
func (s *Service) Contact(ctx context.Context, request *identityrpc.ContactRequest) (*identityrpc.ContactReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("account", request.GetAccount())
	if err != nil {
		return nil, err
	}
	email, err := s.contactOf(ctx, id)
	return &identityrpc.ContactReply{Email: email}, err
}

func (s *Service) contactOf(ctx context.Context, id civic.UUID) (string, error) {
	found, err := s.queries.ContactOf(ctx, row(id))
	switch {
	case err != nil:
		return "", border(err)
	case len(found) == 0:
		return "", nil
	case found[0].Email != nil:
		return *found[0].Email, nil
	case len(found[0].EmailCipher) == 0:
		return "", nil
	}
	email, err := s.vault.open(id, fieldContact, found[0].EmailCipher)
	if err != nil {
		return "", fmt.Errorf("contact of an account: %w", err)
	}
	return email, nil
}
