package scrub

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"
)

// A word that a rule looks for but that does not wake it would be a hole that no text shows by itself: here every rule looks at every
// token, and must find what it finds when it sleeps in between.
func TestRulesWakeWhereverTheyFindSomething(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"testdata/examples.jsonl", "testdata/own.jsonl", "testdata/phrasings.jsonl", "testdata/voices.jsonl"} {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var line struct{ ID, Text string }
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			if found, all := hits(line.Text, false), hits(line.Text, true); !slices.Equal(found, all) {
				t.Errorf("%s: %v, with every rule awake %v", line.ID, found, all)
			}
		}
	}
}

func hits(text string, everyRule bool) []stretch {
	p := open(text)
	defer p.close()
	asleep, was := slices.Clone(p.tokens), *p
	for _, rule := range slices.Concat(numberRules, ownRules) {
		if choosy := reflect.ValueOf(rule).Pointer() == reflect.ValueOf(findTagged).Pointer(); everyRule && !choosy {
			p.woken, p.seen, p.colons, p.dotted, p.awoken = ^wake(0), ^class(0), len(text), len(text), nil
			for i := range p.tokens {
				p.tokens[i].wake = ^wake(0)
				p.awoken = append(p.awoken, awoken{int32(i), ^wake(0)})
			}
		} else { // the tagger does its own choosing
			p.woken, p.seen, p.colons, p.dotted, p.awoken = was.woken, was.seen, was.colons, was.dotted, was.awoken
			for i := range p.tokens {
				p.tokens[i].wake = asleep[i].wake
			}
		}
		rule(p)
	}
	return joined(p.stretches())
}
