package identityclient

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// TokenKey is the key that anonymous tokens are drawn with today.
type TokenKey struct {
	ID        string
	Public    []byte // DER SubjectPublicKeyInfo
	ExpiresAt time.Time
	Remaining *int // what the citizen may still draw today; nil for a stranger
}

// TokenKey tells today's key to a citizen, or to a stranger: nil.
func (c *Client) TokenKey(ctx context.Context, citizen *civic.CitizenID) (TokenKey, error) {
	request := &identityrpc.TokenKeyRequest{}
	if citizen != nil {
		request.Citizen = citizen.UUID[:]
	}
	reply, err := c.rpc.TokenKey(ctx, request)
	if err != nil {
		return TokenKey{}, err
	}
	key := TokenKey{ID: reply.GetKeyId(), Public: reply.GetPublicKey(), ExpiresAt: time.Unix(reply.GetExpiresAt(), 0)}
	if reply.Remaining != nil {
		key.Remaining = new(int(reply.GetRemaining()))
	}
	return key, nil
}

// IssuedTokens are blind signatures in the order of what was blinded, by the key that is named: after midnight another one than the
// client blinded for, and then they are worth nothing.
type IssuedTokens struct {
	KeyID      string
	Signatures [][]byte
	Remaining  int
}

// IssueTokens has a citizen's blinded messages signed: all of them, or none.
func (c *Client) IssueTokens(ctx context.Context, citizen civic.CitizenID, blinded [][]byte) (IssuedTokens, error) {
	reply, err := c.rpc.IssueTokens(ctx, &identityrpc.IssueTokensRequest{Citizen: citizen.UUID[:], Blinded: blinded})
	if err != nil {
		return IssuedTokens{}, err
	}
	return IssuedTokens{KeyID: reply.GetKeyId(), Signatures: reply.GetBlindSignatures(), Remaining: int(reply.GetRemaining())}, nil
}

// TokenKeyLog is the log of token keys. Nothing of it has been checked here.
func (c *Client) TokenKeyLog(ctx context.Context) (*blindtoken.Log, error) {
	reply, err := c.rpc.TokenKeyLog(ctx, &identityrpc.TokenKeyLogRequest{})
	if err != nil {
		return nil, err
	}
	return &blindtoken.Log{Verifier: reply.GetVerifier(), Checkpoint: reply.GetCheckpoint(), Entries: reply.GetEntries(), Keys: reply.GetKeys()}, nil
}
