package integration

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// composeStories are about writing a report in a browser with scripts.
var composeStories = []struct {
	name string
	told func(*testing.T, *System)
}{
	{"three taps with a photo", threeTapsWithAPhoto}, {"a report from a desk", aReportFromADesk}, {"by keyboard alone", byKeyboardAlone},
	{"offline and back", offlineAndBack}, {"a slow line", aSlowLine}, {"a session ends while writing", aSessionEndsWhileWriting},
	{"what is typed wrongly", whatIsTypedWrongly}, {"drafts", draftsStay}, {"towards anonymity", towardsAnonymity}, {"a service that is down", aServiceThatIsDown},
}

// located is a photo that says where it was taken, as telephones write it: Exif with a GPS block, little-endian.
func located(t testing.TB, width, height int, latitude, longitude float64) []byte {
	t.Helper()
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	put := func(values ...any) {
		for _, value := range values {
			tiff, _ = binary.Append(tiff, binary.LittleEndian, value)
		}
	}
	entry := func(tag, kind uint16, count, value uint32) { put(tag, kind, count, value) }
	put(uint16(1))
	entry(0x8825, 4, 1, 26)
	put(uint32(0), uint16(4)) // at 26: the GPS block of four entries, with its fractions at 80 and 104
	side := func(x float64, positive, negative byte) uint32 {
		if x < 0 {
			return uint32(negative)
		}
		return uint32(positive)
	}
	entry(1, 2, 2, side(latitude, 'N', 'S'))
	entry(2, 5, 3, 80)
	entry(3, 2, 2, side(longitude, 'E', 'W'))
	entry(4, 5, 3, 104)
	put(uint32(0))
	for _, x := range []float64{max(latitude, -latitude), max(longitude, -longitude)} {
		put(uint32(x*1e6), uint32(1e6), uint32(0), uint32(1), uint32(0), uint32(1))
	}
	content := append([]byte("Exif\x00\x00"), tiff...)
	plain := photo(t, width, height)
	return slices.Concat(plain[:2], binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(2+len(content))), content, plain[2:])
}

// advised turns to the question of the kind, and waits until what is suggested stands there.
func (p *Phone) advised() {
	p.t.Helper()
	p.Presses("next", "step-jenis")
	p.until("the kinds are there", `!document.querySelector("#step-jenis[aria-busy]")`)
}

// inEnglish turns the pages to English.
func (p *Phone) inEnglish() *Phone {
	p.t.Helper()
	p.Opens("/", "language")
	p.do("choose English", chromedp.Click(part("language")), chromedp.WaitVisible(chromedp.CSS("html[lang=en] main")))
	return p
}

func (p *Phone) signsIn(number int) {
	p.t.Helper()
	who := people(p.t)
	p.Opens("/saya/masuk", "sign-in")
	p.Types("nik", who.Citizens[number].NationalID)
	p.Types("sandi", who.Password)
	p.Presses("sign-in", "sign-out")
}

// enters types into a field, whatever the letters.
func (p *Phone) enters(id, text string) {
	p.t.Helper()
	p.do("write into "+id, chromedp.Focus(chromedp.CSS("#"+id)))
	p.keys(text)
}

func (p *Phone) keys(text string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.t.Fatal(err)
	}
}

// chooses puts files into the field for pictures and waits until that many are shown.
func (p *Phone) chooses(shown int, contents ...[]byte) {
	p.t.Helper()
	var paths []string
	for i, content := range contents {
		path := filepath.Join(p.home, fmt.Sprintf("%s-%d.jpg", photographer, i))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			p.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	p.do("choose pictures", chromedp.SetUploadFiles(chromedp.CSS("#media"), paths))
	p.until("the pictures are shown", fmt.Sprintf(`document.querySelectorAll("#chosen img").length === %d && !document.querySelector("#chosen .working")`, shown))
}

// connection makes the line slow or takes it away; bytes is how many go up in a second, -1 for as many as can.
func (p *Phone) connection(offline bool, bytes float64) {
	p.t.Helper()
	emulate := cdp.Command[network.OverrideNetworkStateParams, cdp.Empty]{Method: "Network.emulateNetworkConditions"} // known to every Chromium
	if _, err := chromedp.Call(p.ctx, emulate, network.OverrideNetworkStateParams{Offline: offline, Latency: 20, DownloadThroughput: -1, UploadThroughput: bytes}); err != nil {
		p.t.Fatal(err)
	}
}

// saved waits until the draft on the device holds that text.
func (p *Phone) saved(text string) {
	p.t.Helper()
	p.do("the draft is kept", pageHolds(fmt.Sprintf(`new Promise((done) => {
		const asked = indexedDB.open("jagawarga-reports", 1);
		asked.onupgradeneeded = () => asked.transaction.abort();
		asked.onerror = () => done(false);
		asked.onsuccess = () => { const all = asked.result.transaction("drafts").objectStore("drafts").getAll(); all.onsuccess = () => { asked.result.close(); done(all.result.some((d) => d.fields.d_title.includes(%q))); }; };
	})`, text)))
}

// arrives waits for the page that tells the number, and until the report is on its own page, which it returns.
func (p *Phone) arrives() *Page {
	p.t.Helper()
	p.do("sent", chromedp.WaitVisible(part("sent")))
	number := strings.TrimSpace(p.reads("number"))
	var page *Page
	eventually(p.t, "the report is on its page", func() error {
		if page = p.city.Visitor(p.t).Opens("/r/" + number); page.Status != http.StatusOK {
			return errNotYet
		}
		return nil
	})
	return page
}

func threeTapsWithAPhoto(t *testing.T, city *System) {
	if _, err := pageScript(); err != nil { // installs the locked packages, axe among them
		t.Fatal(err)
	}
	p := city.Phone(t)
	p.signsIn(60)
	p.Opens("/", "report-button")
	began := time.Now()
	p.Presses("report-button", "step-cerita")
	p.chooses(2, located(t, 2600, 1900, -6.9021, 107.6188), photo(t, 900, 1200))
	p.do("the place is known", chromedp.WaitVisible(chromedp.CSS("#place-from")))
	p.enters("title", canary+" Lampu jalan mati di depan sekolah")
	p.do("it can be sent", chromedp.WaitVisible(part("send")))
	p.until("a kind is suggested", `document.querySelector("#kinds input:checked")`)
	p.Looks("compose-quick")
	p.Presses("send", "sent")
	figures.Tell(t, "portal: a phone-sized browser reports with two photos, three taps and one typed line in %v, axe and screenshots included", time.Since(began).Round(time.Millisecond))
	p.Looks("compose-sent")
	page := p.arrives()
	if page.Part("photos").Find("img").Length() != 2 || page.Says("body") != page.Says("title") {
		t.Errorf("the report is %s", page.Find("main").Text())
	}
	seen := city.Citizen(t, 60).Must(t, `query($n:String!){report(number:$n){location{latitude longitude} media{width height}}}`, Vars{"n": page.Says("number")})
	if at := seen.At("report.location.latitude").Number(); math.Abs(at - -6.9021) > 0.0001 {
		t.Errorf("the pin is at %v", at)
	}
	if wide := seen.At("report.media.0.width").Number(); wide != 2048 {
		t.Errorf("the large picture is %v wide", wide)
	}
}

func aReportFromADesk(t *testing.T, city *System) {
	city.Citizen(t, 61).Submits(t, Draft{Title: "Sampah menumpuk di Jalan Kenari", Category: "sampah", Latitude: -6.9147, Longitude: 107.6098})
	p := city.Phone(t).Desk().inEnglish()
	p.signsIn(62)
	p.Opens("/lapor", "step-cerita")
	p.do("all is on one page", chromedp.WaitVisible(part("send")), chromedp.WaitVisible(chromedp.CSS("#address")), chromedp.WaitNotVisible(part("next")))
	p.Looks("compose-desk-empty")
	p.enters("title", canary+" Sampah menumpuk lagi")
	p.enters("body", canary+" Sampah tidak diangkut sejak Senin, baunya sampai ke kelas.")
	p.until("a kind is suggested", `document.querySelector("#kinds input:checked")?.value === "sampah"`)
	p.chooses(1, photo(t, 900, 600))
	p.do("look at the map", chromedp.ScrollIntoView(chromedp.CSS("#step-tempat")), chromedp.WaitVisible(chromedp.CSS(".map.leaflet-container")))
	p.do("set the pin", chromedp.Click(chromedp.CSS(".map")))
	p.until("it is in the review", `document.getElementById("review-place").textContent.includes("-6.9")`)
	p.do("look at what is near by", chromedp.WaitVisible(part("similar")))
	p.Looks("compose-desk")
	if review := p.reads("review"); !strings.Contains(review, "baunya sampai") || !strings.Contains(review, "Sampah menumpuk lagi") {
		t.Errorf("the review is %s", review)
	}
	p.Presses("support-instead", "unsupport")
	p.Opens("/lapor", "step-cerita")
	p.until("what was given up for support is not offered again", `document.querySelector("#compose.alive") && !document.querySelector('[data-testid="draft"]')`)
}

// byKeyboardAlone goes the whole way on a desk without a mouse.
func byKeyboardAlone(t *testing.T, city *System) {
	p := city.Phone(t).Desk().inEnglish()
	p.signsIn(63)
	p.Opens("/lapor", "step-cerita")
	// to goes on with the tabulator until something that matches has the focus.
	to := func(selector string) {
		t.Helper()
		for range 60 {
			p.do("tabulator", chromedp.KeyEvent("\t"))
			if p.says(`String(document.activeElement.matches(`+"`"+selector+"`"+`))`) == "true" {
				return
			}
		}
		t.Fatalf("%s is not reached", selector)
	}
	to("#media")
	to("#title")
	p.keys(canary + " Pohon tumbang")
	to("#body")
	p.keys("Menutup separuh jalan.")
	p.until("the map is there", `document.querySelector(".map.leaflet-container") || (document.querySelector("#step-tempat").scrollIntoView(), false)`)
	to(".map")
	p.do("set the pin in the middle", chromedp.KeyEvent("\r"))
	p.until("it is set", `document.getElementById("latitude").value !== ""`)
	to("#address")
	p.keys("Depan balai warga")
	to(`[name="d_visibility"]`)
	p.do("choose with arrows", chromedp.KeyEvent(kb.ArrowDown))
	p.until("private is chosen", `document.querySelector("[name=d_visibility]:checked").value === "PRIVATE"`)
	to(`[data-testid="send"]`)
	p.do("send", chromedp.KeyEvent("\r"), chromedp.WaitVisible(part("sent")))
}
