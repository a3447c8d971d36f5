package anonymizer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/blindtoken/testkey"
	"github.com/jagawarga/jagawarga/internal/notary"
)

// logged makes a log of test keys, one a day from the first on, signed by the key of a seed.
func logged(t *testing.T, seed byte, first blindtoken.Day, issuers ...int) *blindtoken.Log {
	t.Helper()
	scribe, err := notary.New(bytes.Repeat([]byte{seed}, 32), blindtoken.LogOrigin)
	if err != nil {
		t.Fatal(err)
	}
	log := &blindtoken.Log{Verifier: scribe.Verifier()}
	var entries []blindtoken.Entry
	for i, n := range issuers {
		key := testkey.Issuer(n).Public()
		entry := blindtoken.Entry{Day: first.Plus(i), KeyID: key.ID()}
		entries, log.Entries, log.Keys = append(entries, entry), append(log.Entries, entry.String()), append(log.Keys, key.DER())
	}
	if log.Checkpoint, err = blindtoken.SignLog(scribe, entries); err != nil {
		t.Fatal(err)
	}
	return log
}

// today is the day on which the tests file; keys 0, 1, 2 are those of yesterday, today and tomorrow.
var today = blindtoken.DayOf(filedAt)

func (f *flat) learn(t *testing.T, log *blindtoken.Log) {
	t.Helper()
	if err := f.client.LearnTokenKeys(t.Context(), log); err != nil {
		t.Fatal(err)
	}
}

func openWithKeys(t *testing.T) *flat {
	t.Helper()
	f := open(t)
	f.learn(t, logged(t, 1, today.Plus(-1), 0, 1, 2))
	return f
}

// draw makes a token of a test key.
func draw(t *testing.T, n int) *anonymizerclient.Token {
	t.Helper()
	issuer := testkey.Issuer(n)
	message, err := issuer.Public().Prepare(rand.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	blinded, blinding, err := issuer.Public().Blind(rand.Reader, message)
	if err != nil {
		t.Fatal(err)
	}
	blindSignature, err := issuer.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := blinding.Finalize(blindSignature)
	if err != nil {
		t.Fatal(err)
	}
	return &anonymizerclient.Token{KeyID: issuer.Public().ID(), Message: message, Signature: signature}
}

func with(token *anonymizerclient.Token, clientKey string) anonymizerclient.Report {
	r := report()
	r.Token, r.ClientKey = token, clientKey
	return r
}

func refusedAs(err error, code civic.Code, field, key string) bool {
	refusal, ok := errors.AsType[*civic.Error](err)
	return ok && refusal.Code == code && refusal.Field == field && refusal.Key == key
}

func spent(err error) bool { return refusedAs(err, civic.CodeConflict, "token", "token.spent") }

func TestATokenFilesOnce(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	for name, n := range map[string]int{"of today": 1, "of the grace day": 0} {
		token := draw(t, n)
		f.file(t, with(token, ""))
		for _, clientKey := range []string{"", "another"} {
			if _, err := f.client.Submit(t.Context(), with(token, clientKey)); !spent(err) {
				t.Errorf("a token %s, again with client key %q: %v", name, clientKey, err)
			}
		}
	}
	if n := f.reports(t); n != 2 {
		t.Errorf("%d reports", n)
	}
	f.searchEverything(t)
}

func TestTheSameClientMayComeAgainWithItsToken(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	token := draw(t, 1)
	first := f.file(t, with(token, "mine"))
	if second := f.file(t, with(token, "mine")); second.Receipt != first.Receipt {
		t.Error("it got another receipt")
	}
	other := with(token, "mine")
	other.Body = civic.NewRaw("something else")
	if _, err := f.client.Submit(t.Context(), other); !reused(err) {
		t.Errorf("another report: %v", err)
	}
	if _, err := f.client.Submit(t.Context(), with(token, "theirs")); !spent(err) {
		t.Errorf("another client: %v", err)
	}
	if n := f.reports(t); n != 1 {
		t.Errorf("%d reports", n)
	}
}

// dying is an intake at which the anonymizer is killed: the token is redeemed, and nothing has been sent.
type dying struct{ reached chan struct{} }

func (d dying) Submit(ctx context.Context, _ civic.Submission) (civic.SubmissionState, bool, error) {
	close(d.reached)
	<-ctx.Done()
	return "", false, ctx.Err()
}

func TestACrashAfterRedemptionBurnsNothing(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	alive, token := f.client, draw(t, 1)
	killer := dying{make(chan struct{})}
	f.serve(t, killer)
	ctx, kill := context.WithCancel(t.Context())
	go func() { <-killer.reached; kill() }()
	if _, err := f.client.Submit(ctx, with(token, "mine")); err == nil {
		t.Fatal("it was filed by a dead anonymizer")
	}
	if n := f.reports(t); n != 0 {
		t.Fatalf("%d reports", n)
	}
	// The next anonymizer has the same secrets and the same broker.
	if _, err := alive.Submit(t.Context(), with(token, "theirs")); !spent(err) {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := alive.Submit(t.Context(), with(token, "mine")); err != nil {
		t.Errorf("the client that was cut off: %v", err)
	}
	if n := f.reports(t); n != 1 {
		t.Errorf("%d reports", n)
	}
}

func TestAHundredTriesOnTwoAnonymizersFileOnce(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	doors := []*anonymizerclient.Client{f.client, f.beside(t)}
	if err := doors[1].LearnTokenKeys(t.Context(), logged(t, 1, today.Plus(-1), 0, 1, 2)); err != nil {
		t.Fatal(err)
	}
	for name, clientKey := range map[string]func(int) string{
		"without client keys": func(int) string { return "" },
		"with client keys":    func(i int) string { return fmt.Sprint(i) },
	} {
		before, token := f.reports(t), draw(t, 1)
		var filed atomic.Int32
		var tries sync.WaitGroup
		for i := range 100 {
			tries.Go(func() {
				if _, err := doors[i%2].Submit(t.Context(), with(token, clientKey(i))); err == nil {
					filed.Add(1)
				} else if !spent(err) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		tries.Wait()
		if n := f.reports(t) - before; filed.Load() != 1 || n != 1 {
			t.Errorf("%s: %d were told that they filed, %d reports", name, filed.Load(), n)
		}
	}
}

func TestWhatIsNoTokenStoresNothing(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	for name, c := range map[string]struct {
		spoil      func(*anonymizerclient.Token)
		field, key string
	}{
		"a forged signature":  {func(tk *anonymizerclient.Token) { tk.Signature[0] ^= 1 }, "token.signature", "tokens.forged"},
		"another message":     {func(tk *anonymizerclient.Token) { tk.Message[0] ^= 1 }, "token.signature", "tokens.forged"},
		"another key's token": {func(tk *anonymizerclient.Token) { tk.KeyID = testkey.Issuer(0).Public().ID() }, "token.signature", "tokens.forged"},
		"tomorrow's key":      {func(tk *anonymizerclient.Token) { *tk = *draw(t, 2) }, "token.keyId", "tokens.too_early"},
		"a key of nobody's":   {func(tk *anonymizerclient.Token) { *tk = *draw(t, 3) }, "token.keyId", anonymizer.UnknownKey},
		"no key":              {func(tk *anonymizerclient.Token) { tk.KeyID = "" }, "token.keyId", "tokens.malformed"},
		"an endless key":      {func(tk *anonymizerclient.Token) { tk.KeyID = strings.Repeat("k", 65) }, "token.keyId", "tokens.malformed"},
		"no message":          {func(tk *anonymizerclient.Token) { tk.Message = nil }, "token.message", "tokens.malformed"},
		"an endless message":  {func(tk *anonymizerclient.Token) { tk.Message = make([]byte, 513) }, "token.message", "tokens.malformed"},
		"a short signature":   {func(tk *anonymizerclient.Token) { tk.Signature = tk.Signature[1:] }, "token.signature", "tokens.malformed"},
	} {
		token := draw(t, 1)
		c.spoil(token)
		if _, err := f.client.Submit(t.Context(), with(token, "key")); !refusedAs(err, civic.CodeInvalidInput, c.field, c.key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A good token with a bad report is not spent.
	token := draw(t, 1)
	bad := with(token, "")
	bad.Title = civic.NewRaw("")
	if _, err := f.client.Submit(t.Context(), bad); !refusedAs(err, civic.CodeInvalidInput, "title", "text.empty") {
		t.Errorf("a report without title: %v", err)
	}
	if names := f.buckets(t); len(names) != 0 || len(f.stored(t)) != 0 {
		t.Errorf("it left %v", names)
	}
	f.file(t, with(token, ""))
}

func (f *flat) buckets(t *testing.T) (names []string) {
	t.Helper()
	list := f.bus.JetStream().KeyValueStoreNames(t.Context())
	for name := range list.Name() {
		names = append(names, name)
	}
	if list.Error() != nil {
		t.Fatal(list.Error())
	}
	return names
}

func TestTokensEndWithTheGraceDay(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	late, early := draw(t, 1), draw(t, 1)
	f.file(t, with(early, "early"))
	f.setClock(today.Ends().Add(-time.Second))
	f.file(t, with(late, "late"))
	f.setClock(today.Ends())
	for _, token := range []*anonymizerclient.Token{early, late, draw(t, 1), draw(t, 0)} {
		if _, err := f.client.Submit(t.Context(), with(token, "")); !refusedAs(err, civic.CodeInvalidInput, "token.keyId", "tokens.expired") {
			t.Errorf("after the grace day: %v", err)
		}
	}
	until(t, func() error { // Run clears up behind
		keys, err := os.ReadDir(filepath.Join(f.secrets, "token-keys"))
		if err != nil {
			return err
		}
		if names := f.buckets(t); len(names) != 1 || names[0] != anonymizer.KeysBucket || len(keys) != 1 {
			return fmt.Errorf("left are %v and %v", names, keys)
		}
		return nil
	})
	f.file(t, with(draw(t, 2), "")) // and goes on with the days that are not over
}

// until tries for as long as a test may take.
func until(t *testing.T, try func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if err = try(); err == nil {
			return
		}
	}
	t.Fatal(err)
}

func TestALogIsBelievedForItsSignatureAndItsPast(t *testing.T) {
	t.Parallel()
	f := openWithKeys(t)
	yesterday := today.Plus(-1)
	for name, log := range map[string]*blindtoken.Log{
		"signed by another key":    logged(t, 2, yesterday, 0, 1, 2, 3),
		"a second key for today":   logged(t, 1, yesterday, 0, 3, 2),
		"another past":             logged(t, 1, yesterday, 4, 1, 2, 3),
		"shorter and with another": logged(t, 1, yesterday, 3),
	} {
		for range 2 {
			if err := f.client.LearnTokenKeys(t.Context(), log); err == nil {
				t.Errorf("%s was believed", name)
			}
		}
		f.serve(t, nobody{}) // nor by the next one
	}
	if _, err := f.client.Submit(t.Context(), with(draw(t, 3), "")); !refusedAs(err, civic.CodeInvalidInput, "token.keyId", anonymizer.UnknownKey) {
		t.Errorf("a token of a key that was not believed: %v", err)
	}
	f.learn(t, logged(t, 1, yesterday, 0, 1))          // an older one tells nothing new
	f.learn(t, logged(t, 1, yesterday, 0, 1, 2, 3, 4)) // a longer one is what a log should be
	f.setClock(today.Plus(2).Start())
	if _, err := f.beside(t).Submit(t.Context(), with(draw(t, 3), "")); err != nil {
		t.Errorf("a key learnt by a neighbour: %v", err)
	}
}

func TestTheKeyOfTheLogMayBeGiven(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.given = logged(t, 2, today).Verifier
	f.serve(t, nobody{})
	if err := f.client.LearnTokenKeys(t.Context(), logged(t, 1, today, 0)); err == nil {
		t.Error("the first log was believed without the key that was given")
	}
	f.learn(t, logged(t, 2, today, 0))
	if _, err := anonymizer.New(anonymizer.Config{Secrets: t.TempDir(), TokenLog: "noise"}, nobody{}, anonymizer.NewKeyValue(f.bus.JetStream(), 1)); err == nil {
		t.Error("noise was taken as a key")
	}
}
