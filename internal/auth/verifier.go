package auth

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jagawarga/jagawarga/civic"
)

// VerifierConfig says where the keys come from.
type VerifierConfig struct {
	// Keys fetches the JSON Web Key Set. Required.
	Keys func(context.Context) ([]byte, error)
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// MinRefresh is the least time between two fetches, so that tokens with made-up key ids cause no storm. Default 3 s.
	MinRefresh time.Duration
	// MaxAge is when JWKS fetches anew. Default 1 min.
	MaxAge time.Duration
	// Revoked tells of a session that is over although its tokens are not. It is asked for each token, so it answers from memory. Default:
	// none is.
	Revoked func(civic.SessionID) bool
	// Remember is how many verified tokens are kept in memory, some 300 bytes each. Default 20,000.
	Remember int
}

// Verifier tells who holds an access token. It needs the source of the keys only when a key shows up that it does not know; while the
// source is down, tokens signed with known keys go on being good. It is safe for use by many goroutines.
type Verifier struct {
	cfg    VerifierConfig
	parser *jwt.Parser

	keys     atomic.Pointer[fetched]
	fetching sync.Mutex
	tried    time.Time // the last fetch, under fetching
	failed   error     // what came of it, under fetching

	mu    sync.RWMutex
	known map[[sha256.Size]byte]civic.Principal // by hash of the token, so that no token lies in memory
}

type fetched struct {
	document []byte
	byID     map[string]ed25519.PublicKey
	at       time.Time
}

// NewVerifier makes one that knows no key yet; the first token makes it ask.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	if cfg.Keys == nil {
		return nil, errors.New("auth: a verifier needs a source of keys")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MinRefresh == 0 {
		cfg.MinRefresh = 3 * time.Second
	}
	if cfg.MaxAge == 0 {
		cfg.MaxAge = time.Minute
	}
	if cfg.Revoked == nil {
		cfg.Revoked = func(civic.SessionID) bool { return false }
	}
	if cfg.Remember == 0 {
		cfg.Remember = 20_000
	}
	v := &Verifier{cfg: cfg, known: map[[sha256.Size]byte]civic.Principal{}}
	v.keys.Store(&fetched{})
	v.parser = jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(Issuer), jwt.WithAudience(Audience), jwt.WithExpirationRequired(), jwt.WithTimeFunc(cfg.Now),
	)
	return v, nil
}

// No token of ours comes near; what is longer is not even hashed.
const maxTokenBytes = 4096

// Verify returns who holds token: UNAUTHENTICATED with token.expired or token.invalid if nobody does, UNAVAILABLE if the token is signed
// with an unknown key and the source of keys is down. Signing out does not end access tokens; they live for minutes.
func (v *Verifier) Verify(ctx context.Context, token string) (civic.Principal, error) {
	if len(token) > maxTokenBytes {
		return civic.Principal{}, civic.Unauthenticated("token.invalid")
	}
	hash := sha256.Sum256([]byte(token))
	v.mu.RLock()
	principal, ok := v.known[hash]
	v.mu.RUnlock()
	if ok {
		if !v.cfg.Now().Before(principal.Expires) {
			v.forget(hash)
			return civic.Principal{}, civic.Unauthenticated("token.expired")
		}
		if v.cfg.Revoked(principal.Session) {
			return civic.Principal{}, civic.Unauthenticated("session.ended")
		}
		return principal, nil
	}
	set := v.keys.Load()
	principal, err := v.verify(ctx, token)
	if err != nil {
		return civic.Principal{}, err
	}
	if v.cfg.Revoked(principal.Session) {
		return civic.Principal{}, civic.Unauthenticated("session.ended")
	}
	v.remember(hash, principal, set)
	return principal, nil
}

func (v *Verifier) verify(ctx context.Context, token string) (civic.Principal, error) {
	var claims Claims
	var unavailable error
	_, err := v.parser.ParseWithClaims(token, &claims, func(parsed *jwt.Token) (any, error) {
		id, _ := parsed.Header["kid"].(string)
		if key, ok := v.keys.Load().byID[id]; ok {
			return key, nil
		}
		unavailable = v.refresh(ctx)
		if key, ok := v.keys.Load().byID[id]; ok {
			unavailable = nil
			return key, nil
		}
		return nil, errors.New("auth: unknown key")
	})
	switch {
	case unavailable != nil:
		return civic.Principal{}, unavailable
	case errors.Is(err, jwt.ErrTokenExpired):
		return civic.Principal{}, civic.Unauthenticated("token.expired")
	case err != nil:
		return civic.Principal{}, civic.Unauthenticated("token.invalid")
	}
	principal, err := claims.principal()
	if err != nil {
		return civic.Principal{}, civic.Unauthenticated("token.invalid")
	}
	return principal, nil
}

// JWKS is the key set as last fetched, fetched anew when it is old. It fails only if there has never been one.
func (v *Verifier) JWKS(ctx context.Context) ([]byte, error) {
	set := v.keys.Load()
	if set.document != nil && v.cfg.Now().Sub(set.at) < v.cfg.MaxAge {
		return set.document, nil
	}
	err := v.refresh(ctx)
	if set = v.keys.Load(); set.document != nil {
		return set.document, nil
	}
	return nil, err
}

const fetchTimeout = 5 * time.Second

// refresh fetches the keys unless that was tried a moment ago, in which case it tells what came of it. One caller fetches, the others
// wait; a caller that gives up does not take the fetch away from the rest. Whatever fails, the keys known before stay.
func (v *Verifier) refresh(ctx context.Context) error {
	v.fetching.Lock()
	defer v.fetching.Unlock()
	now := v.cfg.Now()
	if !v.tried.IsZero() && now.Sub(v.tried) < v.cfg.MinRefresh {
		return v.failed
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	v.tried = now
	v.failed = v.fetch(ctx, now)
	return v.failed
}

func (v *Verifier) fetch(ctx context.Context, now time.Time) error {
	document, err := v.cfg.Keys(ctx)
	if err != nil {
		return fmt.Errorf("%w (%w)", civic.Unavailable("identity.unavailable"), err)
	}
	keys, err := decodeKeySet(document)
	if err != nil {
		return err
	}
	before := v.keys.Swap(&fetched{document: document, byID: keys, at: now})
	if !bytes.Equal(before.document, document) { // a key that is gone takes its tokens with it
		v.mu.Lock()
		defer v.mu.Unlock()
		clear(v.known)
	}
	return nil
}

// remember keeps a verified token, unless the keys have changed meanwhile. When the memory is full some other token has to go.
func (v *Verifier) remember(hash [sha256.Size]byte, principal civic.Principal, set *fetched) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys.Load() != set {
		return
	}
	if len(v.known) >= v.cfg.Remember {
		for other := range v.known {
			delete(v.known, other)
			break
		}
	}
	v.known[hash] = principal
}

func (v *Verifier) forget(hash [sha256.Size]byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.known, hash)
}
