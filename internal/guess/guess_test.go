package guess_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/guess"
)

// noon is far from midnight, when everything is forgotten.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) passes(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func brake(t *testing.T, cfg guess.Config) (*guess.Brake, *clock) {
	t.Helper()
	c := &clock{now: noon}
	cfg.Now = c.Now
	b, err := guess.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return b, c
}

func from(b *guess.Brake, remote string, forwarded ...string) context.Context {
	return b.Mark(context.Background(), &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": forwarded}})
}

// failing is how many tries fail before the brake refuses one.
func failing(t *testing.T, b *guess.Brake, ctx context.Context) int {
	t.Helper()
	for n := range 1000 {
		if err := b.Allow(ctx); err != nil {
			if known := (*civic.Error)(nil); !errors.As(err, &known) || known.Code != civic.CodeRateLimited || len(known.Args) > 0 {
				t.Errorf("refused with %v", err)
			}
			return n
		}
		b.Failed(ctx)
	}
	return 1000
}

func TestTwentyAMinute(t *testing.T) {
	t.Parallel()
	b, c := brake(t, guess.Config{})
	guesser := from(b, "203.0.113.7:4711")
	for range 1000 { // what opens something is free
		if err := b.Allow(guesser); err != nil {
			t.Fatal(err)
		}
	}
	if n := failing(t, b, guesser); n != 20 {
		t.Errorf("%d tries at first", n)
	}
	c.passes(3 * time.Second)
	if n := failing(t, b, guesser); n != 1 {
		t.Errorf("%d tries after three seconds", n)
	}
	c.passes(time.Minute)
	if n := failing(t, b, guesser); n != 20 {
		t.Errorf("%d tries after a minute", n)
	}
	// Midnight forgets, and names everybody anew.
	c.passes(12*time.Hour - time.Minute)
	if n := failing(t, b, from(b, "203.0.113.7:4711")); n != 20 {
		t.Errorf("%d tries on the next day", n)
	}
}

// Tries that ran at the same time are paid for afterwards, but not for ever.
func TestTriesAtTheSameTime(t *testing.T) {
	t.Parallel()
	b, c := brake(t, guess.Config{})
	guesser := from(b, "203.0.113.7:4711")
	for range 100_000 {
		b.Failed(guesser)
	}
	c.passes(8 * time.Minute)
	if n := failing(t, b, guesser); n != 0 {
		t.Errorf("%d tries after 8 minutes", n)
	}
	c.passes(2 * time.Minute)
	if n := failing(t, b, guesser); n != 20 {
		t.Errorf("%d tries after 10 minutes", n)
	}
}

// Who is next door shares the count; everybody else does not notice. What callers say of themselves counts only behind a trusted gateway.
func TestWhoIsCountedTogether(t *testing.T) {
	t.Parallel()
	gateway := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name     string
		trusted  []netip.Prefix
		a, b     []string // remote address, then X-Forwarded-For
		together bool
	}{
		{"the same", nil, []string{"203.0.113.7:1"}, []string{"203.0.113.7:2"}, true},
		{"next door", nil, []string{"203.0.113.7:1"}, []string{"203.0.113.250:1"}, true},
		{"as an address of IPv6", nil, []string{"203.0.113.7:1"}, []string{"[::ffff:203.0.113.7]:1"}, true},
		{"another street", nil, []string{"203.0.113.7:1"}, []string{"203.0.114.7:1"}, false},
		{"one site", nil, []string{"[2001:db8:1:2::3]:1"}, []string{"[2001:db8:1:ffff::4]:1"}, true},
		{"two sites", nil, []string{"[2001:db8:1::3]:1"}, []string{"[2001:db8:2::3]:1"}, false},
		{"nobody is believed", nil, []string{"10.0.0.1:1", "203.0.113.7"}, []string{"10.0.0.1:1", "203.0.114.7"}, true},
		{"the gateway is believed", gateway, []string{"10.0.0.1:1", "203.0.113.7"}, []string{"10.0.0.1:1", "203.0.114.7"}, false},
		{"nobody else is", gateway, []string{"203.0.113.7:1", "1.2.3.4"}, []string{"203.0.113.7:1", "5.6.7.8"}, true},
		{"what the caller has put in is not", gateway, []string{"10.0.0.1:1", "1.2.3.4, 203.0.113.7"}, []string{"10.0.0.1:1", "5.6.7.8", "203.0.113.7"}, true},
		{"two gateways", gateway, []string{"10.0.0.1:1", "203.0.113.7, fd00::1"}, []string{"10.0.0.2:1", "203.0.114.7, fd00::1"}, false},
		{"nonsense ends it", gateway, []string{"10.0.0.1:1", "203.0.113.7, x"}, []string{"10.0.0.1:1", "203.0.114.7, x"}, true},
		{"a gateway that says nothing", gateway, []string{"10.0.0.1:1"}, []string{"10.0.0.1:2", ""}, true},
		{"no address at all", nil, []string{"@"}, []string{""}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, _ := brake(t, guess.Config{Trusted: c.trusted})
			failing(t, b, from(b, c.a[0], c.a[1:]...))
			if n := failing(t, b, from(b, c.b[0], c.b[1:]...)); (n == 0) != c.together {
				t.Errorf("the other has %d tries", n)
			}
		})
	}
}

// A guesser with many addresses costs no more memory than is set aside; who is not counted apart shares one count.
func TestManyNeighbourhoods(t *testing.T) {
	t.Parallel()
	b, c := brake(t, guess.Config{Neighbourhoods: 10})
	street := func(n int) context.Context { return from(b, "203.0."+strconv.Itoa(n)+".1:1") }
	for n := range 10 {
		b.Failed(street(n))
	}
	tries := 0
	for n := 10; n < 60; n++ {
		tries += failing(t, b, street(n))
	}
	if tries != 20 {
		t.Errorf("the rest has %d tries together", tries)
	}
	if n := failing(t, b, street(0)); n != 19 {
		t.Errorf("who was there before has %d", n)
	}
	c.passes(10 * time.Minute)
	if n := failing(t, b, street(60)) + failing(t, b, street(61)); n != 40 {
		t.Errorf("later two newcomers have %d", n)
	}
}

func TestALimitBelowNothing(t *testing.T) {
	t.Parallel()
	if _, err := guess.New(guess.Config{Tries: -1}); err == nil {
		t.Error("accepted")
	}
}

func BenchmarkMark(b *testing.B) {
	brake, err := guess.New(guess.Config{})
	if err != nil {
		b.Fatal(err)
	}
	r := &http.Request{RemoteAddr: "203.0.113.7:4711", Header: http.Header{}}
	for b.Loop() {
		brake.Mark(context.Background(), r)
	}
}
