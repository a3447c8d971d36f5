package civic

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"time"
)

// SaltSize is the number of random bytes that hide a text in its commitment.
const SaltSize = 32

// Filing is what the ledger keeps of a report's text for ever. Whoever has text and salt can show that this was the text at that hour;
// once the salt is erased the commitment tells nothing.
type Filing struct {
	Number     string     `json:"number"`
	Hour       time.Time  `json:"hour"`
	Commitment Commitment `json:"commitment"`
}

// NewSalt draws a salt. It panics if random fails, as crypto/rand.Reader never does.
func NewSalt(random io.Reader) []byte {
	salt := make([]byte, SaltSize)
	readRandom(random, salt)
	return salt
}

// NewFiling commits to a report's text as it stands in the database. Of the moment the hour alone is kept.
func NewFiling(number string, at time.Time, salt []byte, title, body string) Filing {
	hour := at.UTC().Truncate(time.Hour)
	sum := sha256.New()
	sum.Write([]byte("JagaWarga text 1\n"))
	for _, part := range []string{number, hour.Format(time.RFC3339), string(salt), title, body} {
		commitPart(sum, part)
	}
	return Filing{number, hour, Commitment(sum.Sum(nil))}
}

// Fits reports whether the commitment opens with this salt and text.
func (f Filing) Fits(salt []byte, title, body string) bool {
	return f.Commitment == NewFiling(f.Number, f.Hour, salt, title, body).Commitment
}

// commitPart writes the length first, so that no two lists of parts run together.
func commitPart(sum hash.Hash, part string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(part)))
	sum.Write(length[:])
	io.WriteString(sum, part) //nolint:errcheck // a hash takes everything
}

// Commitment is a salted hash of a report's text.
type Commitment [sha256.Size]byte

// String is the form of proofs and of the audit: base64, as that of the tree's hashes.
func (c Commitment) String() string { return base64.StdEncoding.EncodeToString(c[:]) }

// MarshalText writes the form of String.
func (c Commitment) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

var errCommitment = errors.New("no commitment")

// UnmarshalText reads the form of String, and no other spelling of it.
func (c *Commitment) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.Strict().DecodeString(string(text))
	if err != nil || len(raw) != len(c) {
		return errCommitment
	}
	copy(c[:], raw)
	return nil
}
