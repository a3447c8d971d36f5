package integration

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// guessersHaveToWork lets many forged tokens come: from then on everybody who brings a token or a receipt has to work first, with the
// solver that the documentation gives. It leaves this server under attack.
func guessersHaveToWork(t *testing.T, city, other *System) {
	citizen := city.Citizen(t, 95)
	tokens := citizen.Draws(t, 5)
	filed := citizen.files(t, anonymousDraft(t, city, canary+" Petugas loket 9 meminta uang."))
	receipt := Vars{"receipt": filed.At("receipt").Text()}
	stranger := city.Stranger()
	stranger.Must(t, followAnonymous, receipt) // in quiet times

	// A siege is over after a minute: on a busy machine it may be in the middle of what is told, which begins again with another one.
	besieged := func(story func() bool) {
		t.Helper()
		for range 5 {
			besiege(t, city, tokens[0]["keyId"])
			if story() {
				return
			}
		}
		t.Error("nobody is asked to work")
	}
	const reply = `mutation($receipt:String!){replyAsAnonymous(receipt:$receipt,body:"halo"){unread}}`
	for _, document := range []string{followAnonymous, reply} {
		besieged(func() bool {
			fault, asked := stranger.askedToWork(t, document, receipt)
			if !asked {
				return false
			}
			if ends := time.Until(fault.Extensions.ExpiresAt); fault.Extensions.Difficulty < 16 || ends < time.Minute || ends > 2*time.Minute || fault.Message == "" {
				t.Fatalf("the work is %+v", fault)
			}
			worker := &Caller{System: city, Proof: work(t, fault)}
			worker.Must(t, document, receipt)
			second, asked := worker.askedToWork(t, document, receipt)
			if second.Extensions.Challenge == fault.Extensions.Challenge {
				t.Error("a challenge came twice")
			}
			return asked
		})
	}

	const follow = `subscription($receipt:String!){anonymousCaseChanged(receipt:$receipt){report{number}}}`
	besieged(func() bool {
		event := stranger.Dial(t).Subscribe(follow, receipt).any()
		if event.code() != "RATE_LIMITED" {
			return false
		}
		worker := &Caller{System: city, Proof: work(t, event.Errors[0])}
		if told := worker.Dial(t).Subscribe(follow, receipt).Next(); told.Data.At("anonymousCaseChanged.report.number").Text() != filed.At("number").Text() {
			t.Errorf("a socket with a proof: %v", told)
		}
		return true
	})

	input := anonymousDraft(t, city, canary+" Petugas loket 10 meminta uang.")
	spent := 0
	besieged(func() bool {
		input["token"] = tokens[spent]
		spent++ // without a siege it is
		fault, asked := stranger.askedToWork(t, submitAnonymous, Vars{"input": input})
		if asked {
			(&Caller{System: city, Proof: work(t, fault)}).Must(t, submitAnonymous, Vars{"input": input})
		}
		return asked
	})

	// Who brings neither is not concerned, nor are other servers.
	citizen.Must(t, submitAnonymous, Vars{"input": anonymousDraft(t, city, canary+" Petugas loket 11.")})
	other.Stranger().Must(t, followAnonymous, receipt)
}

// besiege tries forged tokens until that costs work.
func besiege(t *testing.T, city *System, keyID any) {
	t.Helper()
	stranger := city.Stranger()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 60 {
				message, signature := make([]byte, 64), make([]byte, 384)
				_, _ = rand.Read(message)
				_, _ = rand.Read(signature)
				signature[0] = 0 // a number below the modulus
				input := anonymousDraft(t, city, canary)
				input["token"] = Vars{"keyId": keyID, "message": tokenBytes.EncodeToString(message), "signature": tokenBytes.EncodeToString(signature)}
				answer, err := stranger.Try(t.Context(), submitAnonymous, Vars{"input": input})
				switch code := answer.code(); {
				case err == nil && code == "RATE_LIMITED":
					return
				case err != nil || code != "INVALID_INPUT" && code != "UNAVAILABLE":
					t.Errorf("a forged token: %v %v", answer.Errors, err)
				}
			}
		})
	}
	group.Wait()
}

// askedToWork tells whether an operation is refused for the want of work, and which.
func (c *Caller) askedToWork(t *testing.T, query string, variables Vars) (fault Fault, asked bool) {
	t.Helper()
	answer := c.Ask(t, query, variables)
	if answer.code() != "RATE_LIMITED" {
		return Fault{}, false
	}
	return answer.Errors[0], true
}

// work does the work with the documentation's own solver.
func work(t *testing.T, fault Fault) string {
	t.Helper()
	page, err := os.ReadFile("../docs/proof-of-work.md")
	if err != nil {
		t.Fatal(err)
	}
	_, solver, _ := strings.Cut(string(page), "```js\n")
	solver, _, found := strings.Cut(solver, "```")
	wanted, err := json.Marshal(map[string]any{"challenge": fault.Extensions.Challenge, "difficulty": fault.Extensions.Difficulty})
	if err != nil || !found {
		t.Fatal("the documentation has no solver", err)
	}
	began := time.Now()
	proof, err := exec.CommandContext(t.Context(), "node", "--input-type=module", "--eval", solver+"\nprocess.stdout.write(await prove("+string(wanted)+"))").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bits took %v", fault.Extensions.Difficulty, time.Since(began).Round(time.Millisecond))
	return string(proof)
}
