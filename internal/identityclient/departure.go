package identityclient

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// CheckPassword is UNAUTHENTICATED where a citizen's password is another.
func (c *Client) CheckPassword(ctx context.Context, citizen civic.CitizenID, password string) error {
	if err := checkText("password", password); err != nil {
		return err
	}
	_, err := c.rpc.CheckPassword(ctx, &identityrpc.CheckPasswordRequest{Citizen: citizen.UUID[:], Password: password})
	return err
}

// DeleteCitizen deletes an account and ends what its citizen is signed in with. Deleting it again changes nothing.
func (c *Client) DeleteCitizen(ctx context.Context, citizen civic.CitizenID) error {
	_, err := c.rpc.DeleteCitizen(ctx, &identityrpc.DeleteCitizenRequest{Citizen: citizen.UUID[:]})
	c.names.forget(citizen)
	c.persons.forget(citizen)
	c.revoked.look(ctx)
	return err
}

// Dossier is everything that the identity service holds about a citizen.
type Dossier struct {
	Name       string        `json:"name"`
	NationalID string        `json:"nationalId"`
	Phone      string        `json:"phone,omitempty"`
	Email      string        `json:"email,omitempty"`
	CreatedAt  time.Time     `json:"createdAt"`
	Sessions   []HeldSession `json:"sessions"`
	Tokens     []HeldTokens  `json:"anonymousTokens"`
}

// HeldSession is one of the sessions.
type HeldSession struct {
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt time.Time  `json:"expiresAt"`
	EndedAt   *time.Time `json:"endedAt,omitempty"`
}

// HeldTokens is how many anonymous tokens were drawn on a day; what they were used for nobody knows.
type HeldTokens struct {
	Day    string `json:"day"`
	Issued int    `json:"issued"`
}

// Dossier asks for it; NOT_FOUND without an account.
func (c *Client) Dossier(ctx context.Context, citizen civic.CitizenID) (*Dossier, error) {
	reply, err := c.rpc.Dossier(ctx, &identityrpc.DossierRequest{Citizen: citizen.UUID[:]})
	if err != nil {
		return nil, err
	}
	held := &Dossier{
		Name: reply.GetName(), NationalID: reply.GetNationalId(), Phone: reply.GetPhone(), Email: reply.GetEmail(), CreatedAt: time.Unix(reply.GetCreatedAt(), 0).UTC(),
		Sessions: []HeldSession{}, Tokens: []HeldTokens{},
	}
	for _, told := range reply.GetSessions() {
		session := HeldSession{CreatedAt: time.Unix(told.GetCreatedAt(), 0).UTC(), ExpiresAt: time.Unix(told.GetExpiresAt(), 0).UTC()}
		if told.GetEndedAt() != 0 {
			session.EndedAt = new(time.Unix(told.GetEndedAt(), 0).UTC())
		}
		held.Sessions = append(held.Sessions, session)
	}
	for _, told := range reply.GetTokens() {
		held.Tokens = append(held.Tokens, HeldTokens{told.GetDay(), int(told.GetIssued())})
	}
	return held, nil
}
