package identityclient

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// SaveOfficer makes an account where the officer has no id, or changes one; an empty password stays what it was. known: a new account's
// address has an account already, whose id this is, and nothing was changed.
func (c *Client) SaveOfficer(ctx context.Context, officer civic.Officer, email, password string) (id civic.OfficerID, known bool, err error) {
	if err := checkText("name", officer.Name, "email", email, "password", password); err != nil {
		return id, false, err
	}
	request := &identityrpc.SaveOfficerRequest{
		Name: officer.Name, Email: email, Role: string(officer.Role), Department: officer.Department.UUID[:], Password: password,
	}
	if !officer.ID.IsZero() {
		request.Id = officer.ID.UUID[:]
	}
	reply, err := c.rpc.SaveOfficer(ctx, request)
	if err != nil {
		return id, false, err
	}
	if len(reply.GetId()) != len(civic.UUID{}) {
		return id, false, errAnswer
	}
	c.revoked.look(ctx)
	return civic.OfficerID{UUID: civic.UUID(reply.GetId())}, reply.GetKnown(), nil
}

// RetireOfficer lets an officer sign in no more.
func (c *Client) RetireOfficer(ctx context.Context, id civic.OfficerID) error {
	_, err := c.rpc.RetireOfficer(ctx, &identityrpc.RetireOfficerRequest{Id: id.UUID[:]})
	c.revoked.look(ctx)
	return err
}
