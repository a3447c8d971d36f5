package identity_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/blindtoken/testkey"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/pgtest"
)

// knownKeys hands the test keys out, one after another.
func knownKeys() func() (*blindtoken.Issuer, error) {
	var next atomic.Int32
	return func() (*blindtoken.Issuer, error) { return testkey.Issuer(int(next.Add(1)-1) % testkey.Count), nil }
}

// drawing is one token on its way.
type drawing struct {
	message, blinded []byte
	blinding         *blindtoken.Blinding
}

func blind(t *testing.T, der []byte, n int) (drawings []drawing, blinded [][]byte) {
	t.Helper()
	key, err := blindtoken.ParsePublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		var d drawing
		if d.message, err = key.Prepare(rand.Reader, nil); err != nil {
			t.Fatal(err)
		}
		if d.blinded, d.blinding, err = key.Blind(rand.Reader, d.message); err != nil {
			t.Fatal(err)
		}
		drawings, blinded = append(drawings, d), append(blinded, d.blinded)
	}
	return drawings, blinded
}

// tomorrowIsReady waits until the key of the next day stands in the log.
func (c *city) tomorrowIsReady(t *testing.T) *blindtoken.Log {
	t.Helper()
	var log *blindtoken.Log
	tomorrow := string(blindtoken.DayOf(c.clock.Now()).Plus(1))
	eventually(t, func() (err error) {
		log, err = c.TokenKeyLog(t.Context())
		if err == nil && !strings.HasPrefix(log.Entries[len(log.Entries)-1], tomorrow) {
			err = errors.New("no key for tomorrow yet")
		}
		return err
	})
	return log
}

func TestTokensAreSignedForWhoeverHasAQuota(t *testing.T) {
	t.Parallel()
	c := start(t)
	citizen := c.signUp(t).Principal.Citizen
	stranger, err := c.TokenKey(t.Context(), nil)
	if err != nil || stranger.Remaining != nil {
		t.Fatalf("a stranger is told %+v, %v", stranger, err)
	}
	key, err := c.TokenKey(t.Context(), &citizen)
	if err != nil || key.ID != stranger.ID || !bytes.Equal(key.Public, stranger.Public) || *key.Remaining != 5 {
		t.Fatalf("a citizen is told %+v, %v", key, err)
	}
	if want := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC); !key.ExpiresAt.Equal(want) { // the end of the grace day
		t.Errorf("it expires at %s", key.ExpiresAt)
	}
	drawings, blinded := blind(t, key.Public, 3)
	issued, err := c.IssueTokens(t.Context(), citizen, blinded)
	if err != nil || issued.KeyID != key.ID || issued.Remaining != 2 || len(issued.Signatures) != 3 {
		t.Fatalf("issued %+v, %v", issued, err)
	}
	public, err := blindtoken.ParsePublicKey(key.Public)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range drawings {
		signature, err := d.blinding.Finalize(issued.Signatures[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := public.Verify(d.message, signature); err != nil {
			t.Error(err)
		}
	}
	// More than is left: refused as a whole, and what is left stays.
	_, blinded = blind(t, key.Public, 3)
	_, err = c.IssueTokens(t.Context(), citizen, blinded)
	wantError(t, err, civic.CodeRateLimited, "tokens.quota")
	if issued, err = c.IssueTokens(t.Context(), citizen, blinded[:2]); err != nil || issued.Remaining != 0 {
		t.Fatalf("the last two: %+v, %v", issued, err)
	}
	_, err = c.IssueTokens(t.Context(), citizen, blinded[:1])
	wantError(t, err, civic.CodeRateLimited, "tokens.quota")
	if key, err = c.TokenKey(t.Context(), &citizen); err != nil || *key.Remaining != 0 {
		t.Errorf("remaining %+v, %v", key.Remaining, err)
	}
}

func TestTheQuotaHoldsAgainstManyAtOnce(t *testing.T) {
	t.Parallel()
	c := start(t)
	citizen := c.signUp(t).Principal.Citizen
	key, err := c.TokenKey(t.Context(), &citizen)
	if err != nil {
		t.Fatal(err)
	}
	_, blinded := blind(t, key.Public, 1)
	var signed atomic.Int32
	var tries sync.WaitGroup
	for range 40 {
		tries.Go(func() {
			if _, err := c.IssueTokens(t.Context(), citizen, blinded); err == nil {
				signed.Add(1)
			} else if border, ok := errors.AsType[*civic.Error](err); !ok || border.Key != "tokens.quota" {
				t.Error(err)
			}
		})
	}
	tries.Wait()
	if signed.Load() != 5 {
		t.Errorf("%d tokens were signed", signed.Load())
	}
}

func TestNothingElseIsSigned(t *testing.T) {
	t.Parallel()
	c := start(t, func(cfg *identity.Config) { cfg.Demo, cfg.TokensPerDay = true, 3 })
	citizen := c.signUp(t).Principal.Citizen
	key, err := c.TokenKey(t.Context(), &citizen)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKIXPublicKey(key.Public)
	if err != nil {
		t.Fatal(err)
	}
	whole := make([]byte, blindtoken.Size)
	for name, blinded := range map[string][][]byte{
		"nothing": nil, "eleven": slices.Repeat([][]byte{whole}, 11), "an empty one": {whole, nil}, "a byte too few": {whole[1:]},
		"a byte too many": {append(whole, 0)}, "the modulus": {parsed.(*rsa.PublicKey).N.Bytes()},
	} {
		_, err := c.IssueTokens(t.Context(), citizen, blinded)
		if border, ok := errors.AsType[*civic.Error](err); !ok || border.Code != civic.CodeInvalidInput || border.Field != "blinded" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if key, err = c.TokenKey(t.Context(), &citizen); err != nil || *key.Remaining != 3 {
		t.Errorf("refused ones were counted: %d, %v", *key.Remaining, err)
	}
	// An officer is nobody's verified citizen, and neither is an id that nobody has.
	officer, err := c.SignIn(t.Context(), identityclient.SignInInput{Email: "walikota@demo.jagawarga.test", Password: "jagawarga-demo"})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []civic.UUID{officer.Principal.Officer.UUID, civic.NamedUUID("nobody")} {
		_, err := c.IssueTokens(t.Context(), civic.CitizenID{UUID: id}, [][]byte{whole})
		wantError(t, err, civic.CodeRateLimited, "tokens.quota")
	}
}

func TestThereIsOneKeyADay(t *testing.T) {
	t.Parallel()
	keys := knownKeys()
	shared := func(cfg *identity.Config) { cfg.NewTokenKey = keys }
	c := start(t, shared)
	citizen := c.signUp(t).Principal.Citizen
	first, err := c.TokenKey(t.Context(), &citizen)
	if err != nil {
		t.Fatal(err)
	}
	log := c.tomorrowIsReady(t)
	verifier := log.Verifier
	if entries, keys, err := log.Open(verifier); err != nil || len(entries) != 2 || len(keys) != 2 ||
		entries[0] != (blindtoken.Entry{Day: "2026-11-23", KeyID: first.ID}) {
		t.Fatalf("the log is %v, %v", entries, err)
	}
	_, blinded := blind(t, first.Public, 5)
	if _, err := c.IssueTokens(t.Context(), citizen, blinded); err != nil {
		t.Fatal(err)
	}

	// Midnight: the key that was made ahead signs, without the database having been asked, and the quota is whole again.
	c.clock.pass(8 * time.Hour) // 00:00 WIB
	second, err := c.TokenKey(t.Context(), &citizen)
	if err != nil || second.ID == first.ID || second.ID != strings.Fields(log.Entries[1])[1] || *second.Remaining != 5 {
		t.Fatalf("after midnight %+v, %v", second, err)
	}
	// Two processes agree, also on what they make anew.
	c.clock.pass(24 * time.Hour)
	neighbour := startOn(t, c.admin, c.secrets, c.clock, shared)
	here, there := c.tomorrowIsReady(t), neighbour.tomorrowIsReady(t)
	if !slices.Equal(here.Entries, there.Entries) || here.Checkpoint != there.Checkpoint || here.Verifier != verifier {
		t.Errorf("two processes publish\n%v\n%v", here.Entries, there.Entries)
	}
	if entries, _, err := here.Open(verifier); err != nil || !slices.Equal(here.Entries[:2], log.Entries) {
		t.Errorf("the log did not only grow: %v, %v", entries, err)
	}
	// The first day is over, its grace too: its private key is nowhere, and neither is who drew on it.
	if _, err := os.Stat(filepath.Join(c.secrets, "tokens", "2026-11-23.key")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the first key: %v", err)
	}
}

func TestTheLogTakesNoSecondKey(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.tomorrowIsReady(t)
	key, err := c.TokenKey(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	// Somebody puts another key in the file: the log has one for the day, so there are no tokens that day.
	der, err := testkey.Issuer(2).DER()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(c.secrets, "tokens", "2026-11-23.key")
	if err := os.WriteFile(file, der, 0o600); err != nil {
		t.Fatal(err)
	}
	again := startOn(t, c.admin, c.secrets, c.clock)
	_, err = again.TokenKey(t.Context(), nil)
	wantError(t, err, civic.CodeUnavailable, "tokens.preparing")
	if !strings.Contains(again.logs.String(), "names another key") {
		t.Error("nobody is told why")
	}
	if log, err := again.TokenKeyLog(t.Context()); err != nil || log.Entries[0] != "2026-11-23 "+key.ID {
		t.Errorf("the log is %v, %v", log, err)
	}
	// The service has no right to change what stands there.
	pool, err := identity.OpenPool(t.Context(), pgtest.As(c.admin, serviceRole, pgtest.RolePassword))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, statement := range []string{"DELETE FROM token_keys", "UPDATE token_keys SET key_id = 'x'"} {
		if _, err := pool.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
