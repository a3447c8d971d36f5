// Package notary signs short texts as signed notes (golang.org/x/mod/sumdb/note) with an Ed25519 key that is kept as its 32-byte seed.
// Whoever holds a note checks it offline with the verifier key. What the first line of a text says is the caller's affair: it keeps a
// key from signing anything that could pass for something else.
package notary

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Notary signs with one key. It is safe for use by many goroutines.
type Notary struct {
	signer   note.Signer
	verifier string
}

// New makes a notary from a seed of ed25519.SeedSize bytes. A name has neither blanks nor plus signs.
func New(seed []byte, name string) (*Notary, error) {
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(name, public) // name+hash+key
	if err != nil {
		return nil, err
	}
	const algorithm = 1 // Ed25519, as package note numbers them
	hash := strings.Split(verifier, "+")[1]
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{algorithm}, seed...)))
	return &Notary{signer, verifier}, err
}

// Verifier is the public key, as package note writes it.
func (n *Notary) Verifier() string { return n.verifier }

// Sign makes a note of text, which must end with a line break.
func (n *Notary) Sign(text string) (string, error) {
	signed, err := note.Sign(&note.Note{Text: text}, n.signer)
	return string(signed), err
}

// Open checks a note with a verifier key and returns its text.
func Open(signed, verifierKey string) (string, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return "", err
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return opened.Text, nil
}
