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

// DefaultFilingKeyName names the key in proofs when Config gives no other name. A name has neither blanks nor plus signs.
const DefaultFilingKeyName = "jagawarga-filing"

// notary signs that a case was filed.
type notary struct {
	signer   note.Signer
	verifier string
}

// newNotary makes a notary from the 32 bytes of an Ed25519 seed. Whoever holds a proof checks it offline with the verifier key.
func newNotary(seed []byte, name string) (*notary, error) {
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(name, public) // name+hash+key
	if err != nil {
		return nil, err
	}
	const algorithm = 1 // Ed25519, as package note numbers them
	hash := strings.Split(verifier, "+")[1]
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{algorithm}, seed...)))
	return &notary{signer, verifier}, err
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
