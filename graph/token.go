package graph

import (
	"encoding/base64"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

// tokenBytes is how bytes of anonymous tokens are written: base64url without padding, in one form alone.
var tokenBytes = base64.RawURLEncoding.Strict()

// mayFileAnonymously wants a token or a signed-in citizen. Both together would tie the token to the citizen: a client that sends both
// is told before the token goes anywhere.
func mayFileAnonymously(p civic.Principal, token *model.AnonymousTokenInput) error {
	switch {
	case token != nil && p.SignedIn():
		return civic.Invalid("token", "tokens.signed_in")
	case token != nil:
		return nil
	case !p.SignedIn():
		return errSignIn
	case !p.IsCitizen():
		return civic.Forbidden("report.citizens_only")
	}
	return nil
}

func tokenOf(in *model.AnonymousTokenInput) (*anonymizerclient.Token, error) {
	if in == nil {
		return nil, nil
	}
	message, err := readTokenBytes(in.Message, blindtoken.MaxMessage)
	if err != nil {
		return nil, civic.Invalid("token.message", "tokens.malformed")
	}
	signature, err := readTokenBytes(in.Signature, blindtoken.Size)
	if err != nil {
		return nil, civic.Invalid("token.signature", "tokens.malformed")
	}
	return &anonymizerclient.Token{KeyID: in.KeyID, Message: message, Signature: signature}, nil
}

// blindedOf reads what is to be signed; how many and which bytes may be signed the issuer knows.
func blindedOf(texts []string) ([][]byte, error) {
	blinded := make([][]byte, len(texts))
	for i, text := range texts {
		raw, err := readTokenBytes(text, blindtoken.Size)
		if err != nil {
			return nil, civic.Invalid("blinded", "tokens.blinded_malformed")
		}
		blinded[i] = raw
	}
	return blinded, nil
}

// readTokenBytes does not begin with what is far too long.
func readTokenBytes(text string, most int) ([]byte, error) {
	if len(text) > tokenBytes.EncodedLen(most) {
		return nil, base64.CorruptInputError(most)
	}
	return tokenBytes.DecodeString(text)
}
