package civic

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
	"time"
)

// UUID is a 16-byte identifier (RFC 9562).
type UUID [16]byte

// NewUUIDv7 makes a time-ordered id from now and 10 bytes read from random. It panics if random fails,
// as crypto/rand.Reader never does.
func NewUUIDv7(now time.Time, random io.Reader) UUID {
	var u UUID
	readRandom(random, u[6:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(u[:6], ms[2:])
	return u.stamped(7)
}

// NewUUIDv4 makes an id that tells nothing, not even when it was made: the kind that anonymous reports get.
func NewUUIDv4(random io.Reader) UUID {
	var u UUID
	readRandom(random, u[:])
	return u.stamped(4)
}

// NamedUUID is the same id for the same name, always (version 8, SHA-256).
func NamedUUID(name string) UUID {
	sum := sha256.Sum256([]byte(name))
	return UUID(sum[:16]).stamped(8)
}

// ParseUUID reads the 36-character form.
func ParseUUID(text string) (UUID, bool) {
	var u UUID
	compact := strings.ReplaceAll(text, "-", "")
	if len(text) != 36 || len(compact) != 32 {
		return UUID{}, false
	}
	_, err := hex.Decode(u[:], []byte(compact))
	return u, err == nil
}

func (u UUID) stamped(version byte) UUID {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	return u
}

// IsZero reports whether no id was given.
func (u UUID) IsZero() bool { return u == UUID{} }

// Bytes returns the sixteen bytes; the store reads ids through it.
func (u UUID) Bytes() [16]byte { return u }

// SetBytes replaces the id; the store writes ids through it.
func (u *UUID) SetBytes(b [16]byte) { *u = b }

// UUIDString is the 36-character form of RFC 9562.
func (u UUID) UUIDString() string {
	var out [36]byte
	hex.Encode(out[0:8], u[0:4])
	hex.Encode(out[9:13], u[4:6])
	hex.Encode(out[14:18], u[6:8])
	hex.Encode(out[19:23], u[8:10])
	hex.Encode(out[24:36], u[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

func readRandom(random io.Reader, into []byte) {
	if _, err := io.ReadFull(random, into); err != nil {
		panic("civic: random source failed: " + err.Error())
	}
}

// The outside sees ids as prefix_xxxxxxxxxxxxxxxxxxxxxx: opaque, global (the prefix names the kind) and safe in a URL.
const idTextLength = 22

func formatID(prefix string, u UUID) string {
	return prefix + base64.RawURLEncoding.EncodeToString(u[:])
}

func parseID(prefix, text string) (UUID, bool) {
	rest, found := strings.CutPrefix(text, prefix)
	if !found || len(rest) != idTextLength {
		return UUID{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(raw) != len(UUID{}) { // shorter: the decoder skips line breaks
		return UUID{}, false
	}
	return UUID(raw), true
}
