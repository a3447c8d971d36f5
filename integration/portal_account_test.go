package integration

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// TestPortalAccount is what citizens are told, how they want to be told, and how they leave. The city has a mail server, which nobody needs to reach.
func TestPortalAccount(t *testing.T) {
	t.Parallel()
	if _, err := pageScript(); err != nil { // installs the locked packages, axe among them
		t.Fatal(err)
	}
	city := StartOn(t, emptyPlace(t), []string{"JAGAWARGA_SMTP_URL=smtp://127.0.0.1:1"})
	for _, story := range []story{
		{"an inbox without scripts", anInboxWithoutScripts}, {"an inbox is live", anInboxIsLive}, {"told in other ways", toldInOtherWays}, {"a browser takes messages", aBrowserTakesMessages},
		{"areas", areasToHearFrom}, {"my data and leaving", myDataAndLeaving}, {"installed", installedOnADevice}, {"without a line", withoutALine}, {"a message is shown", aMessageIsShown},
		{"sent from a closed page", sentFromAClosedPage},
	} {
		t.Run(story.name, func(t *testing.T) { t.Parallel(); story.told(t, city) })
	}
}

// comes waits until the inbox has as many rows.
func (v *Visitor) comes(rows int) *Page {
	v.t.Helper()
	inbox := (*Page)(nil)
	eventually(v.t, "the news has come", func() error {
		if inbox = v.Opens("/saya/kabar").Is(http.StatusOK, "notices"); inbox.Part("notice").Length() != rows {
			return errNotYet
		}
		return nil
	})
	return inbox
}

func anInboxWithoutScripts(t *testing.T, city *System) {
	citizen, officer, v := city.Citizen(t, 20), city.Officer(t, "drainase"), city.Visitor(t)
	v.Opens("/saya/kabar").Is(http.StatusOK, "sign-in-form")
	v.SignsIn(20)
	v.Opens("/saya/kabar").Is(http.StatusOK, "empty")
	filed := citizen.Submits(t, Draft{Title: "Kabar dibaca"})
	officer.Moves(t, filed.At("id").Text(), "VERIFIED", "")
	officer.Moves(t, filed.At("id").Text(), "IN_PROGRESS", "")
	inbox := v.comes(2)
	if inbox.Says("unread") != "2 belum dibaca" || !strings.Contains(inbox.Says("notices"), filed.At("number").Text()) {
		t.Errorf("the inbox is %q %q", inbox.Says("unread"), inbox.Says("notices"))
	}
	if elsewhere := v.Opens("/saya"); elsewhere.Says("unread") != "2 belum dibaca" {
		t.Errorf("another page counts %q", elsewhere.Says("unread"))
	}
	if public := v.Opens("/"); public.Part("inbox").Length() != 0 {
		t.Error("a public page knows an inbox")
	}
	rows := inbox.Part("open-notice")
	if rows.Length() != 2 {
		t.Fatalf("%d rows can be opened", rows.Length())
	}
	report := inbox.Presses("open-notice", nil).Is(http.StatusOK, "hand") // the newest: the older one counts as read, too
	if report.Path != "/saya/r/"+filed.At("number").Text() || report.Part("unread").Length() != 0 {
		t.Errorf("it led to %s with %q", report.Path, report.Says("unread"))
	}
	officer.Moves(t, filed.At("id").Text(), "RESOLVED", "Sudah.")
	read := v.comes(3).Presses("read-all", nil).Is(http.StatusOK, "notices")
	if read.Part("unread").Length() != 0 || read.Part("read-all").Length() != 0 {
		t.Errorf("after reading it counts %q", read.Says("unread"))
	}
}

func anInboxIsLive(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 21), city.Officer(t, "drainase")
	filed := citizen.Submits(t, Draft{Title: "Kabar hidup"})
	p := city.Phone(t)
	p.signsIn(21)
	p.Looks("inbox-header")
	p.Presses("inbox", "empty")
	p.Looks("inbox-empty")
	officer.Moves(t, filed.At("id").Text(), "VERIFIED", "")
	p.until("the row has come", `document.querySelectorAll("[data-testid=notice]").length === 1 && !document.querySelector("[data-testid=empty]")`)
	p.until("it can be marked as read", `document.querySelector("[data-testid=read-all]")`)
	p.until("the header counts it", `document.querySelector("[data-testid=unread]")?.textContent.startsWith("1")`)
	p.Opens("/saya", "mine")
	officer.Moves(t, filed.At("id").Text(), "IN_PROGRESS", "")
	p.until("the header of another page counts it", `document.querySelector("[data-testid=unread]")?.textContent.startsWith("2")`)
	p.Presses("inbox", "notices")
	p.Looks("inbox")
	p.Desk().inEnglish().Opens("/saya/kabar", "notices")
	p.Looks("inbox-english")
}

func toldInOtherWays(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(22)
	eventually(t, "the city says by which ways it sends", func() error {
		if v.Opens("/saya/akun/kabar").Part("save-wishes").Length() == 0 {
			return errNotYet
		}
		return nil
	})
	form := v.Opens("/saya/akun/kabar").Is(http.StatusOK, "wishes-form")
	on := map[string]string{"lewat_surel": "1", "surel": ""}
	form.Presses("save-wishes", on).Is(http.StatusUnprocessableEntity, "problem-surel")
	on["surel"] = "bukan surel"
	form.Presses("save-wishes", on).Is(http.StatusUnprocessableEntity, "problem-surel")
	on["surel"], on["dari"], on["sampai"] = "warga@contoh.test", "22:00", "22:00"
	wrong := form.Presses("save-wishes", on).Is(http.StatusUnprocessableEntity, "problem-sampai")
	if wrong.Find("#surel").AttrOr("value", "") != "warga@contoh.test" {
		t.Error("what was typed is lost")
	}
	on["sampai"], on["jenis"], on["bahasa_kabar"] = "06:00", "EMAIL.RESOLVED", "en"
	saved := form.Presses("save-wishes", on).Is(http.StatusOK, "saved")
	if saved.Find("#surel").AttrOr("value", "") != "warga@contoh.test" || saved.Find("#dari").AttrOr("value", "") != "22:00" || saved.Find("#lewat-surel[checked]").Length() != 1 {
		t.Errorf("it kept %s", saved.Find("form.page").Text())
	}
	if ticked := saved.Find("[name=jenis][checked]"); ticked.Length() != 1 || ticked.AttrOr("value", "") != "EMAIL.RESOLVED" || saved.Find("[name=bahasa_kabar][checked]").AttrOr("value", "") != "en" {
		t.Errorf("%d kinds are ticked", ticked.Length())
	}
	forgotten := saved.Presses("save-wishes", map[string]string{"lewat_surel": "", "surel": ""}).Is(http.StatusOK, "saved")
	if forgotten.Find("#surel").AttrOr("value", "") != "" || forgotten.Find("#dari").AttrOr("value", "") != "22:00" {
		t.Error("the address was not forgotten, or the quiet hours were")
	}
	p := city.Phone(t)
	p.signsIn(22)
	p.Presses("account", "to-wishes")
	p.Looks("account")
	p.Presses("to-wishes", "wishes-form")
	p.Looks("account-wishes")
	p.Desk().inEnglish().Opens("/saya/akun/kabar", "wishes-form")
	p.Looks("account-wishes-english")
	p.Opens("/saya/akun", "to-wishes")
	p.Looks("account-english")
}

func aBrowserTakesMessages(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(23)
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	told := map[string]string{
		"endpoint": "https://push.example.com/warga", "p256dh": base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), "auth": base64.RawURLEncoding.EncodeToString(secret),
	}
	if page := v.sends(t, "/saya/akun/perangkat", map[string]string{"endpoint": "http://127.0.0.1/", "p256dh": "x", "auth": "y"}); page.Status != http.StatusUnprocessableEntity {
		t.Errorf("a browser that cannot be is %d", page.Status)
	}
	if page := v.sends(t, "/saya/akun/perangkat", told); page.Status != http.StatusNoContent {
		t.Fatalf("keeping the browser is %d", page.Status)
	}
	browsers := func(count string) {
		t.Helper()
		eventually(t, count+" browsers are counted", func() error {
			if page := v.Opens("/saya/akun/kabar"); !strings.HasSuffix(page.Says("browsers"), ": "+count) || page.Find("#lewat-perangkat[checked]").Length() != 1 {
				return errNotYet
			}
			return nil
		})
	}
	browsers("1")
	if page := v.sends(t, "/saya/akun/perangkat/hapus", told); page.Status != http.StatusNoContent {
		t.Errorf("forgetting the browser is %d", page.Status)
	}
	browsers("0")
	p := city.Phone(t)
	p.signsIn(23)
	p.Opens("/saya/akun/kabar", "push-on")
	if shown := p.says(`Notification.permission + getComputedStyle(document.querySelector("[data-testid=push-off]")).display`); shown != "defaultnone" && shown != "deniednone" {
		t.Errorf("before anybody asked it is %s", shown)
	}
}

func areasToHearFrom(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(24)
	form := v.Opens("/saya/akun/wilayah").Is(http.StatusOK, "area-form")
	form.Presses("save-area", nil).Is(http.StatusUnprocessableEntity, "problem-lintang")
	form.Presses("save-area", map[string]string{"lintang": "52,5", "bujur": "13.4"}).Is(http.StatusUnprocessableEntity, "problem-lintang")
	form.Presses("save-area", map[string]string{"lintang": "-6,9147", "bujur": "107.6098", "jarak": ""}).Is(http.StatusUnprocessableEntity, "problem-jarak")
	kept := form.Presses("save-area", map[string]string{"lintang": "-6,9147", "bujur": "107.6098", "jarak": "500"}).Is(http.StatusOK, "areas")
	if kept.Part("area").Length() != 1 || !strings.Contains(kept.Says("area"), "500 m") || !strings.Contains(kept.Says("area"), "Sumur Bandung") {
		t.Errorf("it kept %q", kept.Says("areas"))
	}
	city.Citizen(t, 25).Submits(t, Draft{Title: "Di wilayah", Latitude: -6.9146, Longitude: 107.6097})
	v.comes(1)
	p := city.Phone(t)
	p.signsIn(24)
	p.Opens("/saya/akun/wilayah", "area-form")
	p.do("wait for the map", chromedp.WaitVisible(chromedp.CSS(".map.leaflet-container path.held")))
	p.do("tap it", chromedp.Click(chromedp.CSS(".map")), pageHolds(`document.getElementById("latitude").value !== "" && document.querySelector(".pin")`))
	p.Looks("account-area")
	p.do("save it", chromedp.Click(part("save-area")), chromedp.WaitVisible(part("to-areas")))
	p.until("both are there", `document.querySelectorAll("[data-testid=area]").length === 2`)
	p.Looks("account-areas")
	p.Desk().inEnglish().Opens("/saya/akun/wilayah", "area-form")
	p.Looks("account-area-english")
	left := v.Opens("/saya/akun").Presses("drop-area", nil).Is(http.StatusOK, "area")
	if left.Part("area").Length() != 1 {
		t.Errorf("%d areas are left", left.Part("area").Length())
	}
}

func myDataAndLeaving(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(26)
	number := city.Citizen(t, 26).Submits(t, Draft{Title: "Sebelum pergi"}).At("number").Text()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, city.URL+v.Opens("/saya/akun").Part("my-data").AttrOr("href", ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := v.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var held map[string]any
	if err := json.NewDecoder(response.Body).Decode(&held); err != nil || len(held) == 0 || response.StatusCode != http.StatusOK {
		t.Errorf("the data are %d %v %v", response.StatusCode, held, err)
	}
	p := city.Phone(t)
	p.signsIn(26)
	p.Opens("/saya/akun/hapus", "leave-form")
	p.Looks("account-leave")
	form := v.Opens("/saya/akun/hapus").Is(http.StatusOK, "leave-form")
	form.Presses("leave", map[string]string{"sandi": "bukan sandi saya"}).Is(http.StatusUnprocessableEntity, "problem-sandi")
	v.Opens("/saya").Is(http.StatusOK, "mine")
	form.Presses("leave", map[string]string{"sandi": people(t).Password}).Is(http.StatusOK, "gone")
	v.Opens("/saya").Is(http.StatusOK, "sign-in-form")
	v.Opens("/r/"+number).Is(http.StatusOK, "report-page")
}

func installedOnADevice(t *testing.T, city *System) {
	v := city.Visitor(t)
	if named := v.Opens("/").Find("link[rel=manifest]").AttrOr("href", ""); named != "/manifest.webmanifest" {
		t.Errorf("the page names the manifest %q", named)
	}
	if v.Opens("/anonim").Find("link[rel=manifest]").Length() != 0 {
		t.Error("an anonymous page can be installed")
	}
	var manifest struct {
		StartURL string `json:"start_url"`
		Icons    []struct{ Src, Type, Purpose string }
	}
	status, body := city.Get(t, city.URL+"/manifest.webmanifest")
	if err := json.Unmarshal([]byte(body), &manifest); err != nil || status != http.StatusOK || manifest.StartURL != "/" || len(manifest.Icons) < 4 {
		t.Fatalf("the manifest is %d %s", status, body)
	}
	for _, icon := range manifest.Icons {
		response, err := outside.Get(city.URL + icon.Src)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != icon.Type {
			t.Errorf("%s is %d %s", icon.Src, response.StatusCode, response.Header.Get("Content-Type"))
		}
	}
}

// worked waits until the worker is in charge of the page.
func (p *Phone) worked() {
	p.t.Helper()
	p.until("the worker works", `navigator.serviceWorker.controller?.state === "activated"`)
}

// withoutALine goes about the pages, looks at what the device has kept of them, and then takes the server away.
func withoutALine(t *testing.T, city *System) {
	there, err := url.Parse(city.URL)
	if err != nil {
		t.Fatal(err)
	}
	line := httptest.NewServer(httputil.NewSingleHostReverseProxy(there))
	defer line.Close()
	p := (&System{Process: city.Process, URL: line.URL}).Phone(t)
	p.Opens("/", "report-button")
	p.worked()
	p.signsIn(27)
	p.Opens("/saya/akun", "to-wishes")
	p.Opens("/anonim", "brand")
	p.Opens("/laporan", "mine")
	kept := p.says(`caches.open("jagawarga-files").then((c) => c.keys()).then((all) => all.map((r) => new URL(r.url).pathname).join(" "))`)
	for _, path := range strings.Fields(kept) {
		if path != "/luring" && !strings.HasPrefix(path, "/static/") || strings.Contains(path, "anonym") || strings.Contains(path, "receipt") {
			t.Errorf("the device keeps %s", path)
		}
	}
	if !strings.Contains(kept, "/luring") || !strings.Contains(kept, "/static/style.") {
		t.Errorf("the device keeps only %s", kept)
	}
	line.CloseClientConnections()
	line.Close()
	p.Opens("/saya", "offline")
	if at := p.says(`location.pathname`); at != "/saya" {
		t.Errorf("without a line it went to %s", at)
	}
	p.Looks("offline")
	p.Desk().Looks("offline-desk")
	p.forgives("ERR_")
}

// worker is the registration of the page's worker.
func (p *Phone) worker() serviceworker.RegistrationID {
	p.t.Helper()
	registered := make(chan serviceworker.RegistrationID, 10)
	err1 := chromedp.Listen(p.ctx, func(event any) {
		if told, is := event.(*serviceworker.EventWorkerRegistrationUpdated); is && len(told.Registrations) > 0 {
			select {
			case registered <- told.Registrations[0].RegistrationID:
			default:
			}
		}
	})
	_, err2 := chromedp.Call(p.ctx, serviceworker.Enable, cdp.Empty{})
	if err := errors.Join(err1, err2); err != nil {
		p.t.Fatal(err)
	}
	select {
	case id := <-registered:
		return id
	case <-time.After(patience):
		p.t.Fatal("no worker is registered")
		return ""
	}
}

// sentFromAClosedPage has the browser say that the line is back when the page that a report was written on has gone.
func sentFromAClosedPage(t *testing.T, city *System) {
	p, v := city.Phone(t), city.Visitor(t)
	defer p.forgives("net::ERR_BLOCKED_BY_CLIENT")
	v.SignsIn(28)
	p.signsIn(28)
	p.worked()
	p.far(canary + " Dikirim belakangan")
	p.blocks("*/saya/lapor")
	p.Presses("send", "retry")
	p.saved("Dikirim belakangan")
	p.Opens("/laporan", "mine")
	v.Opens("/saya").Is(http.StatusOK, "empty")
	back := serviceworker.DispatchSyncEventParams{Origin: city.URL, RegistrationID: p.worker(), Tag: "antrean", LastChance: true}
	if _, err := chromedp.Call(p.ctx, serviceworker.DispatchSyncEvent, back); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the report is sent", func() error {
		if list := v.Opens("/saya"); !strings.Contains(list.Says("reports"), "Dikirim belakangan") {
			return errNotYet
		}
		return nil
	})
}

// aMessageIsShown hands the worker a message as a push service would.
func aMessageIsShown(t *testing.T, city *System) {
	p := city.Phone(t)
	granted := &browser.PermissionDescriptor{Name: "notifications"}
	if _, err := chromedp.Call(p.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: granted, Setting: browser.PermissionSettingGranted, Origin: city.URL}); err != nil {
		t.Fatal(err)
	}
	p.Opens("/", "report-button")
	p.worked()
	message := serviceworker.DeliverPushMessageParams{
		Origin: city.URL, RegistrationID: p.worker(), Data: `{"title":"JagaWarga","body":"Laporan JW-2222-2222: dikerjakan.","tag":"t","url":"` + city.URL + `/r/JW-2222-2222"}`,
	}
	if _, err := chromedp.Call(p.ctx, serviceworker.DeliverPushMessage, message); err != nil {
		t.Fatal(err)
	}
	p.until("the message is shown", `navigator.serviceWorker.ready.then((w) => w.getNotifications()).then((all) => all.length === 1 && all[0].body.includes("JW-2222-2222"))`)
}
