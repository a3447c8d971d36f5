package anonymizer

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// filingTitle is the first line of every proof; it keeps the key from signing anything that could pass for something else.
const filingTitle = "JagaWarga filing"

// DefaultFilingKeyName names the key in proofs when Config gives no other name.
const DefaultFilingKeyName = "jagawarga-filing"

// notary signs that a case was filed.
type notary struct {
	signer   note.Signer
	verifier string
}

// openNotary reads the filing key, or makes it. Whoever holds a proof checks it offline with the verifier key.
func openNotary(v *vault, name string) (*notary, error) {
	text, err := v.file("filing.key", func() ([]byte, error) {
		key, _, err := note.GenerateKey(v.random, name)
		return []byte(key + "\n"), err
	})
	if err != nil {
		return nil, err
	}
	key := strings.TrimSpace(string(text))
	signer, err := note.NewSigner(key)
	if err != nil {
		return nil, errors.New("filing.key is no signing key of a note")
	}
	verifier, err := verifierKey(signer.Name(), key)
	if err != nil {
		return nil, err
	}
	return &notary{signer, verifier}, nil
}

// verifierKey is the public half of a note's signing key, PRIVATE+KEY+name+hash+base64 of an algorithm byte and an Ed25519 seed.
func verifierKey(name, key string) (string, error) {
	parts := strings.SplitN(key, "+", 5)
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return "", errors.New("filing.key is no Ed25519 key")
	}
	return note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey))
}

// prove states number and hour, and nothing else.
func (n *notary) prove(number string, hour time.Time) (string, error) {
	proof, err := note.Sign(&note.Note{Text: filingTitle + "\n" + number + "\n" + hour.UTC().Format(time.RFC3339) + "\n"}, n.signer)
	return string(proof), err
}

// Filing is what a proof states.
type Filing struct {
	Number string
	Hour   time.Time
}

var errProof = errors.New("no proof of a filing")

// ReadProof checks a proof with the verifier key and returns what it states.
func ReadProof(proof, verifierKey string) (Filing, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Filing{}, err
	}
	opened, err := note.Open([]byte(proof), note.VerifierList(verifier))
	if err != nil {
		return Filing{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != filingTitle || lines[3] != "" {
		return Filing{}, errProof
	}
	hour, err := time.Parse(time.RFC3339, lines[2])
	if err != nil {
		return Filing{}, errProof
	}
	return Filing{lines[1], hour}, nil
}
