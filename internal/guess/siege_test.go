package guess_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/guess"
)

// besieged has seen a number of tries fail at once.
func besieged(t *testing.T, failures int, cfg guess.SiegeConfig) (*guess.Siege, *clock) {
	t.Helper()
	c := &clock{now: noon}
	cfg.Now = c.Now
	if cfg.Bits == 0 {
		cfg.Bits = 8
	}
	s, err := guess.NewSiege(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for range failures {
		s.Failed()
	}
	return s, c
}

// asked is the work that a try without a proof is refused for; nil if it is allowed.
func asked(t *testing.T, s *guess.Siege, ctx context.Context) *civic.Work {
	t.Helper()
	err := s.Allow(ctx)
	if err == nil {
		return nil
	}
	refusal, ok := errors.AsType[*civic.Error](err)
	if !ok || refusal.Code != civic.CodeRateLimited || refusal.Work == nil {
		t.Fatalf("refused with %v", err)
	}
	return refusal.Work
}

// solved does the work, as a client does from the documentation alone.
func solved(t *testing.T, w *civic.Work) string {
	t.Helper()
	for n := range 1 << 24 {
		proof := fmt.Sprintf("%s:%x", w.Challenge, n)
		zeros := 0
		for _, b := range sha256.Sum256([]byte(proof)) {
			zeros += bits.LeadingZeros8(b)
			if b != 0 {
				break
			}
		}
		if zeros >= w.Difficulty {
			return proof
		}
	}
	t.Fatal("no nonce was found")
	return ""
}

func with(s *guess.Siege, proof string) context.Context {
	return s.Mark(context.Background(), &http.Request{Header: http.Header{http.CanonicalHeaderKey(guess.Header): {proof}}})
}

func TestQuietTimesAskNothing(t *testing.T) {
	t.Parallel()
	s, c := besieged(t, 99, guess.SiegeConfig{})
	for range 1000 {
		if asked(t, s, t.Context()) != nil {
			t.Fatal("work without an attack")
		}
	}
	s.Failed()
	if asked(t, s, t.Context()) == nil {
		t.Fatal("no work under attack")
	}
	c.passes(49 * time.Second)
	if asked(t, s, t.Context()) == nil {
		t.Error("the attack is over before half of it is forgiven")
	}
	c.passes(time.Second)
	if asked(t, s, t.Context()) != nil {
		t.Error("the attack does not end")
	}
	for range 3600 { // one failure a second is no attack, however long
		s.Failed()
		c.passes(time.Second)
	}
	if asked(t, s, t.Context()) != nil {
		t.Error("slow failures add up")
	}
}

// The harder the attack, the harder the work, up to a bound; and it is over sixteen times an attack's worth later, however many failed.
func TestWorkGrowsWithTheAttack(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]int{100: 8, 199: 8, 200: 9, 399: 9, 400: 10, 800: 11, 1600: 12, 1_000_000: 12} {
		s, c := besieged(t, failures, guess.SiegeConfig{})
		work := asked(t, s, t.Context())
		if work == nil || work.Difficulty != want || !work.ExpiresAt.Equal(noon.Add(2*time.Minute)) {
			t.Errorf("after %d failures: %+v", failures, work)
		}
		c.passes(1600 * time.Second)
		if asked(t, s, t.Context()) != nil {
			t.Errorf("after %d failures it never ends", failures)
		}
	}
}

func TestAProofIsGoodForOneTry(t *testing.T) {
	t.Parallel()
	s, c := besieged(t, 500, guess.SiegeConfig{})
	proof := solved(t, asked(t, s, t.Context()))
	var allowed atomic.Int32
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if s.Allow(with(s, proof)) == nil {
				allowed.Add(1)
			}
		})
	}
	group.Wait()
	if allowed.Load() != 1 {
		t.Errorf("one proof served %d tries", allowed.Load())
	}
	late := solved(t, asked(t, s, t.Context()))
	c.passes(2 * time.Minute)
	if asked(t, s, with(s, late)) == nil {
		t.Error("a proof outlives its challenge")
	}
	if asked(t, s, with(s, proof)) == nil {
		t.Error("a used proof is good again after it was forgotten")
	}
	greeting, err := json.Marshal(map[string]any{"x-jagawarga-proof-of-work": solved(t, asked(t, s, t.Context())), "other": 1})
	if err != nil {
		t.Fatal(err)
	}
	if asked(t, s, s.Greet(context.Background(), greeting)) != nil {
		t.Error("a socket's proof does not count")
	}
}

func TestProofsThatDoNotHold(t *testing.T) {
	t.Parallel()
	s, _ := besieged(t, 500, guess.SiegeConfig{Bits: 12})
	other, _ := besieged(t, 500, guess.SiegeConfig{Bits: 1})
	work := asked(t, s, t.Context())
	good := solved(t, work)
	raised := *work
	raised.Challenge = raised.Challenge[:11] + "A" + raised.Challenge[12:] // where its difficulty is written
	easier := *work
	easier.Difficulty = 1
	for name, proof := range map[string]string{
		"none": "", "nonsense": "x", "no nonce": work.Challenge, "a colon more": good + ":", "too long": good + strings.Repeat("0", 128),
		"another's challenge": solved(t, asked(t, other, t.Context())), "altered": solved(t, &raised),
		"padded": strings.Replace(good, ":", "=:", 1), "spaces": " " + good,
	} {
		if asked(t, s, with(s, proof)) == nil {
			t.Errorf("%s is believed", name)
		}
	}
	for n := range 1000 { // hardly one of these has twelve zero bits
		if proof := fmt.Sprintf("%s:no%d", easier.Challenge, n); proof != good && sha256.Sum256([]byte(proof))[0] != 0 && asked(t, s, with(s, proof)) == nil {
			t.Fatalf("%s is believed", proof)
		}
	}
	for _, payload := range []string{"", "null", "[]", `{"X-JagaWarga-Proof-Of-Work":1}`, `{"X-JagaWarga-Proof-Of-Work":null}`} {
		if asked(t, s, s.Greet(context.Background(), json.RawMessage(payload))) == nil {
			t.Errorf("%s is believed", payload)
		}
	}
	if asked(t, s, with(s, good)) != nil {
		t.Error("the right one is not")
	}
}

// The memory for used proofs is bounded: when it is full no proof is believed until some have ended.
func TestMemoryForProofsIsBounded(t *testing.T) {
	t.Parallel()
	s, c := besieged(t, 1600, guess.SiegeConfig{Proofs: 3, Bits: 1})
	believed := 0
	for range 5 {
		if asked(t, s, with(s, solved(t, asked(t, s, t.Context())))) == nil {
			believed++
		}
	}
	c.passes(3 * time.Minute)
	if asked(t, s, with(s, solved(t, asked(t, s, t.Context())))) != nil || believed != 3 {
		t.Errorf("%d were believed, and none after", believed)
	}
}

func TestSiegesAreChecked(t *testing.T) {
	t.Parallel()
	for _, cfg := range []guess.SiegeConfig{{Failures: -1}, {Bits: -1}, {Bits: 61}, {Every: -1}, {Lifetime: -1}, {Proofs: -1}, {Random: strings.NewReader("short")}} {
		if _, err := guess.NewSiege(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}
