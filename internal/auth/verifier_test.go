package auth_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// issuer signs tokens and publishes keys, as the identity service does.
type issuer struct {
	mu      sync.Mutex
	now     time.Time
	keys    []ed25519.PrivateKey // newest first
	down    bool
	fetches atomic.Int32
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	i.rotate(t)
	return i
}

func (i *issuer) rotate(t *testing.T) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append([]ed25519.PrivateKey{private}, i.keys...)
}

func (i *issuer) change(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

func (i *issuer) pass(d time.Duration) { i.change(func() { i.now = i.now.Add(d) }) }

func (i *issuer) Now() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.now
}

func (i *issuer) Keys(context.Context) ([]byte, error) {
	i.fetches.Add(1)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.down {
		return nil, errors.New("down")
	}
	var public []ed25519.PublicKey
	for _, key := range i.keys {
		public = append(public, key.Public().(ed25519.PublicKey))
	}
	return auth.EncodeKeySet(public)
}

func citizen(expires time.Time) civic.Principal {
	return civic.Principal{
		Role: civic.RoleCitizen, Citizen: civic.CitizenID{UUID: civic.NamedUUID("c")},
		Session: civic.SessionID{UUID: civic.NamedUUID("s")}, Expires: expires,
	}
}

func officer(expires time.Time) civic.Principal {
	return civic.Principal{
		Role: civic.RoleOfficer, Officer: civic.OfficerID{UUID: civic.NamedUUID("o")}, Department: civic.DepartmentID{UUID: civic.NamedUUID("d")},
		Session: civic.SessionID{UUID: civic.NamedUUID("s")}, Expires: expires,
	}
}

func (i *issuer) token(t *testing.T, p civic.Principal, change ...func(*auth.Claims, *jwt.Token)) string {
	t.Helper()
	claims := auth.NewClaims(p, jwt.NewNumericDate(i.Now()))
	i.mu.Lock()
	key := i.keys[0]
	i.mu.Unlock()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, &claims)
	token.Header["kid"] = auth.KeyID(key.Public().(ed25519.PublicKey))
	for _, f := range change {
		f(&claims, token)
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func newVerifier(t *testing.T, i *issuer, change ...func(*auth.VerifierConfig)) *auth.Verifier {
	t.Helper()
	cfg := auth.VerifierConfig{Keys: i.Keys, Now: i.Now}
	for _, f := range change {
		f(&cfg)
	}
	v, err := auth.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTokensOfOursAreGood(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := newVerifier(t, i)
	expires := i.Now().Add(15 * time.Minute)
	for _, want := range []civic.Principal{citizen(expires), officer(expires)} {
		token := i.token(t, want)
		for range 3 { // the first fetches the keys, the second remembers, the third is remembered
			got, err := v.Verify(t.Context(), token)
			if err != nil || !got.Expires.Equal(want.Expires) {
				t.Fatal(got, err)
			}
			if got.Expires = want.Expires; got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		if n := i.fetches.Load(); n != 1 {
			t.Errorf("keys fetched %d times", n)
		}
	}
}

func TestExpiryHoldsForRememberedTokensToo(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := newVerifier(t, i)
	token := i.token(t, citizen(i.Now().Add(time.Minute)))
	i.pass(time.Minute - time.Second)
	for range 3 {
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	i.pass(time.Second)
	for range 2 {
		_, err := v.Verify(t.Context(), token)
		wantKey(t, err, civic.CodeUnauthenticated, "token.expired")
	}
}

func TestOtherTokensAreNot(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := newVerifier(t, i)
	stranger := newIssuer(t)
	whole := citizen(i.Now().Add(time.Minute))
	good := i.token(t, whole)
	unsigned := jwt.NewWithClaims(jwt.SigningMethodNone, auth.NewClaims(whole, nil))
	none, err := unsigned.SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	// The classic confusion: the public key taken for the secret of an HMAC.
	hmac := jwt.NewWithClaims(jwt.SigningMethodHS256, auth.NewClaims(whole, nil))
	hmac.Header["kid"] = auth.KeyID(i.keys[0].Public().(ed25519.PublicKey))
	confused, err := hmac.SignedString([]byte(i.keys[0].Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"empty": "", "words": "hello", "dots": "..", "too long": good + strings.Repeat("x", 5000),
		"no signature": good[:strings.LastIndex(good, ".")+1], "cut": good[:len(good)-2], "alg none": none, "alg HS256": confused,
		"a stranger's":  stranger.token(t, whole),
		"known kid":     stranger.token(t, whole, func(_ *auth.Claims, token *jwt.Token) { token.Header["kid"] = hmac.Header["kid"] }),
		"no kid":        i.token(t, whole, func(_ *auth.Claims, token *jwt.Token) { delete(token.Header, "kid") }),
		"issuer":        i.token(t, whole, func(c *auth.Claims, _ *jwt.Token) { c.Issuer = "somebody" }),
		"audience":      i.token(t, whole, func(c *auth.Claims, _ *jwt.Token) { c.Audience = jwt.ClaimStrings{"others"} }),
		"no expiry":     i.token(t, whole, func(c *auth.Claims, _ *jwt.Token) { c.ExpiresAt = nil }),
		"role":          i.token(t, whole, func(c *auth.Claims, _ *jwt.Token) { c.Role = "MAYOR" }),
		"subject":       i.token(t, whole, func(c *auth.Claims, _ *jwt.Token) { c.Subject = "3273014503920001" }),
		"session":       i.token(t, whole, func(c *auth.Claims, _ *jwt.Token) { c.Session = "" }),
		"no department": i.token(t, officer(whole.Expires), func(c *auth.Claims, _ *jwt.Token) { c.Department = "" }),
	} {
		for range 2 {
			_, err := v.Verify(t.Context(), token)
			t.Log(name)
			wantKey(t, err, civic.CodeUnauthenticated, "token.invalid")
		}
	}
}

func TestKeysAreFetchedWhenNeededAndNotMore(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := newVerifier(t, i)
	expires := i.Now().Add(time.Hour)
	old := i.token(t, citizen(expires))
	for range 2 {
		if _, err := v.Verify(t.Context(), old); err != nil {
			t.Fatal(err)
		}
	}
	i.rotate(t)
	fresh := i.token(t, citizen(expires))
	_, err := v.Verify(t.Context(), fresh)
	wantKey(t, err, civic.CodeUnauthenticated, "token.invalid") // the keys were fetched a moment ago
	i.pass(3 * time.Second)
	for _, token := range []string{fresh, old} {
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	stranger := newIssuer(t)
	for range 50 {
		_, _ = v.Verify(t.Context(), stranger.token(t, citizen(expires)))
	}
	if n := i.fetches.Load(); n != 2 {
		t.Errorf("keys fetched %d times, want 2", n)
	}
	i.change(func() { i.keys = i.keys[:1] }) // the old key is taken back
	i.pass(3 * time.Second)
	_, _ = v.Verify(t.Context(), stranger.token(t, citizen(expires)))
	_, err = v.Verify(t.Context(), old)
	wantKey(t, err, civic.CodeUnauthenticated, "token.invalid")
}

func TestKeysOutliveTheirSource(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := newVerifier(t, i)
	expires := i.Now().Add(time.Hour)
	i.change(func() { i.down = true })
	_, err := v.Verify(t.Context(), i.token(t, citizen(expires)))
	wantKey(t, err, civic.CodeUnavailable, "identity.unavailable")
	_, err = v.JWKS(t.Context())
	wantKey(t, err, civic.CodeUnavailable, "identity.unavailable")

	i.change(func() { i.down = false })
	i.pass(3 * time.Second)
	if _, err := v.Verify(t.Context(), i.token(t, citizen(expires))); err != nil {
		t.Fatal(err)
	}
	before, err := v.JWKS(t.Context())
	if err != nil || !strings.Contains(string(before), `"crv":"Ed25519"`) {
		t.Fatal(string(before), err)
	}
	i.change(func() { i.down = true })
	i.pass(10 * time.Minute)
	if _, err := v.Verify(t.Context(), i.token(t, officer(expires))); err != nil {
		t.Errorf("a token of a known key: %v", err)
	}
	if after, err := v.JWKS(t.Context()); err != nil || string(after) != string(before) {
		t.Errorf("published %s, %v", after, err)
	}
	i.rotate(t)
	_, err = v.Verify(t.Context(), i.token(t, citizen(expires)))
	wantKey(t, err, civic.CodeUnavailable, "identity.unavailable")
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := newVerifier(t, i, func(cfg *auth.VerifierConfig) { cfg.Remember = 4 })
	var verifying sync.WaitGroup
	for n := range 32 {
		token := i.token(t, citizen(i.Now().Add(time.Duration(n+1)*time.Minute)))
		verifying.Go(func() {
			for range 4 {
				if _, err := v.Verify(t.Context(), token); err != nil {
					t.Error(err)
				}
			}
		})
	}
	verifying.Wait()
}

func TestContext(t *testing.T) {
	t.Parallel()
	if auth.From(t.Context()).SignedIn() {
		t.Error("a stranger is signed in")
	}
	want := citizen(time.Now())
	if got := auth.From(auth.With(t.Context(), want)); got != want {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkVerifyRemembered(b *testing.B) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	v, err := auth.NewVerifier(auth.VerifierConfig{Keys: func(context.Context) ([]byte, error) {
		return auth.EncodeKeySet([]ed25519.PublicKey{private.Public().(ed25519.PublicKey)})
	}})
	if err != nil {
		b.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, auth.NewClaims(citizen(time.Now().Add(time.Hour)), nil))
	token.Header["kid"] = auth.KeyID(private.Public().(ed25519.PublicKey))
	text, err := token.SignedString(private)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(b.Context(), text); err != nil {
			b.Fatal(err)
		}
	}
}

func wantKey(t *testing.T, err error, code civic.Code, key string) {
	t.Helper()
	border, ok := errors.AsType[*civic.Error](err)
	if !ok || border.Code != code || border.Key != key {
		t.Fatalf("got %v, want %s %s", err, code, key)
	}
}
