package blindtoken

import (
	"io"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

// Blinding is what a client remembers between asking for a blind signature and finalizing it. It tells a token's owner: it belongs on
// the client's own machine.
type Blinding struct {
	client blindrsa.Client
	state  blindrsa.State
}

// Prepare makes a message to be signed: 32 random bytes, then content, which may be empty.
func (k *PublicKey) Prepare(random io.Reader, content []byte) (message []byte, err error) {
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, k.key)
	if err != nil {
		return nil, err
	}
	return client.Prepare(random, content)
}

// Blind hides a prepared message from the issuer.
func (k *PublicKey) Blind(random io.Reader, message []byte) (blinded []byte, b *Blinding, err error) {
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, k.key)
	if err != nil {
		return nil, nil, err
	}
	blinded, state, err := client.Blind(random, message)
	return blinded, &Blinding{client, state}, err
}

// Finalize takes the blinding off a blind signature, and fails if the issuer signed anything else.
func (b *Blinding) Finalize(blindSignature []byte) (signature []byte, err error) {
	return b.client.Finalize(b.state, blindSignature)
}
