package integration

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// EnvScreens names a directory that keeps pictures of the pages, for people to look at.
const EnvScreens = "JAGAWARGA_SCREENS"

// Phone is a browser of its own with a small screen.
type Phone struct {
	t    testing.TB
	ctx  context.Context
	city *System
	home string

	mu         sync.Mutex
	complaints []string // of the console
}

// Phone starts a headless browser of 360 by 740. Whatever its console complains of fails the test in the end.
func (s *System) Phone(t testing.TB) *Phone {
	t.Helper()
	folder := t.TempDir()
	p := &Phone{t: t, city: s, home: folder}
	t.Cleanup(func() { // after the browser has gone
		for _, complaint := range p.complaints {
			t.Errorf("the console says: %s", complaint)
		}
	})
	ctx := openChromium(t, folder)
	p.ctx = ctx
	err1 := chromedp.Listen(ctx, func(event any) {
		switch said := event.(type) {
		case *log.EventEntryAdded:
			if status := fmt.Sprint(http.StatusUnprocessableEntity); said.Entry.Level == log.EntryLevelError && !strings.Contains(said.Entry.Text, status) {
				p.complains(said.Entry.Text + " " + said.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			p.complains(said.ExceptionDetails.Text)
		}
	})
	_, err2 := chromedp.Call(ctx, log.Enable, cdp.Empty{})
	err3 := chromedp.Do(ctx, chromedp.EmulateViewport(360, 740))
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *Phone) complains(of string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, of)
}

func (p *Phone) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func part(testid string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + testid + `"]`) }

// Opens goes to a page and waits for a part of it.
func (p *Phone) Opens(path, testid string) {
	p.t.Helper()
	p.do("open "+path, chromedp.Navigate(p.city.URL+path), chromedp.WaitVisible(part(testid)))
}

// Presses presses a button and waits for a part of the page that follows.
func (p *Phone) Presses(button, testid string) {
	p.t.Helper()
	p.do("press "+button, chromedp.Click(part(button)), chromedp.WaitVisible(part(testid)))
}

// Types writes into the field of that id.
func (p *Phone) Types(id, text string) {
	p.t.Helper()
	p.do("type into "+id, chromedp.SetValue(chromedp.CSS("#"+id), text))
}

// Theme makes it light or dark.
func (p *Phone) Theme(theme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // colours on their way from one to the other are neither
	}})
	if err != nil {
		p.t.Fatal(err)
	}
}

// Looks checks the page in both themes with axe, that nothing sticks out at the side, and keeps a picture of each.
func (p *Phone) Looks(name string) {
	p.t.Helper()
	axe, err := os.ReadFile(filepath.Join(browserPage, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, theme := range []string{"light", "dark"} {
		p.Theme(theme)
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](string(axe)+`;
			axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html + " " + n.failureSummary)))`, chromedp.EvalAwaitPromise))
		wide, err2 := chromedp.Run(ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`))
		picture, err3 := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		cancel()
		if err := errors.Join(err, err2, err3); err != nil {
			p.t.Fatal(err)
		}
		for _, violation := range found {
			p.t.Errorf("%s, %s: %s", name, theme, violation)
		}
		if wide > 0 {
			p.t.Errorf("%s is %v pixels wider than the screen", name, wide)
		}
		if folder := os.Getenv(EnvScreens); folder != "" {
			if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, name+"-"+theme+".png"), picture, 0o644)); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	p.Theme("light")
}

// aReportFromAPhone is the whole way on a small screen: sign in, write, pin, choose a picture, send, see it.
func aReportFromAPhone(t *testing.T, city *System) {
	if _, err := pageScript(); err != nil { // installs the locked packages, axe among them
		t.Fatal(err)
	}
	p, who := city.Phone(t), people(t)
	picture := filepath.Join(p.home, "photo.jpg")
	if err := os.WriteFile(picture, photo(t, 800, 600), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Opens("/", "report-button")
	p.Looks("home-empty")
	p.Opens("/saya/masuk", "sign-in")
	p.Looks("sign-in")
	p.Types("nik", who.Citizens[45].NationalID)
	p.Types("sandi", who.Password)
	p.Presses("sign-in", "sign-out")
	p.Looks("mine-empty")

	began := time.Now()
	p.Opens("/lapor", "step-cerita")
	p.Presses("next", "problem-d_title")
	p.Looks("form-problem")
	p.do("choose a picture", chromedp.SetUploadFiles(chromedp.CSS("#media"), []string{picture}), chromedp.WaitVisible(chromedp.CSS("#chosen img")))
	p.Types("title", canary+" Lubang di depan sekolah dasar")
	p.Types("body", canary+" Aspal berlubang sedalam mata kaki, sudah tiga motor jatuh minggu ini.")
	p.advised()
	p.Looks("form-kind")
	p.do("choose a kind", chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('input[name=d_category][value="-"]').forEach((r) => { r.checked = true }); document.getElementById("all").value = "jalan-rusak"; null`))
	p.Presses("next", "step-tempat")
	p.do("wait for the map", chromedp.WaitVisible(chromedp.CSS(".map.leaflet-container")))
	p.do("set the pin", chromedp.Click(chromedp.CSS(".map")), pageHolds(`document.getElementById("latitude").value !== ""`))
	p.Types("address", "Seberang apotek")
	p.Looks("form-place")
	p.Presses("next", "step-kirim")
	p.Looks("form-send")
	p.Presses("send", "sent")
	figures.Tell(t, "portal: a browser of 360x740 writes and sends a report with a picture in %v, axe and screenshots included", time.Since(began).Round(time.Millisecond))
	p.Looks("sent")
	number, err := chromedp.Run(p.ctx, chromedp.Text(part("number")))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the report is on its page", func() error {
		if city.Visitor(t).Opens("/r/"+number).Status != http.StatusOK {
			return errNotYet
		}
		return nil
	})
	p.Opens("/r/"+number, "photos")
	p.Looks("report")
	p.Opens("/saya/r/"+number, "say")
	p.Looks("report-own")
	p.Opens("/saya", "reports")
	p.Looks("mine")
	p.Opens("/laporan", "reports")
	p.Looks("feed")
	p.Opens("/", "reports")
	p.Looks("home")
	p.Opens("/saya/daftar", "sign-up-form")
	p.Looks("sign-up")

	filed := city.Citizen(t, 46).files(t, anonymousDraft(t, city, canary+" Petugas loket 7 meminta uang."))
	p.Opens("/lacak", "receipt-form")
	p.Looks("track")
	p.Types("tanda", filed.At("receipt").Text())
	p.Presses("open", "case")
	p.Looks("case")
}
