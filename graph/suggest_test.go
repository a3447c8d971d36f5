package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

const suggestCategories = `query($t: String!) { s: suggestCategories(text: $t) { code } }`

// suggested are the codes of what is suggested to somebody without an account.
func (f *face) suggested(t *testing.T, text string) []string {
	t.Helper()
	return listed(f.ask(t, civic.Principal{}, suggestCategories, map[string]any{"t": text}).fine().at("s"), "code")
}

// first reports whether the first suggestion is this.
func (f *face) first(t *testing.T, text, code string) bool {
	t.Helper()
	got := f.suggested(t, text)
	return len(got) > 0 && got[0] == code
}

// learn runs the advisor until the test is over; it has learned when it knows a word.
func (f *face) learn(t *testing.T, word, code string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.advisor.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	eventually(t, word+" is learned", func() bool { return f.first(t, word, code) })
}

func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// history files some hundreds of reports in words of the street, which no keyword is; what not everybody may read says otherwise.
func history(c *coretest.Core) {
	var all []civic.Submission
	for i := range 450 {
		said := []struct{ code, words string }{
			{"banjir", "Banyune munggah nang omah"}, {"sampah", "Uwuh mambu ora dijupuk"}, {"jalan-rusak", "Dalane jeglong kabeh"},
		}[i%3]
		all = append(all, c.Submission(c.Of(said.code), coretest.At(coretest.Monday.Add(-time.Duration(i)*time.Minute)), func(s *civic.Submission) {
			s.Title, s.Body = said.words, fmt.Sprintf("%s, sampun dinten kaping %d.", said.words, i)
		}))
	}
	for i := range 450 {
		all = append(all, c.Submission(c.Of("wabah"), coretest.Visibility([]civic.Visibility{civic.Private, civic.Anonymous, civic.Public}[i%3]), func(s *civic.Submission) {
			s.Title, s.Body = "Uwuh mambu ora dijupuk", "Singidan uwuh mambu."
		}))
	}
	c.TakeIn(all...)
	c.Exec("UPDATE reports SET hidden = true WHERE visibility = 'PUBLIC' AND category_id = $1", demo.CategoryID("wabah").Bytes())
}

// What people wrote and how officers sorted it becomes what is suggested, and where a report without a category goes.
func TestSuggestionsAreLearned(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	history(c)
	f := newFace(t, c, plan{intake: newDoor(t)})
	const rubbish = "uwuh mambu"
	if got := f.suggested(t, rubbish); len(got) > 0 {
		t.Errorf("keywords know %v", got)
	}
	if got := f.suggested(t, "Lubang di aspal, dan sampah"); !slices.Equal(got, []string{"jalan-rusak", "sampah"}) {
		t.Errorf("keywords say %v", got)
	}
	budi := coretest.Citizen("budi")
	const submit = `mutation($in: SubmitReportInput!) { f: submitReport(input: $in) { report { category { code } } } }`
	const counter = `mutation($in: SubmitReportInput!) { f: fileAtCounter(input: $in) { report { category { code } } } }`
	filed := func(p civic.Principal, document string, more ...string) any {
		t.Helper()
		in := map[string]any{"title": "Uwuh", "body": rubbish, "visibility": "PRIVATE"}
		for i := 0; i < len(more); i += 2 {
			in[more[i]] = more[i+1]
		}
		return f.ask(t, p, document, map[string]any{"in": in}).fine().at("f.report.category.code")
	}
	if got := filed(budi, submit); got != civic.FallbackCategory {
		t.Errorf("before anything is learned it goes to %v", got)
	}

	f.learn(t, rubbish, "sampah")
	if got := f.suggested(t, rubbish); len(got) > 5 || slices.Contains(got, "wabah") {
		t.Errorf("what not everybody may read is learned, or too much told: %v", got)
	}
	for who, document := range map[*civic.Principal]string{&budi: submit, new(c.Officer("jalan")): counter} {
		if got := filed(*who, document); got != "sampah" {
			t.Errorf("by %s it goes to %v", who.Role, got)
		}
	}
	if got := filed(budi, submit, "title", "Hal", "body", "Ada ular di trotoar"); got != "trotoar" {
		t.Errorf("where the model is not sure, keywords say %v", got)
	}
	if got := filed(budi, submit, "title", "Zzz", "body", "qqq"); got != civic.FallbackCategory {
		t.Errorf("without a known word it goes to %v", got)
	}
	if got := filed(budi, submit, "category", demo.CategoryID("taman").String()); got != "taman" {
		t.Errorf("what the reporter chose became %v", got)
	}
	anonymous, err := f.desk.PrepareAnonymous(casework.Draft{Title: "Uwuh", Body: rubbish})
	if err != nil || anonymous.Category != demo.CategoryID("sampah") {
		t.Errorf("an anonymous one goes to %s, %v", anonymous.Category, err)
	}

	// A public report that comes under a category teaches, a private one does not; they are learned in their order.
	chosen := func(words, visibility, category string) {
		t.Helper()
		filed(budi, submit, "title", words, "body", words, "visibility", visibility, "category", demo.CategoryID(category).String())
	}
	for range 5 {
		chosen("jaranan ireng", "PRIVATE", "kebisingan")
	}
	for range 5 {
		chosen("wedhus ucul", "PUBLIC", "taman")
	}
	eventually(t, "what is filed is learned", func() bool { return f.first(t, "wedhus ucul", "taman") })
	if f.first(t, "jaranan ireng", "kebisingan") {
		t.Error("a private report was learned")
	}
}

// An officer's correction moves what is suggested, as long as everybody may read the report.
func TestSuggestionsFollowCorrections(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	history(c)
	f := newFace(t, c, plan{})
	f.learn(t, "uwuh mambu", "sampah")
	const correct = `mutation($r: ID!, $c: ID!) { recategorizeReport(report: $r, category: $c) { category { code } } }`
	const words = "Uwuh mambu nang kali"
	corrected := func(changes ...func(*civic.Submission)) {
		t.Helper()
		changes = append(changes, c.Of("sampah"), func(s *civic.Submission) {
			s.Title, s.Body, s.Department = words, words, demo.DepartmentID("kebersihan")
		})
		id := c.File(changes...).ID
		variables := map[string]any{"r": id.String(), "c": demo.CategoryID("pencemaran-air").String()}
		got := f.ask(t, c.Officer("kebersihan"), correct, variables).fine().at("recategorizeReport.category.code")
		if got != "pencemaran-air" {
			t.Fatalf("it became %v", got)
		}
	}
	before := f.suggested(t, words)
	for range 3 {
		corrected(coretest.Visibility(civic.Private))
		corrected(coretest.Visibility(civic.Anonymous))
	}
	if got := f.suggested(t, words); !slices.Equal(got, before) || got[0] != "sampah" {
		t.Errorf("%v became %v by what not everybody may read", before, got)
	}
	corrected(coretest.Visibility(civic.Public))
	if !f.first(t, words, "pencemaran-air") {
		t.Errorf("after a correction: %v", f.suggested(t, words))
	}
	if !f.first(t, "dalane jeglong", "jalan-rusak") {
		t.Errorf("one correction moved everything: %v", f.suggested(t, "dalane jeglong"))
	}
}

func TestSuggestionsRefuse(t *testing.T) {
	t.Parallel()
	f := newFace(t, coretest.New(t), plan{})
	for name, text := range map[string]string{
		"nothing": "", "spaces": " \u200b", "10,001 characters": strings.Repeat("ä", 10_001), "a NUL byte": "lubang\x00",
	} {
		if code, field := f.ask(t, civic.Principal{}, suggestCategories, map[string]any{"t": text}).refusal(); code != "INVALID_INPUT" || field != "text" {
			t.Errorf("%s: %s %s", name, code, field)
		}
	}
	if got := f.suggested(t, strings.Repeat("ä", 9_993)+" lubang"); !slices.Equal(got, []string{"jalan-rusak"}) {
		t.Errorf("10,000 characters: %v", got)
	}
}
