package graph_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/guess"
)

// refusing answers every report with one refusal.
type refusing struct {
	graph.Anonymizer
	err error
}

func (r refusing) Submit(context.Context, anonymizerclient.Report) (*anonymizerclient.Filed, error) {
	return nil, r.err
}

const fileCase = `mutation($i: SubmitAnonymousReportInput!) { submitAnonymousReport(input: $i) { number } }`

// A token that nobody signed, or that is spent, counts as a try; one that is old, and an anonymizer that is down, do not. Once there are
// too many, tokens want work, and an account does not.
func TestTokensThatAreWorthNothingCount(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	now := func() time.Time { return coretest.Monday }
	input := map[string]any{
		"title": "Pungli", "body": "Petugas meminta uang.", "category": c.City.Categories[0].ID.String(),
		"token": map[string]any{"keyId": "k", "message": strings.Repeat("A", 86), "signature": strings.Repeat("A", 512)},
	}
	spent := civic.Conflict("token.spent")
	spent.Field = "token"
	for _, refusal := range []struct {
		err    *civic.Error
		counts bool
	}{
		{civic.Invalid("token.signature", "tokens.forged"), true}, {civic.Invalid("token.keyId", "tokens.unknown_key"), true}, {spent, true},
		{civic.Invalid("token.keyId", "tokens.expired"), false}, {civic.Invalid("title", "text.empty"), false},
		{civic.Unavailable("anonymizer.unavailable"), false},
	} {
		siege, err := guess.NewSiege(guess.SiegeConfig{Failures: 3, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		brake, err := guess.New(guess.Config{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		f := newFace(t, c, plan{anonymizer: refusing{err: refusal.err}, guesses: guess.Tries{Brake: brake, Siege: siege}})
		file := func(p civic.Principal, input map[string]any) string {
			code, _ := f.ask(t, p, fileCase, map[string]any{"i": input}).refusal()
			return code
		}
		for range 3 {
			if code := file(civic.Principal{}, input); code != string(refusal.err.Code) {
				t.Fatalf("%v: %q", refusal.err, code)
			}
		}
		want := string(refusal.err.Code)
		if refusal.counts {
			want = "RATE_LIMITED"
		}
		if code := file(civic.Principal{}, input); code != want {
			t.Errorf("after three times %v: %q", refusal.err, code)
		}
		account := map[string]any{"title": input["title"], "body": input["body"], "category": input["category"]}
		if code := file(coretest.Citizen("budi"), account); code != string(refusal.err.Code) {
			t.Errorf("with an account, %v: %q", refusal.err, code)
		}
	}
}
