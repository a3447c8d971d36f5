package integration

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

const (
	tokenKey    = `{anonymousTokenKey{keyId publicKey suite expiresAt remainingToday}}`
	issueTokens = `mutation($b:[String!]!){issueAnonymousTokens(blinded:$b){keyId blindSignatures remainingToday}}`
)

var tokenBytes = base64.RawURLEncoding

func bytesOf(t testing.TB, v Value) []byte {
	t.Helper()
	raw, err := tokenBytes.DecodeString(v.Text())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// tokenKey waits for the key of a city that has just been founded.
func (s *System) tokenKey(t testing.TB, caller *Caller) Value {
	t.Helper()
	var key Value
	eventually(t, "there is a key for tokens", func() error {
		answer, err := caller.Try(t.Context(), tokenKey, nil)
		if err == nil && answer.code() != "" {
			err = errNotYet
		}
		key = answer.Data.At("anonymousTokenKey")
		return err
	})
	return key
}

// Draws draws n tokens, as a browser does.
func (c *Caller) Draws(t testing.TB, n int) []Vars {
	t.Helper()
	key, err := blindtoken.ParsePublicKey(bytesOf(t, c.System.tokenKey(t, c).At("publicKey")))
	if err != nil {
		t.Fatal(err)
	}
	messages, blindings, blinded := make([][]byte, n), make([]*blindtoken.Blinding, n), make([]string, n)
	for i := range n {
		var raw []byte
		if messages[i], err = key.Prepare(rand.Reader, []byte("a browser's own")); err != nil {
			t.Fatal(err)
		}
		if raw, blindings[i], err = key.Blind(rand.Reader, messages[i]); err != nil {
			t.Fatal(err)
		}
		blinded[i] = tokenBytes.EncodeToString(raw)
	}
	issued := c.Must(t, issueTokens, Vars{"b": blinded}).At("issueAnonymousTokens")
	tokens := make([]Vars, n)
	for i, blindSignature := range issued.At("blindSignatures").Items() {
		signature, err := blindings[i].Finalize(bytesOf(t, blindSignature))
		if err != nil {
			t.Fatal(err)
		}
		tokens[i] = Vars{
			"keyId": issued.At("keyId").Text(), "message": tokenBytes.EncodeToString(messages[i]), "signature": tokenBytes.EncodeToString(signature),
		}
	}
	return tokens
}

func tokensFileReports(t *testing.T, city *System) {
	stranger, citizen, officer := city.Stranger(), city.Citizen(t, 80), city.Officer(t, "inspektorat")
	key := city.tokenKey(t, stranger)
	if mine := city.tokenKey(t, citizen); !key.At("remainingToday").Null() || mine.At("remainingToday").Number() != 5 ||
		mine.At("keyId").Text() != key.At("keyId").Text() || key.At("suite").Text() != blindtoken.Suite {
		t.Errorf("a stranger is told %v, a citizen %v", key, mine)
	}
	if theirs := city.tokenKey(t, officer); !theirs.At("remainingToday").Null() {
		t.Errorf("an officer is told %v", theirs)
	}
	if ends, err := time.Parse(time.RFC3339, key.At("expiresAt").Text()); err != nil || time.Until(ends) < 23*time.Hour || time.Until(ends) > 48*time.Hour { // midnight may be just now
		t.Errorf("it expires at %v", key.At("expiresAt"))
	}
	city.keyIsPublished(t, key.At("keyId").Text())

	token := citizen.Draws(t, 1)[0]
	draft := func(token Vars) Vars {
		input := anonymousDraft(t, city, canary+" Petugas loket 5 meminta uang.")
		input["token"], input["clientKey"] = token, "kunci-token"
		return Vars{"input": input}
	}
	// A careless client cannot link itself, and what is no token files nothing.
	citizen.Refused(t, "INVALID_INPUT", "token", submitAnonymous, draft(token))
	officer.Refused(t, "INVALID_INPUT", "token", submitAnonymous, draft(token))
	stranger.Refused(t, "UNAUTHENTICATED", "", submitAnonymous, draft(nil))
	for field, value := range map[string]string{"keyId": strings.Repeat("A", 43), "message": "not base64!", "signature": strings.Repeat("A", 512)} {
		spoilt := Vars{"keyId": token["keyId"], "message": token["message"], "signature": token["signature"]}
		spoilt[field] = value
		stranger.Refused(t, "INVALID_INPUT", "token."+field, submitAnonymous, draft(spoilt))
	}

	filed := stranger.files(t, draft(token)["input"].(Vars))
	again := stranger.files(t, draft(token)["input"].(Vars)) // the same client
	if again.At("receipt").Text() != filed.At("receipt").Text() {
		t.Error("a retry got another receipt")
	}
	spent := draft(token)
	spent["input"].(Vars)["clientKey"] = "kunci-lain"
	stranger.Refused(t, "CONFLICT", "token", submitAnonymous, spent)
	report := stranger.Must(t, followAnonymous, Vars{"receipt": filed.At("receipt").Text()}).At("anonymousReport.report.id").Text()
	if seen := officer.Sees(t, report); !seen.At("reporter").Null() || !strings.Contains(seen.At("body").Text(), "loket 5") {
		t.Errorf("the inspectorate sees %v", seen)
	}

	// The quota: all of it or nothing, and for citizens alone.
	blinded := slices.Repeat([]string{tokenBytes.EncodeToString(make([]byte, blindtoken.Size))}, 11)
	citizen.Refused(t, "RATE_LIMITED", "", issueTokens, Vars{"b": blinded[:5]})
	citizen.Refused(t, "INVALID_INPUT", "blinded", issueTokens, Vars{"b": blinded})
	citizen.Refused(t, "INVALID_INPUT", "blinded", issueTokens, Vars{"b": []string{"AAAA"}})
	stranger.Refused(t, "UNAUTHENTICATED", "", issueTokens, Vars{"b": blinded[:1]})
	officer.Refused(t, "FORBIDDEN", "", issueTokens, Vars{"b": blinded[:1]})
	if left := city.tokenKey(t, citizen).At("remainingToday").Number(); left != 4 {
		t.Errorf("%v are left", left)
	}
}

// keyIsPublished finds today's key in the log that everybody can read and check.
func (s *System) keyIsPublished(t *testing.T, keyID string) {
	t.Helper()
	_, body := s.Get(t, s.URL+"/.well-known/jagawarga-token-keys")
	var published struct {
		Verifier, Checkpoint string
		Entries, Keys        []string
	}
	if err := json.Unmarshal([]byte(body), &published); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	log := blindtoken.Log{Verifier: published.Verifier, Checkpoint: published.Checkpoint, Entries: published.Entries}
	for _, key := range published.Keys {
		der, err := tokenBytes.DecodeString(key)
		if err != nil {
			t.Fatal(err)
		}
		log.Keys = append(log.Keys, der)
	}
	entries, _, err := log.Open(published.Verifier)
	if err != nil || !slices.ContainsFunc(entries, func(e blindtoken.Entry) bool { return e.KeyID == keyID }) {
		t.Errorf("the log is %s: %v", body, err)
	}
}

// TestTokensSurvive kills what a token meets on its way. Each files one report, and none is burnt.
func TestTokensSurvive(t *testing.T) {
	t.Parallel()
	city := Start(t)
	var tokens []Vars
	for number := 60; number < 64; number++ {
		tokens = append(tokens, city.Citizen(t, number).Draws(t, 5)...)
	}
	stranger, category := city.Stranger(), city.Category(t, "pungli")
	report := func(i int) Vars {
		return Vars{"input": Vars{
			"title": "Pungli", "body": fmt.Sprintf("Laporan bertoken nomor %d.", i), "category": category,
			"token": tokens[i], "clientKey": fmt.Sprintf("kunci-%d", i),
		}}
	}
	stranger.Must(t, submitAnonymous, report(1)) // from here on the anonymizer surely knows the key
	// Neither database nor identity: a token needs them no more.
	city.KillPart(t, "identity")
	city.KillPart(t, "postgres")
	first := stranger.Must(t, submitAnonymous, report(0)).At("submitAnonymousReport")

	// The anonymizer dies again and again while the others are on their way; each client asks until it is answered.
	receipts := make([]string, len(tokens))
	var sending sync.WaitGroup
	for i := range tokens {
		sending.Go(func() {
			eventually(t, "the report is accepted", func() error {
				answer, err := stranger.Try(t.Context(), submitAnonymous, report(i))
				if err == nil && answer.code() != "" {
					if err = errNotYet; answer.code() != "UNAVAILABLE" {
						t.Errorf("a good token: %v", answer.Errors)
					}
				}
				receipts[i] = answer.Data.At("submitAnonymousReport.receipt").Text()
				return err
			})
		})
	}
	for range 3 {
		if killed, err := city.Pid("anonymizer"); err == nil {
			city.KillPart(t, "anonymizer")
			city.restarted(t, "anonymizer", killed)
		}
	}
	sending.Wait()
	if receipts[0] != first.At("receipt").Text() {
		t.Error("a retry after all that got another receipt")
	}
	for i, receipt := range receipts {
		if slices.Index(receipts, receipt) != i {
			t.Errorf("two tokens share the receipt of %d", i)
		}
		eventually(t, "the receipt finds the report", func() error {
			answer, err := stranger.Try(t.Context(), followAnonymous, Vars{"receipt": receipt})
			if err == nil && answer.code() != "" {
				err = errNotYet
			}
			return err
		})
		spent := report(i)
		spent["input"].(Vars)["clientKey"] = "kunci-orang-lain"
		stranger.Refused(t, "CONFLICT", "token", submitAnonymous, spent)
	}
}
