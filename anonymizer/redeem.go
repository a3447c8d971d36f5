package anonymizer

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// token is the right to file one report, from a verified citizen whom nobody here can tell from others.
type token struct {
	keyID              string
	message, signature []byte
}

// readToken checks sizes; nil stays nil.
func readToken(t *anonymizerrpc.Token) (*token, error) {
	switch {
	case t == nil:
		return nil, nil
	case len(t.GetKeyId()) == 0 || len(t.GetKeyId()) > 64:
		return nil, civic.Invalid("token.keyId", "tokens.malformed")
	case len(t.GetMessage()) < blindtoken.MinMessage || len(t.GetMessage()) > blindtoken.MaxMessage:
		return nil, civic.Invalid("token.message", "tokens.malformed")
	case len(t.GetSignature()) != blindtoken.Size:
		return nil, civic.Invalid("token.signature", "tokens.malformed")
	}
	return &token{t.GetKeyId(), t.GetMessage(), t.GetSignature()}, nil
}

// verify checks a token's signature and tells the day of its key. Nothing is stored, and the token may have been spent before.
func (s *Service) verify(t *token) (blindtoken.Day, error) {
	key, day, err := s.keyring.find(t.keyID, s.cfg.Now())
	if err != nil {
		return "", err
	}
	if key.Verify(t.message, t.signature) != nil {
		return "", civic.Invalid("token.signature", "tokens.forged")
	}
	return day, nil
}

// redeem takes a token of a day, whose signature holds, for one report. The name of the entry is the plain hash of the
// message, so that anonymizers that share no secret still agree on what is spent; its value is the holder's client key under a secret,
// so that the same client may come again after a crash, and nobody else. Without a client key nobody may.
func (s *Service) redeem(ctx context.Context, t *token, day blindtoken.Day, clientKey string) error {
	holder := make([]byte, sha256.Size)
	if clientKey == "" {
		if _, err := io.ReadFull(s.cfg.Random, holder); err != nil {
			return err
		}
	} else {
		holder = derive(s.keySecret, "token holder", []byte(clientKey))
	}
	name := sha256.Sum256(t.message)
	existing, err := s.memory.Spend(ctx, day, hex.EncodeToString(name[:]), holder)
	if err != nil {
		return unavailable()
	}
	if existing != nil && subtle.ConstantTimeCompare(existing, holder) == 0 {
		spent := civic.Conflict("token.spent")
		spent.Field = "token"
		return spent
	}
	return nil
}

// LearnTokenKeys takes the log of token keys over, if it is signed by the key that was pinned and has only grown.
func (s *Service) LearnTokenKeys(_ context.Context, log *anonymizerrpc.TokenKeyLog) (*anonymizerrpc.LearnTokenKeysReply, error) {
	err := s.keyring.learn(&blindtoken.Log{
		Verifier: log.GetVerifier(), Checkpoint: log.GetCheckpoint(), Entries: log.GetEntries(), Keys: log.GetKeys(),
	}, s.cfg.Now())
	return &anonymizerrpc.LearnTokenKeysReply{}, err
}
