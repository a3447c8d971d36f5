package integration

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mineStories are about what somebody does with reports of their own, and of others.
var mineStories = []story{
	{"said better", aReportIsSaidBetter}, {"taken back", takenBackByItsReporter}, {"not solved", notSolvedWithAPhoto}, {"rated", aResolutionIsRated}, {"lists of mine", listsOfMine},
	{"a page is live", aPageIsLive}, {"photos before and after", photosBeforeAndAfter},
}

// stands tells the browser where it is.
func (p *Phone) stands(latitude, longitude float64) {
	p.t.Helper()
	accuracy := 10.0
	_, err1 := chromedp.Call(p.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "geolocation"}, Setting: browser.PermissionSettingGranted, Origin: p.city.URL,
	})
	_, err2 := chromedp.Call(p.ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &latitude, Longitude: &longitude, Accuracy: &accuracy})
	if err1 != nil || err2 != nil {
		p.t.Fatal(err1, err2)
	}
}

func aReportIsSaidBetter(t *testing.T, city *System) {
	citizen, v := city.Citizen(t, 108), city.Visitor(t)
	filed := citizen.Submits(t, Draft{Title: "Salah tulis"})
	number := filed.At("number").Text()
	v.SignsIn(108)
	form := v.Opens("/saya/r/"+number+"/ubah").Is(http.StatusOK, "edit-form")
	if form.Find("#judul").AttrOr("value", "") != canary+" Salah tulis" {
		t.Errorf("the form shows %q", form.Find("#judul").AttrOr("value", ""))
	}
	wrong := form.Presses("save", map[string]string{"judul": " "}).Is(http.StatusUnprocessableEntity, "problem")
	saved := wrong.Presses("save", map[string]string{"judul": canary + " Benar tulis"}, photo(t, 500, 400)).Is(http.StatusOK, "done")
	if saved.Says("title") != canary+" Benar tulis" || saved.Part("photos").Find("img").Length() != 1 {
		t.Errorf("it is now %s", saved.Find("article").Text())
	}
	city.Officer(t, "drainase").Moves(t, filed.At("id").Text(), "VERIFIED", "")
	if late := v.Opens("/saya/r/" + number); late.Part("edit").Length() != 0 {
		t.Error("it can be changed after the department has begun")
	}
	v.Opens("/saya/r/"+number+"/ubah").Is(http.StatusConflict, "trouble")
	form.Presses("save", map[string]string{"judul": "Terlambat"}).Is(http.StatusUnprocessableEntity, "problem")
}

func takenBackByItsReporter(t *testing.T, city *System) {
	v := city.Visitor(t)
	number := city.Citizen(t, 109).Submits(t, Draft{Title: "Tarik kembali"}).At("number").Text()
	v.SignsIn(109)
	page := v.Opens("/saya/r/"+number).Is(http.StatusOK, "withdraw")
	asked := v.Opens(page.Part("withdraw").AttrOr("href", "")).Is(http.StatusOK, "withdraw-form")
	done := asked.Presses("really-withdraw", map[string]string{"isi": "sudah beres"}).Is(http.StatusOK, "done")
	if done.Part("withdraw").Length() != 0 || done.Part("say").Length() != 0 || !strings.Contains(done.Says("timeline"), "sudah beres") {
		t.Errorf("it is %s", done.Find("article").Text())
	}
	asked.Presses("really-withdraw", nil).Is(http.StatusUnprocessableEntity, "problem")
	other := city.Visitor(t)
	other.SignsIn(110)
	other.Opens("/saya/r/"+number+"/tarik").Is(http.StatusConflict, "trouble")
}

func notSolvedWithAPhoto(t *testing.T, city *System) {
	citizen, officer, v := city.Citizen(t, 111), city.Officer(t, "drainase"), city.Visitor(t)
	filed := citizen.Submits(t, Draft{Title: "Masih tergenang"})
	report, number := filed.At("id").Text(), filed.At("number").Text()
	officer.Moves(t, report, "IN_PROGRESS", "")
	officer.Moves(t, report, "RESOLVED", "Sudah disedot.")
	v.SignsIn(111)
	page := v.Opens("/saya/r/"+number).Is(http.StatusOK, "judge")
	if next := page.Says("next"); !strings.Contains(next, "Tanpa jawaban Anda sampai") {
		t.Errorf("what happens next is %q", next)
	}
	page.Presses("reopen", map[string]string{"isi": canary + " Masih."}, []byte("no picture")).Is(http.StatusUnprocessableEntity, "problem")
	open := page.Presses("reopen", map[string]string{"isi": canary + " Masih sebetis."}, photo(t, 400, 300)).Is(http.StatusOK, "done")
	if open.Part("photos").Find("img").Length() == 0 || !strings.Contains(open.Says("timeline"), "Masih sebetis.") || open.Part("judge").Length() != 0 {
		t.Errorf("it is %s", open.Find("article").Text())
	}
	page.Presses("confirm", nil).Is(http.StatusUnprocessableEntity, "problem")
}

func aResolutionIsRated(t *testing.T, city *System) {
	citizen, officer, v := city.Citizen(t, 112), city.Officer(t, "drainase"), city.Visitor(t)
	filed := citizen.Submits(t, Draft{Title: "Dinilai"})
	report, number := filed.At("id").Text(), filed.At("number").Text()
	officer.Moves(t, report, "IN_PROGRESS", "")
	officer.Moves(t, report, "RESOLVED", "Sudah.")
	v.SignsIn(112)
	page := v.Opens("/saya/r/"+number).Presses("confirm", nil).Is(http.StatusOK, "rate-form")
	page.Presses("rate", nil).Is(http.StatusUnprocessableEntity, "problem")
	if page.Find(`input[name="nilai"]`).Length() != 5 {
		t.Fatal("there are no scores to choose from")
	}
	rated := v.sends(t, "/saya/r/"+number+"/nilai", map[string]string{"nilai": "4", "isi": canary + " Cepat."}).Is(http.StatusOK, "rating")
	if !strings.Contains(rated.Says("rating"), "4") || !strings.Contains(rated.Says("resolution"), "Cepat.") {
		t.Errorf("the rating is %s", rated.Says("resolution"))
	}
}

func listsOfMine(t *testing.T, city *System) {
	citizen, officer, v := city.Citizen(t, 113), city.Officer(t, "drainase"), city.Visitor(t)
	v.SignsIn(113)
	v.Opens("/saya").Is(http.StatusOK, "empty")
	v.Opens("/saya?tampil=diikuti").Is(http.StatusOK, "empty")
	running, waiting, ended := citizen.Submits(t, Draft{Title: "Daftar jalan"}), citizen.Submits(t, Draft{Title: "Daftar tunggu"}), citizen.Submits(t, Draft{Title: "Daftar akhir"})
	officer.Moves(t, waiting.At("id").Text(), "AWAITING_REPORTER", "Di sebelah mana?")
	officer.Moves(t, ended.At("id").Text(), "REJECTED", "Bukan wewenang kami.")
	other := city.Citizen(t, 114).Submits(t, Draft{Title: "Daftar orang lain"})
	v.Opens("/saya/r/"+other.At("number").Text()).Presses("follow", nil).Is(http.StatusOK, "unfollow")
	for address, want := range map[string][]string{
		"/saya": {"Daftar jalan", "Daftar tunggu", "Daftar akhir"}, "/saya?tampil=berjalan": {"Daftar jalan"}, "/saya?tampil=menunggu-anda": {"Daftar tunggu"},
		"/saya?tampil=berakhir": {"Daftar akhir"}, "/saya?tampil=diikuti": {"Daftar orang lain"},
	} {
		list := v.Opens(address)
		if n := list.Part("report").Length(); n != len(want) {
			t.Errorf("%s has %d reports", address, n)
		}
		for _, title := range want {
			if !strings.Contains(list.Says("reports"), title) {
				t.Errorf("%s lacks %s", address, title)
			}
		}
	}
	p := city.Phone(t)
	p.signsIn(113)
	p.Looks("mine")
	p.Opens("/saya?tampil=menunggu-anda", "reports")
	p.Looks("mine-waiting")
	p.Opens("/saya/r/"+running.At("number").Text(), "hand")
	p.Looks("mine-running")
	p.Presses("edit", "edit-form")
	p.Looks("mine-edit")
	p.Opens("/saya/r/"+running.At("number").Text()+"/tarik", "withdraw-form")
	p.Looks("mine-withdraw")
}

// aPageIsLive changes a report while its reporter is typing: everything comes, and nothing that was typed goes.
func aPageIsLive(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 115), city.Officer(t, "drainase")
	filed := citizen.Submits(t, Draft{Title: "Halaman hidup", Latitude: -6.921, Longitude: 107.631})
	report, number := filed.At("id").Text(), filed.At("number").Text()
	p := city.Phone(t)
	p.signsIn(115)
	p.Opens("/saya/r/"+number, "say")
	p.writes("komentar", "Yang saya ketik")
	officer.Moves(t, report, "IN_PROGRESS", "Tim berangkat.")
	officer.Must(t, `mutation($r:ID!){commentOnReport(report:$r,body:"`+canary+` Sedang kami lihat."){id}}`, Vars{"r": report})
	p.until("the status has changed", `document.querySelector("#keadaan").textContent.includes("Dikerjakan")`)
	p.until("the history goes on", `document.querySelector("#perjalanan").textContent.includes("Tim berangkat.")`)
	p.until("the department's words are there", `document.querySelector("#percakapan").textContent.includes("Sedang kami lihat.")`)
	if typed := p.says(`document.getElementById("komentar").value`); typed != "Yang saya ketik" {
		t.Errorf("what was typed is now %q", typed)
	}
	if p.says(`String(document.querySelectorAll("#tanpa-kata").length)`) != "0" {
		t.Error("it still says that nobody has written")
	}
	officer.Moves(t, report, "RESOLVED", "Sudah disedot.")
	p.until("the reporter is asked", `document.querySelector("[data-testid=judge]")`)
	p.until("the proof is shown", `document.querySelector("[data-testid=resolution] img")`)
	if typed := p.says(`document.getElementById("komentar").value`); typed != "Yang saya ketik" {
		t.Errorf("what was typed is now %q", typed)
	}
	p.Looks("report-judge")
	p.Presses("say", "done")
	p.Presses("confirm", "rate-form")
	p.Looks("report-rate")
	p.Desk().inEnglish().Opens("/r/"+number, "report-page")
	p.Looks("report-english")
}

func photosBeforeAndAfter(t *testing.T, city *System) {
	officer := city.Officer(t, "drainase")
	v := city.Visitor(t)
	v.SignsIn(116)
	number := writes(v, "banjir").Presses("send", nil, photo(t, 900, 600), photo(t, 600, 800)).Is(http.StatusOK, "sent").Says("number")
	report := ""
	eventually(t, "the report is stored", func() error {
		answer, err := city.Citizen(t, 116).Try(t.Context(), `query($n:String!){report(number:$n){id}}`, Vars{"n": number})
		if err != nil || len(answer.Errors) > 0 {
			return errNotYet
		}
		report = answer.Data.At("report.id").Text()
		return nil
	})
	officer.Moves(t, report, "IN_PROGRESS", "")
	officer.Moves(t, report, "RESOLVED", "Saluran dibersihkan.")
	if plain := v.Opens("/r/" + number); plain.Part("compare").Find("img").Length() != 2 {
		t.Error("before and after are not side by side")
	}
	p := city.Phone(t)
	p.Opens("/r/"+number, "compare")
	p.until("the slider is there", `document.querySelector(".compare.sliding input[type=range]")`)
	p.do("slide by key", chromedp.Focus(chromedp.CSS(".compare input")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	if at := p.says(`document.querySelector(".compare input").value`); at != "52" {
		t.Errorf("the slider is at %s", at)
	}
	p.Looks("report-compare")
	p.do("open a picture by key", chromedp.Focus(chromedp.CSS("[data-viewer] a")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("dialog.viewer")))
	first := p.says(`document.querySelector(".viewer img").src`)
	p.do("go on by key", chromedp.KeyEvent(kb.ArrowRight))
	p.until("the next is shown", `document.querySelector(".viewer p").textContent === "2 / 2" && document.querySelector(".viewer img").complete`)
	if p.says(`document.querySelector(".viewer img").src`) == first {
		t.Error("the viewer shows the same picture")
	}
	p.Looks("report-viewer")
	p.do("close it by key", chromedp.KeyEvent(kb.Escape))
	p.until("the page is back", `!document.querySelector("dialog.viewer").open`)
	if at := p.says(`document.activeElement.tagName`); at != "A" {
		t.Errorf("the focus is on %s", at)
	}
}
