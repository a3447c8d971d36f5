package integration

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// TestPortalAnonymous is one city, and who reports there without a name. The last story leaves it under attack.
func TestPortalAnonymous(t *testing.T) {
	t.Parallel()
	if _, err := pageScript(); err != nil { // installs the locked packages, axe among them
		t.Fatal(err)
	}
	city := Start(t)
	city.tokenKey(t, city.Stranger())
	t.Run("told apart", func(t *testing.T) {
		for name, told := range map[string]func(*testing.T, *System){
			"without scripts": noTokenWithoutScripts, "from a phone to a desk": aPhoneFilesAndADeskFollows, "mishaps": nothingIsLostAndNothingDoubled,
		} {
			t.Run(name, func(t *testing.T) { t.Parallel(); told(t, city) })
		}
	})
	t.Run("under attack", func(t *testing.T) { underAttackTheBrowserWorks(t, city) })
}

// until polls the page until an expression holds.
func (p *Phone) until(what, expression string) {
	p.t.Helper()
	p.do("wait until "+what, pageHolds(expression))
}

func (p *Phone) says(expression string) string {
	p.t.Helper()
	said, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return said
}

func (p *Phone) reads(testid string) string {
	p.t.Helper()
	return strings.TrimSpace(p.says(`document.querySelector('[data-testid="` + testid + `"]').textContent`))
}

// forgives takes complaints of the console away that a story brings about.
func (p *Phone) forgives(of string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = slices.DeleteFunc(p.complaints, func(complaint string) bool { return strings.Contains(complaint, of) })
}

// writes types as a person does.
func (p *Phone) writes(id, text string) {
	p.t.Helper()
	p.do("write into "+id, chromedp.SendKeys(chromedp.CSS("#"+id), text))
}

// Desk makes the screen a large one.
func (p *Phone) Desk() *Phone {
	p.t.Helper()
	p.do("take a large screen", chromedp.EmulateViewport(1280, 800))
	return p
}

// draws signs a citizen in and waits until the tokens have come by themselves.
func (p *Phone) draws(number int) {
	p.t.Helper()
	who := people(p.t)
	p.Opens("/saya/masuk", "sign-in")
	p.Types("nik", who.Citizens[number].NationalID)
	p.Types("sandi", who.Password)
	p.Presses("sign-in", "sign-out")
	p.until("the tokens have come", `document.documentElement.dataset.drawn !== undefined`)
	if drawn := p.says(`document.documentElement.dataset.drawn`); drawn != "5" {
		p.t.Fatalf("the browser has drawn %s", drawn)
	}
}

const marks = `[...document.querySelectorAll("button.mark")]`

// noTokenWithoutScripts is what there is for whoever has none, and for whoever wants tokens and is nobody.
func noTokenWithoutScripts(t *testing.T, city *System) {
	v := city.Visitor(t)
	page := v.Opens("/anonim").Is(http.StatusOK, "plain")
	if _, hidden := page.Part("anonymous-form").Attr("hidden"); !hidden || page.Find("html.anonymous").Length() != 1 || page.Part("plain").Find("a").Length() != 2 {
		t.Errorf("without scripts the page is %s", page.Says("plain"))
	}
	if page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("Cache-Control") != "no-store" || len(page.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("the page comes with %v", page.Header)
	}
	if weight, parts := city.weigh(t, "/anonim"); weight > 200<<10 {
		t.Errorf("/anonim weighs %d bytes", weight)
	} else {
		figures.Tell(t, "portal: the form without a name weighs %.1f KB with its map and all it needs, in %d requests", float64(weight)/1024, parts)
	}
	english := page.Presses("language", nil)
	if english.Find("html").AttrOr("lang", "") != "en" || len(english.Header.Values("Set-Cookie")) > 0 {
		t.Error("a page of nobody keeps the language")
	}
	if tracking := english.Find(`nav a[href^="/lacak"]`).AttrOr("href", ""); tracking != "/lacak?bahasa=en" {
		t.Errorf("the language goes no further than %s", tracking)
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		request, err := http.NewRequestWithContext(t.Context(), method, city.URL+"/saya/token", strings.NewReader(`{"blinded":[]}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		if answer := v.does(request); answer.Status != http.StatusUnauthorized {
			t.Errorf("%s of tokens as a stranger is %d", method, answer.Status)
		}
	}
	v.SignsIn(63)
	for origin, want := range map[string]int{"same-origin": http.StatusBadRequest, "cross-site": http.StatusForbidden} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, city.URL+"/saya/token", strings.NewReader(`{"blinded":["AAAA"]}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Sec-Fetch-Site", origin)
		if answer := v.does(request); answer.Status != want {
			t.Errorf("tokens for a page of the %s are %d", origin, answer.Status)
		}
	}
}

// aPhoneFilesAndADeskFollows is the whole of it: drawn under a name, filed as nobody from a phone in Indonesian, followed from a desk in English
// with nothing but the receipt.
func aPhoneFilesAndADeskFollows(t *testing.T, city *System) {
	officer := city.Officer(t, "inspektorat")
	who := people(t).Citizens[60]
	p := city.Phone(t)
	picture := filepath.Join(p.home, "photo.jpg")
	if err := os.WriteFile(picture, photo(t, 2400, 1800), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Opens("/anonim", "no-tickets")
	p.Looks("anonymous-no-tickets")
	p.draws(60)

	wire := p.Wire()
	began := time.Now()
	p.Opens("/anonim", "anonymous-form")
	p.until("the tokens are counted", `document.querySelector("[data-tickets]").textContent.includes("5")`)
	p.Presses("next", "problem-title")
	p.writes("title", canary+" Pungli di loket 4")
	p.writes("body", canary+" Petugas loket 4 meminta Rp50.000. Nama saya "+who.Name+", hubungi "+tellingPhone+". Hanya saya yang melihatnya.")
	p.until("two stretches are marked", marks+`.length === 2 && !document.querySelector('[data-testid="warnings"]').hidden`)
	p.Looks("anonymous-story")

	// By keyboard alone: to the second mark, put it back, take it out again. The focus stays where it was.
	p.do("go to the marks", chromedp.Focus(part("next")), chromedp.Evaluate[chromedp.Void](`document.querySelector("#body").focus(); null`))
	for range 10 {
		if p.says(`document.activeElement.className`) == "mark" {
			break
		}
		p.do("tab", chromedp.KeyEvent(kb.Tab))
	}
	p.do("tab", chromedp.KeyEvent(kb.Tab))
	p.do("press", chromedp.KeyEvent(kb.Enter))
	p.until("it is put back", marks+`[1].getAttribute("aria-pressed") === "true" && document.activeElement === `+marks+`[1]`)
	if said := p.reads("reads"); !strings.Contains(said, tellingPhone) || strings.Contains(said, who.Name) {
		t.Errorf("with the telephone put back it reads %q", said)
	}
	p.Looks("anonymous-put-back")
	p.do("press again", chromedp.KeyEvent(" "))
	p.until("it is taken out", marks+`[1].getAttribute("aria-pressed") === "false" && document.activeElement === `+marks+`[1]`)

	p.Presses("next", "suggested")
	p.Looks("anonymous-kind")
	p.do("choose", chromedp.Evaluate[chromedp.Void](`document.querySelector("#category").value = document.querySelector("[data-code=pungli]").value;
		document.querySelector("#category").dispatchEvent(new Event("change", { bubbles: true })); null`))
	p.do("on", chromedp.Click(part("next")), chromedp.WaitVisible(chromedp.CSS(".map.leaflet-container")))
	p.do("set the pin", chromedp.Click(chromedp.CSS(".map")), pageHolds(`document.getElementById("latitude").value !== ""`))
	p.writes("address", "Kantor kelurahan")
	p.do("choose a picture", chromedp.SetUploadFiles(chromedp.CSS("#media"), []string{picture}), chromedp.WaitVisible(chromedp.CSS("[data-chosen] img")))
	p.Looks("anonymous-place")
	p.Presses("next", "review")
	p.until("the preview is there", marks+`.length === 2`)
	const want = canary + " Petugas loket 4 meminta Rp50.000. Nama saya [nama pelapor dihapus], hubungi [telepon dihapus]. Hanya saya yang melihatnya."
	if said := p.says(`document.querySelector("[data-reads-body]").textContent`); said != want {
		t.Errorf("the preview reads %q", said)
	}
	p.Looks("anonymous-check")
	p.Presses("send", "receipt")
	figures.Tell(t, "portal: a browser of 360x740 writes and sends a report without a name in %v, axe and screenshots included", time.Since(began).Round(time.Millisecond))

	number, digits, receiptWords := p.reads("number"), p.reads("digits"), p.reads("receipt-words")
	if len(strings.ReplaceAll(digits, " ", "")) != 16 || len(strings.Fields(receiptWords)) != 6 || p.reads("stored") != want {
		t.Errorf("the receipt is %q, %q of %q", digits, receiptWords, p.reads("stored"))
	}
	p.Looks("anonymous-receipt")
	const leaving = `String(!dispatchEvent(new Event("beforeunload", { cancelable: true })))`
	if p.says(leaving) != "true" {
		t.Error("one may leave without having kept the receipt")
	}
	p.do("done too early", chromedp.Click(part("done")), chromedp.WaitVisible(part("keep-first")))
	p.do("kept", chromedp.Click(part("kept")))
	if p.says(leaving) != "false" {
		t.Error("one may not leave after having kept the receipt")
	}
	p.Presses("done", "receipt-form")
	if left := p.says(`(async () => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]) + document.cookie)()`); left != "[{},{}]" {
		t.Errorf("the browser keeps %s", left)
	}
	wire.TellsNobody(strings.Fields(digits)[0], strings.Fields(receiptWords)[0])

	city.hasCase(t, number)
	report := officer.Must(t, `query($n:String!){report(number:$n){id}}`, Vars{"n": number}).At("report.id").Text()
	seen := officer.Sees(t, report)
	if seen.At("body").Text() != want || !seen.At("reporter").Null() || seen.At("category.code").Text() != "pungli" {
		t.Errorf("the officer sees %v", seen)
	}
	theDeskFollows(t, city, officer, report, digits, receiptWords)
}

// hasCase waits until a report is stored, as the mayor sees it: who tries a receipt too early looks like a guesser.
func (s *System) hasCase(t *testing.T, number string) {
	t.Helper()
	mayor := s.Officer(t, "walikota")
	eventually(t, "the report is stored", func() error {
		answer, err := mayor.Try(t.Context(), `query($n:String!){report(number:$n){id}}`, Vars{"n": number})
		if err == nil && answer.Data.At("report").Null() {
			err = errNotYet
		}
		return err
	})
}

// theDeskFollows is another browser, which has nothing but the receipt: it talks, sees the proof appear, and says that it is done.
func theDeskFollows(t *testing.T, city *System, officer *Caller, report, digits, receiptWords string) {
	p := city.Phone(t).Desk()
	wire := p.Wire()
	p.Opens("/lacak?bahasa=en", "receipt-form")
	p.Looks("track-desk")
	p.Types("tanda", "1234")
	p.Presses("open", "problem-tanda")
	p.Types("tanda", receiptWords)
	p.Presses("open", "case")
	p.until("it listens", `document.querySelector("[data-live-said]").textContent !== ""`)

	officer.Must(t, `mutation($r:ID!){commentOnReport(report:$r,body:"`+canary+` Jam berapa?"){id}}`, Vars{"r": report})
	p.until("the question appears by itself", `document.querySelector("#case-talk").textContent.includes("Jam berapa?")`)
	p.writes("balasan", canary+" Jam sembilan. Telepon saya "+tellingPhone+".")
	officer.Moves(t, report, "IN_PROGRESS", "Kami periksa.")
	p.until("its state changes while somebody writes", `document.querySelector('[data-testid="status"]').classList.contains("pill-in_progress")`)
	if typed := p.says(`document.querySelector("#balasan").value`); !strings.Contains(typed, "Jam sembilan") {
		t.Errorf("what was typed became %q", typed)
	}
	p.do("reply", chromedp.Click(part("reply")))
	p.until("the reply is there", `document.querySelectorAll('[data-testid="words"] li').length === 2`)
	if said := p.reads("words"); !strings.Contains(said, "Jam sembilan") || strings.Contains(said, tellingPhone) {
		t.Errorf("the conversation is %s", said)
	}
	p.Looks("case-desk")
	officer.Proves(t, report, canary+" Sudah ditindak.", evidence(t))
	p.until("the proof appears, beside what there was before", `document.querySelectorAll('[data-testid="judge"] [data-testid="compare"] img').length === 2`)
	p.Looks("case-proof-desk")
	p.Presses("confirm", "case")
	p.until("it is closed", `document.querySelector('[data-testid="status"]').classList.contains("pill-closed")`)
	wire.TellsNobody(strings.Fields(digits)[0], strings.Fields(receiptWords)[0])
}

// nothingIsLostAndNothingDoubled: no line, two clicks, a spent token, none left.
func nothingIsLostAndNothingDoubled(t *testing.T, city *System) {
	p := city.Phone(t).Desk()
	p.draws(61)
	wire := p.Wire()
	p.do("bring a draft along", chromedp.Evaluate[chromedp.Void](`sessionStorage.setItem("jagawarga-draft", JSON.stringify({ title: "Dibawa dari formulir biasa", category: "pungli" })); null`))
	p.Opens("/anonim?bahasa=en", "anonymous-form")
	if title := p.says(`document.querySelector("#title").value + document.querySelector("#category").selectedOptions[0].dataset.code`); title != "Dibawa dari formulir biasapungli" {
		t.Errorf("the draft came as %q", title)
	}
	p.writes("body", canary+" Petugas loket 6 meminta uang.")
	p.until("the preview is there", `document.querySelector("[data-reads-body]").textContent.includes("loket 6")`)
	p.Looks("anonymous-desk")
	p.do("load again", chromedp.Reload(), chromedp.WaitVisible(part("send")))
	p.until("the preview is there again", `document.querySelector("[data-reads-body]").textContent.includes("loket 6")`)

	p.line(false)
	wire.Forgets()
	p.Presses("send", "problem")
	if said := p.reads("problem"); !strings.Contains(said, "no connection") {
		t.Errorf("without a line it says %q", said)
	}
	p.Looks("anonymous-offline")
	p.line(true)
	p.do("it is sent by itself", chromedp.WaitVisible(part("receipt")))
	p.forgives("ERR_INTERNET_DISCONNECTED")
	first := p.reads("number")
	p.do("kept", chromedp.Click(part("kept")))
	p.Presses("done", "receipt-form")
	if left := p.tokens(); len(left) != 4 {
		t.Errorf("%d tokens are left", len(left))
	}

	// Somebody else has spent the next token. The browser takes another, and two clicks are one report.
	spent := p.tokens()[0]
	input := anonymousDraft(t, city, canary+" Petugas loket 7 meminta uang.")
	input["token"], input["clientKey"] = spent, "somebody else's"
	city.Stranger().Must(t, submitAnonymous, Vars{"input": input})
	p.Opens("/anonim?bahasa=en", "anonymous-form")
	p.writes("title", "Pungli lagi")
	p.writes("body", canary+" Petugas loket 8 meminta uang.")
	p.until("the preview is there", `document.querySelector("[data-reads-body]").textContent.includes("loket 8")`)
	wire.Forgets()
	p.do("two clicks", chromedp.DoubleClick(part("send")), chromedp.WaitVisible(part("receipt")))
	if second := p.reads("number"); second == first {
		t.Error("the second report is the first")
	}
	if sent := wire.Count("submitAnonymousReport"); sent != 2 { // with the spent token, and with a good one
		t.Errorf("two clicks sent it %d times", sent)
	}
	p.do("kept", chromedp.Click(part("kept")))
	p.Presses("done", "receipt-form")
	if left := p.tokens(); len(left) != 2 {
		t.Errorf("%d tokens are left", len(left))
	}

	// None left.
	p.Opens("/anonim?bahasa=en", "anonymous-form")
	p.Presses("forget", "no-tickets")
	p.writes("title", "Pungli ketiga")
	p.writes("body", canary+" Petugas loket 9 meminta uang.")
	p.Presses("send", "problem")
	if said := p.reads("problem"); !strings.Contains(said, "sign in") && !strings.Contains(said, "Sign in") {
		t.Errorf("without a token it says %q", said)
	}
	p.Looks("anonymous-none-left")
	wire.TellsNobody()
	p.Opens("/saya", "sign-out") // the quota of today is drawn: nothing is asked again
	p.do("erase", chromedp.Navigate(city.URL+"/anonim"), chromedp.WaitVisible(part("wipe")), chromedp.Click(part("wipe")), chromedp.WaitVisible(part("report-button")))
	if kept := p.says(`JSON.stringify({ ...sessionStorage })`); kept != "{}" {
		t.Errorf("after erasing it the browser keeps %s", kept)
	}
}

// line takes the network away, or brings it back.
func (p *Phone) line(there bool) {
	p.t.Helper()
	emulate := cdp.Command[network.OverrideNetworkStateParams, cdp.Empty]{Method: "Network.emulateNetworkConditions"} // known to every Chromium
	_, err := chromedp.Call(p.ctx, emulate, network.OverrideNetworkStateParams{Offline: !there, DownloadThroughput: -1, UploadThroughput: -1})
	if err != nil {
		p.t.Fatal(err)
	}
}

// tokens are those that the browser has, ready to be spent by anybody.
func (p *Phone) tokens() []Vars {
	p.t.Helper()
	raw, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]map[string]any](`new Promise((resolve) => {
		const opening = indexedDB.open("jagawarga-tokens", 1);
		opening.onsuccess = () => { const asking = opening.result.transaction("tokens").objectStore("tokens").getAll(); asking.onsuccess = () => { opening.result.close(); resolve(asking.result) } };
	})`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	tokens := make([]Vars, len(raw))
	for i, token := range raw {
		tokens[i] = Vars{"keyId": token["keyId"], "message": token["message"], "signature": token["signature"]}
	}
	return tokens
}

// underAttackTheBrowserWorks lets forged tokens come until everybody has to work first: the browser does, and goes on by itself.
func underAttackTheBrowserWorks(t *testing.T, city *System) {
	p := city.Phone(t)
	p.draws(62)
	p.Opens("/anonim", "anonymous-form")
	p.writes("title", "Pungli saat diserang")
	p.writes("body", canary+" Petugas loket 10 meminta uang.")
	p.until("the preview is there", `document.querySelector("[data-reads-body]").textContent.includes("loket 10")`)
	for range 3 {
		p.do("on", chromedp.Click(part("next")))
	}
	city.besieged(t, p.tokens()[0]["keyId"])
	wire := p.Wire()
	p.Presses("send", "receipt")
	if tries := wire.Count("submitAnonymousReport"); tries != 2 {
		t.Errorf("under attack it was sent %d times", tries)
	}
	number, digits := p.reads("number"), p.reads("digits")
	city.hasCase(t, number)
	p.do("kept", chromedp.Click(part("kept")))
	p.Presses("done", "receipt-form")
	p.Types("tanda", digits)
	p.Presses("open", "case")
	p.forgives("429")
	wire.TellsNobody(strings.Fields(digits)[0])

	// Without scripts one is asked to wait.
	asked := city.Visitor(t).Opens("/lacak").Presses("open", map[string]string{"tanda": digits}).Is(http.StatusTooManyRequests, "problem-tanda")
	if !strings.Contains(asked.Says("problem-tanda"), "Tunggu") {
		t.Errorf("without scripts it says %q", asked.Says("problem-tanda"))
	}
}

// besieged sends forged tokens until the server asks for work.
func (s *System) besieged(t *testing.T, keyID any) {
	stranger, category := s.Stranger(), s.Category(t, "pungli")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 60 {
				message, signature := make([]byte, 64), make([]byte, 384)
				_, _ = rand.Read(message)
				_, _ = rand.Read(signature)
				signature[0] = 0 // a number below the modulus
				token := Vars{"keyId": keyID, "message": tokenBytes.EncodeToString(message), "signature": tokenBytes.EncodeToString(signature)}
				answer, err := stranger.Try(t.Context(), submitAnonymous, Vars{"input": Vars{"title": "x", "body": canary, "category": category, "token": token}})
				if code := answer.code(); err != nil || code != "INVALID_INPUT" && code != "RATE_LIMITED" {
					t.Errorf("a forged token: %v %v", answer.Errors, fmt.Sprint(err))
				}
			}
		})
	}
	group.Wait()
}
