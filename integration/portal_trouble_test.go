package integration

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What happens to a report in a browser when something goes wrong: the line, the session, the service, what is typed.

// far goes through the questions on a phone up to the last one.
func (p *Phone) far(title string) {
	p.t.Helper()
	p.Opens("/lapor", "step-cerita")
	p.enters("title", title)
	p.advised()
	p.Presses("next", "step-tempat")
	p.enters("address", "Depan pasar")
	p.Presses("next", "step-kirim")
}

func offlineAndBack(t *testing.T, city *System) {
	p := city.Phone(t)
	defer p.forgives("net::ERR_INTERNET_DISCONNECTED")
	p.signsIn(64)
	p.Opens("/lapor", "step-cerita")
	p.chooses(1, photo(t, 800, 600))
	p.enters("title", canary+" Tiang miring")
	p.advised()
	p.Presses("next", "step-tempat")
	p.Presses("next", "step-kirim")
	p.connection(true, -1)
	p.Presses("send", "retry")
	p.Looks("compose-offline")
	p.saved("Tiang miring")
	p.connection(false, -1)
	if page := p.arrives(); page.Part("photos").Find("img").Length() != 1 {
		t.Error("the picture did not come along")
	}
	// What waits in a page that was closed is sent from the next one.
	defer p.forgives("net::ERR_BLOCKED_BY_CLIENT")
	p.far(canary + " Tiang kedua")
	p.blocks("*/saya/lapor")
	p.Presses("send", "retry")
	p.Opens("/lacak", "receipt-form")
	p.blocks()
	p.Opens("/lapor", "sent-later")
}

// blocks lets nothing through to these addresses.
func (p *Phone) blocks(addresses ...string) {
	p.t.Helper()
	type urls struct {
		URLs []string `json:"urls"`
	}
	if _, err := chromedp.Call(p.ctx, cdp.Command[urls, cdp.Empty]{Method: "Network.setBlockedURLs"}, urls{append([]string{}, addresses...)}); err != nil {
		p.t.Fatal(err)
	}
}

func aSlowLine(t *testing.T, city *System) {
	p := city.Phone(t)
	p.signsIn(65)
	p.Opens("/lapor", "step-cerita")
	p.chooses(1, photo(t, 1600, 1200))
	p.enters("title", canary+" Trotoar rusak")
	p.advised()
	p.Presses("next", "step-tempat")
	p.Presses("next", "step-kirim")
	p.connection(false, 20<<10)
	p.Presses("send", "cancel")
	p.until("it moves", `document.querySelector("#sending progress").value > 0`)
	p.Looks("compose-sending")
	p.do("cancel", chromedp.Click(part("cancel")))
	p.until("it is told", `!document.querySelector("#sending progress") && document.getElementById("sending").textContent !== ""`)
	p.connection(false, -1)
	// A double tap is one report.
	p.do("send twice", chromedp.Evaluate[chromedp.Void](`const send = document.querySelector('[data-testid="send"]'); send.click(); send.click(); null`))
	first := p.arrives().Says("number")
	if mine := city.Citizen(t, 65).Must(t, `{myReports(first:10){nodes{title}}}`, nil).At("myReports.nodes").Texts("title"); len(mine) != 1 {
		t.Errorf("sent twice it is %q", mine)
	}
	// The way back does not lead into the sent form.
	p.do("back", chromedp.NavigateBack())
	eventually(t, "the page before shows nothing of what was sent", func() error {
		left, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`(document.readyState === "complete" ? "" : "…") + (document.querySelector("#title")?.value ?? "")`))
		if err == nil && left != "" {
			err = fmt.Errorf("the title is %q", left)
		}
		return err
	})
	if p.Opens("/saya/r/"+first, "report-page"); p.reads("title") == "" {
		t.Error("the report is gone")
	}
}

func aSessionEndsWhileWriting(t *testing.T, city *System) {
	p, who := city.Phone(t), people(t)
	p.signsIn(66)
	p.Opens("/lapor", "step-cerita")
	p.chooses(1, photo(t, 700, 500))
	p.enters("title", canary+" Selokan mampet")
	p.advised()
	p.Presses("next", "step-tempat")
	p.Presses("next", "step-kirim")
	if _, err := chromedp.Call(p.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	p.Presses("send", "problem-nik")
	p.Looks("compose-session-over")
	p.Types("nik", who.Citizens[66].NationalID)
	p.Types("sandi", "wrong, wrong, wrong")
	p.do("send", chromedp.Click(part("send")))
	p.until("it is refused", `document.querySelector('[data-testid="problem-nik"]')?.textContent.length > 0 && !document.querySelector("#sending progress")`)
	p.Types("sandi", who.Password)
	p.do("send", chromedp.Click(part("send")))
	if page := p.arrives(); page.Part("photos").Find("img").Length() != 1 || !strings.Contains(page.Says("title"), "Selokan") {
		t.Error("something was lost")
	}
}

func whatIsTypedWrongly(t *testing.T, city *System) {
	p := city.Phone(t)
	p.signsIn(67)
	p.Opens("/lapor", "step-cerita")
	p.Presses("next", "problem-d_title")
	p.chooses(0, []byte("this is no picture"))
	p.do("it is said", chromedp.WaitVisible(part("problem-foto")))
	p.Looks("compose-wrong")
	p.enters("title", "🚧🕳️ שלום مرحبا "+canary)
	if direction := p.says(`getComputedStyle(document.getElementById("title")).direction`); direction != "rtl" {
		t.Errorf("the title runs %s", direction)
	}
	p.advised()
	p.Looks("compose-kind")
	p.Presses("next", "step-tempat")
	p.do("where the map is", chromedp.WaitVisible(chromedp.CSS(".map.leaflet-container")))
	p.do("a pin far away", chromedp.Evaluate[chromedp.Void](`document.getElementById("degrees").open = true; null`))
	p.Types("latitude", "52.52")
	p.Types("longitude", "13.40")
	p.do("it is said at once", chromedp.WaitVisible(part("outside")))
	p.Looks("compose-outside")
	p.do("go on", chromedp.Click(part("next")))
	if at := p.says(`document.getElementById("compose").dataset.step`); at != "tempat" {
		t.Errorf("with a pin outside it goes on to %s", at)
	}
	p.Types("latitude", "-6.9147")
	p.Types("longitude", "107.6098")
	p.until("it is in the city", `!document.querySelector('[data-testid="outside"]')`)
	p.Presses("next", "step-kirim")
	p.Looks("compose-send")
	p.Presses("send", "sent")
	if page := p.arrives(); !strings.Contains(page.Says("title"), "🚧🕳️ שלום") {
		t.Errorf("the title is %q", page.Says("title"))
	}
}

func draftsStay(t *testing.T, city *System) {
	p := city.Phone(t)
	p.signsIn(68)
	p.Opens("/lapor", "step-cerita")
	p.chooses(1, photo(t, 640, 480))
	p.enters("title", canary+" Draf pertama")
	p.saved("Draf pertama")
	p.Opens("/lapor", "draft")
	p.Looks("compose-draft")
	p.enters("title", canary+" Draf kedua")
	p.saved("Draf kedua")
	p.Opens("/lapor", "draft")
	if n := p.says(`String(document.querySelectorAll('[data-testid="draft"]').length)`); n != "2" {
		t.Fatalf("there are %s drafts", n)
	}
	p.do("go on with the first", chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('[data-testid="draft"]')].find((d) => d.textContent.includes("pertama")).querySelector('[data-testid="resume"]').click(); null`))
	p.until("it is back with its picture", `document.getElementById("title").value.includes("Draf pertama") && document.querySelectorAll("#chosen img").length === 1`)
	p.advised()
	p.Presses("next", "step-tempat")
	p.Presses("next", "step-kirim")
	p.Presses("send", "sent")
	p.Opens("/lapor", "draft")
	if left := p.reads("drafts"); strings.Contains(left, "pertama") || !strings.Contains(left, "kedua") {
		t.Errorf("after sending there are %s", left)
	}
}

func towardsAnonymity(t *testing.T, city *System) {
	p := city.Phone(t)
	p.signsIn(69)
	p.far(canary + " Pungutan di loket")
	p.saved("Pungutan")
	p.do("hold the page", chromedp.Evaluate[chromedp.Void](`document.getElementById("to-anonymous").addEventListener("click", (e) => e.preventDefault()); null`))
	p.do("towards anonymity", chromedp.Click(part("to-anonymous")))
	carried := p.says(`sessionStorage.getItem("jagawarga-draft")`)
	if !strings.Contains(carried, `"title":"`+canary+` Pungutan di loket"`) || !strings.Contains(carried, `"address":"Depan pasar"`) || strings.Contains(carried, "d_") {
		t.Errorf("it takes along %s", carried)
	}
	p.Opens("/lapor", "step-cerita")
	p.until("nothing is left of it", `!document.querySelector('[data-testid="draft"]')`)
}

// aServiceThatIsDown runs a portal whose API can be taken away.
func aServiceThatIsDown(t *testing.T, city *System) {
	behind, err := url.Parse(city.URL)
	if err != nil {
		t.Fatal(err)
	}
	var down atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(behind)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	alone := city.portalAlone(t, api.URL)
	v := alone.Visitor(t)
	v.SignsIn(70)
	last := writes(v, "jalan-rusak")
	p := alone.Phone(t)
	defer p.forgives("503")
	p.signsIn(71)
	p.far(canary + " Jembatan retak")
	down.Store(true)
	last.Presses("send", nil).Is(http.StatusUnprocessableEntity, "problem")
	p.Presses("send", "retry")
	p.Looks("compose-down")
	down.Store(false)
	p.do("try again", chromedp.Click(part("retry")), chromedp.WaitVisible(part("sent")))
	if sent := last.Presses("send", nil).Is(http.StatusOK, "sent"); !strings.HasPrefix(sent.Says("number"), "JW-") {
		t.Errorf("the number is %q", sent.Says("number"))
	}
}
