package integration

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/jagawarga/jagawarga/internal/figures"
)

const browserPage = "testdata/browser"

// pageScript is the reporter's page in one piece, for a browser.
var pageScript = sync.OnceValues(func() (string, error) {
	if _, err := os.Stat(filepath.Join(browserPage, "node_modules")); err != nil {
		npm := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
		npm.Dir = browserPage
		if err := npm.Run(); err != nil {
			return "", err
		}
	}
	bundle := exec.Command("node_modules/.bin/esbuild", "client.mjs", "--bundle", "--format=iife", "--global-name=reporter", "--target=es2022")
	bundle.Dir = browserPage
	script, err := bundle.Output()
	return string(script), err
})

// Profile is a browser of its own, with its own storage, on the playground of a city.
type Profile struct {
	t   testing.TB
	ctx context.Context

	mu   sync.Mutex
	sent []string // the headers of everything it has sent since forget, one request each
}

// Browser starts a browser. It ends with the test.
func (s *System) Browser(t testing.TB) *Profile {
	t.Helper()
	script, err := pageScript()
	if err != nil {
		t.Fatal(err)
	}
	ctx := openChromium(t, t.TempDir())
	p := &Profile{t: t, ctx: ctx}
	err1 := chromedp.Listen(ctx, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSentExtraInfo); ok {
			headers, _ := json.Marshal(sent.Headers)
			p.mu.Lock()
			p.sent = append(p.sent, strings.ToLower(string(headers)))
			p.mu.Unlock()
		}
	})
	_, err2 := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	err3 := chromedp.Do(ctx, chromedp.Navigate(s.URL+"/playground"), chromedp.Evaluate[chromedp.Void](script+"\nglobalThis.reporter = reporter; null"))
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return p
}

// Does calls a function of the page and waits for what comes of it.
func (p *Profile) Does(function string, arguments ...any) Value {
	p.t.Helper()
	raw, err := json.Marshal(append([]any{}, arguments...))
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[any]("reporter."+function+"(..."+string(raw)+")", chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", function, err)
	}
	return Value{result}
}

// forget begins a new account of what is sent.
func (p *Profile) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = nil
}

// tellsNobody checks that something was sent since forget, and nothing in it that could tell who sends.
func (p *Profile) tellsNobody() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sent) == 0 {
		p.t.Error("the browser has sent nothing")
	}
	for _, headers := range p.sent {
		if strings.Contains(headers, `"authorization"`) || strings.Contains(headers, `"cookie"`) {
			p.t.Errorf("the browser sends %s", headers)
		}
	}
}

// aBrowserFilesAndAnotherFollows is the whole of it in real browsers: one draws tokens as a citizen, signs out and files as nobody; the
// inspectorate's officer sees the report and asks; another browser, which has nothing but the receipt, answers.
func aBrowserFilesAndAnotherFollows(t *testing.T, city *System) {
	officer, department := city.Officer(t, "inspektorat"), city.Department(t, "inspektorat")
	screen := officer.Dial(t).Subscribe(departmentFeed, Vars{"department": department, "after": city.Dawn(t)})
	city.tokenKey(t, city.Stranger())
	who := people(t).Citizens[97]

	began := time.Now()
	home := city.Browser(t)
	home.Does("signIn", Vars{"nationalId": who.NationalID, "password": people(t).Password})
	if n := home.Does("draw", 5).Number(); n != 5 {
		t.Fatalf("%v tokens were drawn", n)
	}
	home.Does("signOut")
	home.forget()
	filed := home.Does("file", Vars{
		"title": canary + " Pungli dari peramban", "body": canary + " Petugas loket 12 meminta uang. Nama saya " + who.Name + ", hubungi " + tellingPhone + ".",
		"category": city.Category(t, "pungli"),
	})
	home.tellsNobody()
	const want = canary + " Petugas loket 12 meminta uang. Nama saya [nama pelapor dihapus], hubungi [telepon dihapus]."
	if filed.At("body").Text() != want {
		t.Errorf("it is filed as %v", filed)
	}
	number, receipt := filed.At("number").Text(), filed.At("receipt").Text()

	report := ""
	for report == "" {
		if told := screen.Happens(); told.Text("report.title") == canary+" Pungli dari peramban" {
			report = told.Text("report.id")
		}
	}
	seen := officer.Sees(t, report)
	if seen.At("number").Text() != number || seen.At("body").Text() != want || !seen.At("reporter").Null() || seen.At("visibility").Text() != "ANONYMOUS" {
		t.Errorf("the officer sees %v", seen)
	}
	listed := officer.Must(t, `query($d:ID!){departmentReports(department:$d,first:100){nodes{number}}}`, Vars{"d": department})
	if !slices.Contains(listed.At("departmentReports.nodes").Texts("number"), number) {
		t.Error("it is not in the department's list")
	}
	comment := `mutation($r:ID!,$b:String!){commentOnReport(report:$r,body:$b){id}}`
	officer.Must(t, comment, Vars{"r": report, "b": canary + " Kapan itu?"})

	elsewhere := city.Browser(t)
	if found := elsewhere.Does("look", receipt); found.At("report.number").Text() != number || found.At("messages.0.body").Text() != canary+" Kapan itu?" {
		t.Errorf("the other browser finds %v", found)
	}
	elsewhere.Does("watch", receipt)
	if first := elsewhere.Does("next"); first.At("report.number").Text() != number || len(first.At("messages").Items()) != 1 {
		t.Errorf("the socket tells %v", first)
	}
	elsewhere.Does("reply", receipt, canary+" Kemarin pukul sembilan. Nama saya "+who.Name+", NIK "+who.NationalID+".")
	officer.Must(t, comment, Vars{"r": report, "b": canary + " Terima kasih."})
	for told := elsewhere.Does("next"); len(told.At("messages").Items()) < 3; told = elsewhere.Does("next") {
		if told.At("report").Null() {
			t.Fatalf("the socket tells %v", told)
		}
	}
	elsewhere.tellsNobody()
	comments := officer.Sees(t, report).At("comments.nodes")
	if reply := comments.At("1.body").Text(); reply != canary+" Kemarin pukul sembilan. Nama saya [nama pelapor dihapus], NIK [NIK dihapus]." {
		t.Errorf("the officer reads %v", comments)
	}
	if kinds := comments.Texts("author.kind"); !slices.Equal(kinds, []string{"DEPARTMENT", "REPORTER", "DEPARTMENT"}) {
		t.Errorf("they were written by %v", kinds)
	}
	figures.Tell(t, "anonymous: two browsers took %v", time.Since(began).Round(time.Millisecond))
}
