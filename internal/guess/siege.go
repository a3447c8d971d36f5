package guess

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/bits"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Header carries a proof of work: "challenge:nonce", so chosen that its SHA-256 begins with as many zero bits as were asked for. A
// WebSocket has it in the payload of connection_init.
const Header = "X-JagaWarga-Proof-Of-Work"

// SiegeConfig is what a Siege may be told; zero values are the defaults.
type SiegeConfig struct {
	// Failures at once, of all callers together, are taken for an attack. Default 100.
	Failures int
	// Every forgives one. Default 1 s.
	Every time.Duration
	// Bits is how hard a proof is at first; each time the failures double it is a bit more, four at most. Default 16, which takes a
	// browser less than a second.
	Bits int
	// Lifetime of a challenge. Default 2 min.
	Lifetime time.Duration
	// Proofs are remembered until their challenges end, up to so many; beyond, none is believed. Default 100,000, about 10 MB.
	Proofs int
	Now    func() time.Time // time.Now
	Random io.Reader        // crypto/rand
}

// Siege asks everybody for a little work while the service as a whole sees many tries fail, wherever they come from: a guesser with a
// thousand addresses pays for each try, and somebody with a right receipt waits a moment. In quiet times nobody notices.
//
// A challenge is random and signed, and nothing of whoever asked is in it; it is kept nowhere. What is kept, in memory and until it ends,
// is which have been used: a proof is good for one try. Challenges are this process's alone: of another it gets a challenge anew.
type Siege struct {
	cfg    SiegeConfig
	secret [32]byte

	mu       sync.Mutex
	until    time.Time           // when all that failed is forgiven
	attacked bool                // until half of it is
	spent    map[nonce]time.Time // challenges that were used, and when they end
	swept    time.Time
}

// A challenge is when it ends, how hard it is, what makes it unique, and a signature of these.
type nonce [16]byte

const (
	unsignedLength  = 8 + 1 + len(nonce{})
	challengeLength = unsignedLength + 16
	longestProof    = 128
	mostSiege       = 1 << moreBits // how far failures are counted, in multiples of what makes an attack
	moreBits        = 4
)

var encoding = base64.RawURLEncoding.Strict()

// NewSiege makes a siege with a key of its own.
func NewSiege(cfg SiegeConfig) (*Siege, error) {
	if cfg.Failures < 0 || cfg.Every < 0 || cfg.Bits < 0 || cfg.Bits > 64-moreBits || cfg.Lifetime < 0 || cfg.Proofs < 0 {
		return nil, errors.New("guess: a limit of sieges is out of range")
	}
	if cfg.Failures == 0 {
		cfg.Failures = 100
	}
	if cfg.Every == 0 {
		cfg.Every = time.Second
	}
	if cfg.Bits == 0 {
		cfg.Bits = 16
	}
	if cfg.Lifetime == 0 {
		cfg.Lifetime = 2 * time.Minute
	}
	if cfg.Proofs == 0 {
		cfg.Proofs = 100_000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	s := &Siege{cfg: cfg, spent: map[nonce]time.Time{}}
	_, err := io.ReadFull(cfg.Random, s.secret[:])
	return s, err
}

type proofKey struct{}

// Mark puts the proof that a request brings into the context of its operations.
func (s *Siege) Mark(ctx context.Context, r *http.Request) context.Context {
	return bring(ctx, r.Header.Get(Header))
}

// Greet puts the proof that connection_init brings into the context of a socket's operations.
func (s *Siege) Greet(ctx context.Context, payload json.RawMessage) context.Context {
	var fields map[string]any
	if json.Unmarshal(payload, &fields) != nil {
		return ctx
	}
	for name, value := range fields {
		if proof, ok := value.(string); ok && strings.EqualFold(name, Header) {
			ctx = bring(ctx, proof)
		}
	}
	return ctx
}

func bring(ctx context.Context, proof string) context.Context {
	if proof == "" || len(proof) > longestProof {
		return ctx
	}
	return context.WithValue(ctx, proofKey{}, proof)
}

// Allow refuses, with RATE_LIMITED and a challenge, a try without a proof while the service is under attack. Each proof serves one try.
func (s *Siege) Allow(ctx context.Context) error {
	now := s.cfg.Now()
	difficulty := s.difficulty(now)
	if difficulty == 0 {
		return nil
	}
	if proof, ok := ctx.Value(proofKey{}).(string); ok && s.spend(proof, now) {
		return nil
	}
	work, err := s.challenge(difficulty, now)
	if err != nil {
		return err
	}
	refusal := civic.RateLimited("receipt.prove_work")
	refusal.Work = work
	return refusal
}

// Failed counts a try that opened nothing.
func (s *Siege) Failed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	if s.until.Before(now) {
		s.until = now
	}
	if until := s.until.Add(s.cfg.Every); until.Sub(now) <= mostSiege*s.full() {
		s.until = until
	}
}

func (s *Siege) full() time.Duration { return time.Duration(s.cfg.Failures) * s.cfg.Every }

// difficulty is 0 when there is no attack. One lasts until half of what began it is forgiven, so that it does not come and go.
func (s *Siege) difficulty(now time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	failed := s.until.Sub(now)
	if s.attacked = failed >= s.full() || s.attacked && failed > s.full()/2; !s.attacked {
		return 0
	}
	times := max(1, failed/s.full())
	return s.cfg.Bits + min(bits.Len64(uint64(times))-1, moreBits)
}

func (s *Siege) challenge(difficulty int, now time.Time) (*civic.Work, error) {
	var raw [challengeLength]byte
	ends := now.Add(s.cfg.Lifetime).Truncate(time.Second)
	binary.BigEndian.PutUint64(raw[:], uint64(ends.Unix()))
	raw[8] = byte(difficulty)
	if _, err := io.ReadFull(s.cfg.Random, raw[9:unsignedLength]); err != nil {
		return nil, err
	}
	copy(raw[unsignedLength:], s.sign(raw[:unsignedLength]))
	return &civic.Work{Challenge: encoding.EncodeToString(raw[:]), Difficulty: difficulty, ExpiresAt: ends}, nil
}

func (s *Siege) sign(unsigned []byte) []byte {
	mac := hmac.New(sha256.New, s.secret[:])
	mac.Write(unsigned)
	return mac.Sum(nil)[:challengeLength-unsignedLength]
}

// spend reports whether a proof holds and has not been used, and uses it.
func (s *Siege) spend(proof string, now time.Time) bool {
	challenge, _, _ := strings.Cut(proof, ":")
	raw, err := encoding.DecodeString(challenge)
	if err != nil || len(raw) != challengeLength || !hmac.Equal(raw[unsignedLength:], s.sign(raw[:unsignedLength])) {
		return false
	}
	ends := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	if sum := sha256.Sum256([]byte(proof)); !now.Before(ends) || bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:])) < int(raw[8]) {
		return false
	}
	return s.once(nonce(raw[9:unsignedLength]), ends, now)
}

// once reports whether a challenge is used for the first time.
func (s *Siege) once(unique nonce, ends, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.swept) >= s.cfg.Lifetime {
		s.swept = now
		for other, until := range s.spent {
			if !now.Before(until) {
				delete(s.spent, other)
			}
		}
	}
	if _, used := s.spent[unique]; used || len(s.spent) >= s.cfg.Proofs {
		return false
	}
	s.spent[unique] = ends
	return true
}
