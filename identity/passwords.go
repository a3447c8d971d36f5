package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/crypto/argon2"
)

// argon2id as OWASP recommends it: 19 MiB, two passes, one lane. A hash takes some 25 ms of one core.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
)

// A hash says how it was made, so that the figures above may grow without locking anybody out; no more than this is taken from the
// database, though.
const (
	maxArgonMemory = 256 * 1024
	maxArgonTime   = 16
)

// passwords hashes and checks, no more of it at once than there are cores: a flood of sign-ins queues instead of taking all memory.
type passwords struct {
	random io.Reader
	slots  chan struct{}
	made   prometheus.Counter // hashes, for whatever reason
}

func newPasswords(random io.Reader, made prometheus.Counter) *passwords {
	return &passwords{random: random, slots: make(chan struct{}, runtime.GOMAXPROCS(0)), made: made}
}

// hash returns the PHC string ($argon2id$v=19$m=...,t=...,p=...$salt$key).
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := io.ReadFull(p.random, salt); err != nil {
		return "", fmt.Errorf("password salt: %w", err)
	}
	form := argonHash{memory: argonMemory, time: argonTime, threads: argonThreads, salt: salt}
	key, err := p.derive(ctx, form, password, argonKey)
	if err != nil {
		return "", err
	}
	form.key = key
	return form.String(), nil
}

// check reports whether password made hash. An empty hash, of somebody there is no account of, costs the same time and is never right.
func (p *passwords) check(ctx context.Context, hash, password string) (bool, error) {
	form := argonHash{memory: argonMemory, time: argonTime, threads: argonThreads, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	if hash != "" {
		var err error
		if form, err = parseArgonHash(hash); err != nil {
			return false, err
		}
	}
	key, err := p.derive(ctx, form, password, len(form.key))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, form.key) == 1 && hash != "", nil
}

func (p *passwords) derive(ctx context.Context, form argonHash, password string, length int) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-p.slots }()
	p.made.Inc()
	return argon2.IDKey([]byte(password), form.salt, form.time, form.memory, form.threads, uint32(length)), nil
}

// argonHash is a PHC string taken apart.
type argonHash struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func (h argonHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

var errHash = errors.New("identity: a stored password hash is malformed")

func parseArgonHash(text string) (argonHash, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return argonHash{}, errHash
	}
	var h argonHash
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil {
		return argonHash{}, errHash
	}
	var errSalt, errKey error
	h.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, errKey = base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(h.salt) < 8 || len(h.key) < 16 ||
		h.time < 1 || h.time > maxArgonTime || h.memory > maxArgonMemory || h.threads < 1 {
		return argonHash{}, errHash
	}
	return h, nil
}
