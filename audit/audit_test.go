package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// The audit itself, on few people: `make audit-anonymity` does the same on 200.
func TestAnonymityHolds(t *testing.T) {
	t.Parallel()
	programs, err := os.MkdirTemp("", "jw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(programs) })
	build := exec.Command("go", "build", "-o", programs+"/", "../cmd/...")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var out bytes.Buffer
	if err := Run(t.Context(), Config{Programs: programs, People: 24, Seed: 2, Out: &out}); err != nil {
		t.Error(err)
	}
	figures.Tell(t, "%s", out.String())
}

func TestTooFewPeople(t *testing.T) {
	t.Parallel()
	if err := Run(t.Context(), Config{People: minPeople - 1}); err == nil {
		t.Error("an audit of too few people says something")
	}
}

// Whatever form a canary is kept in, it is found.
func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	c := canary{kind: "national id", value: "3273015203811234", digits: true}
	f := newFinder(c.patterns(0))
	packed := func(pack func(*bytes.Buffer)) string {
		var b bytes.Buffer
		b.WriteString("something before ")
		pack(&b)
		b.WriteString(" something after")
		return b.String()
	}
	for form, kept := range map[string]string{
		"plain":        "nik=3273015203811234;",
		"hex":          hex.EncodeToString([]byte("x3273015203811234y")),
		"HEX":          fmt.Sprintf("%X", "3273015203811234"),
		"base64":       base64.StdEncoding.EncodeToString([]byte(`{"nik":"3273015203811234"}`)),
		"base64, +1":   base64.StdEncoding.EncodeToString([]byte(`{"nik": "3273015203811234"}`)),
		"base64url +2": base64.RawURLEncoding.EncodeToString([]byte(`{"nik" : "3273015203811234"}`)),
		"UTF-16":       "3\x002\x007\x003\x000\x001\x005\x002\x000\x003\x008\x001\x001\x002\x003\x004\x00",
		"backwards":    "4321183025103723",
		"gzip":         packed(func(b *bytes.Buffer) { w := gzip.NewWriter(b); _, _ = w.Write([]byte(c.value)); _ = w.Close() }),
		"zlib":         packed(func(b *bytes.Buffer) { w := zlib.NewWriter(b); _, _ = w.Write([]byte(c.value)); _ = w.Close() }),
	} {
		found := false
		for _, content := range append([][]byte{[]byte(kept)}, opened([]byte(kept))...) {
			f.find(content, func(pattern, int) { found = true })
		}
		if !found {
			t.Errorf("as %s it is not found in %q", form, kept)
		}
	}
	f.find([]byte("nik=3273015203811235;"), func(p pattern, _ int) { t.Errorf("another's id is found as %s", p.encoding) })
}

func TestAnAccountsNameIsTheAccounts(t *testing.T) {
	t.Parallel()
	p := newPerson(rand.New(rand.NewPCG(1, 1)), 0)
	var ps []pattern
	for _, c := range p.canaries() {
		ps = append(ps, c.patterns(0)...)
	}
	told := func(text string) (kinds []string) {
		newFinder(ps).find([]byte(text), func(p pattern, _ int) { kinds = append(kinds, p.canary.kind) })
		return kinds
	}
	if kinds := told(p.name); !slices.Equal(kinds, []string{"name, as in the account"}) {
		t.Errorf("the account's name is found as %v", kinds)
	}
	if kinds := told(p.body()); len(kinds) < 4 || slices.Contains(kinds, "name, as in the account") {
		t.Errorf("in what somebody tells of themselves is found: %v", kinds)
	}
}

func TestHashesAreFound(t *testing.T) {
	t.Parallel()
	key := []byte("a key that lay among the secrets")
	c := canary{kind: "telephone", value: "081298765432"}
	plain := sha256.Sum256([]byte(c.value))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(c.value))
	keyed := mac.Sum(nil)
	f := newFinder(c.hashed(0, keysIn([]byte(hex.EncodeToString(key)+"\n"))))
	for form, kept := range map[string]string{
		"hex": hex.EncodeToString(plain[:]), "keyed, raw": string(keyed), "keyed, shortened": hex.EncodeToString(keyed[:16]),
		"base64url": base64.RawURLEncoding.EncodeToString(keyed),
		"an id":     fmt.Sprintf("%x-%x-8%x", keyed[:4], keyed[4:6], keyed[6:8]),
	} {
		found := false
		f.find([]byte("x "+kept+" y"), func(pattern, int) { found = true })
		if !found {
			t.Errorf("as %s it is not found", form)
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(7, 7))
	accounts := dice.Perm(24)
	if found := correlation(accounts, accounts); found < beyondChance {
		t.Errorf("the same order twice gives %.1f", found)
	}
	backwards := slices.Clone(accounts)
	slices.Reverse(backwards)
	if found := correlation(accounts, backwards); found > -beyondChance {
		t.Errorf("an order and its reverse give %.1f", found)
	}
	nearly := slices.Clone(accounts) // neighbours changed places, as where four work at once
	for i := 0; i+3 < len(nearly); i += 4 {
		nearly[i], nearly[i+3] = nearly[i+3], nearly[i]
	}
	if found := correlation(accounts, nearly); found < beyondChance {
		t.Errorf("nearly the same order gives %.1f", found)
	}
	for range 2000 {
		if found := correlation(accounts, dice.Perm(24)); found > beyondChance || found < -beyondChance {
			t.Errorf("chance gives %.1f", found)
		}
	}
	_, alike := joinOrders([]sequence{{"accounts by id", accounts}}, []sequence{{"reports by id", dice.Perm(24)}, {"reports by ctid", nearly}})
	if len(alike) != 1 || !strings.Contains(alike[0], "reports by ctid") {
		t.Errorf("found %v", alike)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	dice, start := rand.New(rand.NewPCG(3, 3)), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var accounts, hasty, patient []instant
	for i, person := range dice.Perm(40) {
		at := start.Add(time.Duration(i) * time.Minute)
		accounts = append(accounts, instant{person, at})
		hasty = append(hasty, instant{person, at.Add(time.Second)})
	}
	for i, person := range dice.Perm(40) {
		patient = append(patient, instant{person, start.Add(time.Hour + time.Duration(i)*time.Minute)})
	}
	if _, right, finding := joinTimes(accounts, hasty, 40); right != 40 || finding == "" {
		t.Errorf("who files at once is guessed %d times of 40", right)
	}
	if _, right, finding := joinTimes(accounts, patient, 40); finding != "" {
		t.Errorf("who files later is guessed %d times of 40: %s", right, finding)
	}
	if left := exact([]instant{{0, start}, {0, start.Add(time.Minute)}}); len(left) != 1 {
		t.Errorf("of a whole hour and another time are left: %v", left)
	}
}
