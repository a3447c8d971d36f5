// Package dossier gives citizens everything that is held about them, as one JSON document: a link that the citizen is given, good for some
// minutes, and a Handler that writes the document behind it while it is read, in the same memory whatever its length. Who has the link may
// fetch it as long as it is good. It tells nobody else whose it is: what it names is sealed.
package dossier

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
)

// Path begins every link.
const Path = "/my-data/"

// linkAge is how long a link is good.
const linkAge = 10 * time.Minute

// Links makes links and opens them.
type Links struct {
	seal   cipher.AEAD
	now    func() time.Time
	random io.Reader
}

// LinkKey is the key of links that goes with a key of blobs; all servers share it.
func LinkKey(blobKeyFile string) ([]byte, error) { return blob.Derive(blobKeyFile, "my data links") }

// NewLinks makes links under a key of 16 or 32 bytes. now nil is time.Now, random nil crypto/rand.Reader.
func NewLinks(key []byte, now func() time.Time, random io.Reader) (*Links, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of links: %w", err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("key of links: %w", err)
	}
	if now == nil {
		now = time.Now
	}
	if random == nil {
		random = rand.Reader
	}
	return &Links{seal, now, random}, nil
}

// Of is where a citizen's document is, relative to the server.
func (l *Links) Of(citizen civic.CitizenID) (string, error) {
	nonce := make([]byte, l.seal.NonceSize())
	if _, err := io.ReadFull(l.random, nonce); err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	plain := binary.BigEndian.AppendUint64(citizen.UUID[:len(citizen.UUID):len(citizen.UUID)], uint64(l.now().Add(linkAge).Unix()))
	return Path + base64.RawURLEncoding.EncodeToString(l.seal.Seal(nonce, nonce, plain, nil)), nil
}

// open finds whose document a link is for; false for what is no link, or none any more.
func (l *Links) open(text string) (citizen civic.CitizenID, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(sealed) < l.seal.NonceSize() {
		return citizen, false
	}
	plain, err := l.seal.Open(nil, sealed[:l.seal.NonceSize()], sealed[l.seal.NonceSize():], nil)
	if err != nil || len(plain) != len(citizen.UUID)+8 {
		return citizen, false
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(plain[len(citizen.UUID):])), 0)
	return civic.CitizenID{UUID: civic.UUID(plain[:len(citizen.UUID)])}, l.now().Before(until)
}
