package identityclient

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// SaveContact keeps where a citizen wants mail; "" forgets it.
func (c *Client) SaveContact(ctx context.Context, citizen civic.CitizenID, email string) error {
	if err := checkText("email", email); err != nil {
		return err
	}
	_, err := c.rpc.SaveContact(ctx, &identityrpc.SaveContactRequest{Citizen: citizen.UUID[:], Email: email})
	return err
}

// Contact is where an account gets mail, or "". Nothing of it is remembered here.
func (c *Client) Contact(ctx context.Context, account civic.UUID) (string, error) {
	reply, err := c.rpc.Contact(ctx, &identityrpc.ContactRequest{Account: account[:]})
	return reply.GetEmail(), err
}
