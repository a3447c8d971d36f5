package scrub_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
)

// annotated is one text of testdata/examples.jsonl; GUIDE.md beside it says how they were annotated.
type annotated struct {
	ID     string
	Text   string
	Remove []struct {
		Type scrub.Kind
		Text string
	}
	Keep []string
}

func examples(t testing.TB) []annotated { return corpus(t, "testdata/examples.jsonl") }

func corpus(t testing.TB, path string) []annotated {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []annotated
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var a annotated
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// tally counts as the corpus's own score does: a stretch counts as removed when every letter and digit of it lies in a removed span
// (70 % of them for a home address), at each place where it stands; what must be kept survives when no removed span touches the
// first place where it stands free.
type tally struct {
	hit, all                        map[scrub.Kind]int
	kept, keeps, untouched, without int
	misses                          []string
}

type place struct{ from, to int }

func places(text, part []rune) (found []place) {
	for i := 0; i+len(part) <= len(text); i++ {
		if string(text[i:i+len(part)]) == string(part) {
			found = append(found, place{i, i + len(part)})
		}
	}
	return found
}

func (s *tally) score(a annotated, result scrub.Result) {
	text := []rune(a.Text)
	covered := make([]bool, len(text))
	for _, span := range result.Removed {
		for i := span.Start; i < span.End; i++ {
			covered[i] = true
		}
	}
	var taken, evidence []place
	for _, r := range a.Remove {
		taken = append(taken, places(text, []rune(r.Text))...)
	}
	for _, k := range a.Keep {
		for _, at := range places(text, []rune(k)) {
			if free(at, taken) {
				evidence = append(evidence, at)
				break
			}
		}
	}
	for _, r := range a.Remove {
		for _, at := range places(text, []rune(r.Text)) {
			if !within(at, evidence) {
				s.removal(a.ID, r.Type, r.Text, text, covered, at)
			}
		}
	}
	for _, at := range evidence {
		s.keeps++
		whole := true
		for i := at.from; i < at.to; i++ {
			whole = whole && !covered[i]
		}
		if whole {
			s.kept++
		} else {
			s.misses = append(s.misses, fmt.Sprintf("%s damaged: %q", a.ID, string(text[at.from:at.to])))
		}
	}
	if len(a.Remove) == 0 {
		s.without++
		if len(result.Removed) == 0 {
			s.untouched++
		}
	}
}

func (s *tally) removal(id string, kind scrub.Kind, what string, text []rune, covered []bool, at place) {
	signs, gone := 0, 0
	for i := at.from; i < at.to; i++ {
		if unicode.IsLetter(text[i]) || unicode.IsDigit(text[i]) {
			signs++
			if covered[i] {
				gone++
			}
		}
	}
	share := 1.0
	if kind == scrub.HomeAddress {
		share = 0.7
	}
	s.all[kind]++
	if float64(gone) >= share*float64(max(1, signs)) {
		s.hit[kind]++
	} else {
		s.misses = append(s.misses, fmt.Sprintf("%s missed %s: %q", id, kind, what))
	}
}

func free(at place, taken []place) bool {
	for _, p := range taken {
		if at.from < p.to && p.from < at.to {
			return false
		}
	}
	return true
}

func within(at place, evidence []place) bool {
	for _, e := range evidence {
		if at.from >= e.from && at.to <= e.to {
			return true
		}
	}
	return false
}

var numbers = []scrub.Kind{
	scrub.NIK, scrub.KK, scrub.NPWP, scrub.Passport, scrub.SIM, scrub.BPJS, scrub.NIP, scrub.Phone, scrub.Email, scrub.Card, scrub.BankAccount, scrub.IP,
}

func ratio(part, whole int) float64 { return float64(part) / float64(max(1, whole)) }

func (s *tally) figures() (ofNumbers, ofAll, kept, untouched float64) {
	var hit, all, numberHit, numberAll int
	for kind, n := range s.all {
		all, hit = all+n, hit+s.hit[kind]
	}
	for _, kind := range numbers {
		numberAll, numberHit = numberAll+s.all[kind], numberHit+s.hit[kind]
	}
	return ratio(numberHit, numberAll), ratio(hit, all), ratio(s.kept, s.keeps), ratio(s.untouched, s.without)
}

// The scrubber was built on the odd ids and measured on the even ones. The floors are what it reaches: they only ever go up.
func TestExamplesStayScrubbed(t *testing.T) {
	t.Parallel()
	halves := map[string]struct {
		odd                           int
		numbers, all, kept, untouched float64
	}{
		"odd":  {1, 1, 1, 1, 1},
		"even": {0, 0.995, 0.965, 0.985, 1},
	}
	scrubber := scrub.New(scrub.Config{})
	for name, floor := range halves {
		s := tally{hit: map[scrub.Kind]int{}, all: map[scrub.Kind]int{}}
		for _, a := range examples(t) {
			if n, err := strconv.Atoi(strings.TrimPrefix(a.ID, "open-")); err != nil {
				t.Fatal(err)
			} else if n%2 == floor.odd {
				s.score(a, scrubber.Scrub(a.Text, nil))
			}
		}
		ofNumbers, ofAll, kept, untouched := s.figures()
		t.Logf("%s ids: numbers %.3f  all %.3f  kept %.3f  untouched %.3f", name, ofNumbers, ofAll, kept, untouched)
		if ofNumbers < floor.numbers || ofAll < floor.all || kept < floor.kept || untouched < floor.untouched {
			t.Errorf("%s ids fell below the floor", name)
			if name == "odd" { // misses of the even ids are nobody's to build on
				t.Log(strings.Join(s.misses, "\n"))
			}
		}
	}
}

// own.jsonl holds short texts written for this scrubber, one idea each: what must go in one, and what looks like it and must stay in another.
func TestOwnTextsStayScrubbed(t *testing.T) {
	t.Parallel()
	scrubber := scrub.New(scrub.Config{})
	s := tally{hit: map[scrub.Kind]int{}, all: map[scrub.Kind]int{}}
	for _, a := range corpus(t, "testdata/own.jsonl") {
		result := scrubber.Scrub(a.Text, nil)
		check(t, a.Text, result)
		s.score(a, result)
	}
	ofNumbers, ofAll, kept, untouched := s.figures()
	t.Logf("numbers %.3f  all %.3f  kept %.3f  untouched %.3f", ofNumbers, ofAll, kept, untouched)
	if len(s.misses) > 0 || untouched < 0.97 {
		t.Error(strings.Join(s.misses, "\n"))
	}
}

// What the scrubber reaches on the texts of our own, which testdata/OWN.md tells of: the floors lie a little below it. Some of it is
// beyond the grammar.
func TestOwnCorporaStayScrubbed(t *testing.T) {
	t.Parallel()
	for path, floor := range map[string]struct{ numbers, all, kept, untouched float64 }{
		"phrasings.jsonl": {1, 0.975, 0.995, 0.985},
		"voices.jsonl":    {0.985, 0.945, 0.988, 0.97},
		"sealed.jsonl":    {0.995, 0.91, 0.975, 0.97},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s := tally{hit: map[scrub.Kind]int{}, all: map[scrub.Kind]int{}}
			for _, a := range corpus(t, "testdata/"+path) {
				result := scrubber.Scrub(a.Text, nil)
				check(t, a.Text, result)
				s.score(a, result)
			}
			ofNumbers, ofAll, kept, untouched := s.figures()
			t.Logf("numbers %.3f  all %.3f  kept %.3f  untouched %.3f", ofNumbers, ofAll, kept, untouched)
			if ofNumbers < floor.numbers || ofAll < floor.all || kept < floor.kept || untouched < floor.untouched {
				t.Error("fell below the floor")
				if path != "sealed.jsonl" {
					t.Log(strings.Join(s.misses, "\n"))
				}
			}
		})
	}
}
