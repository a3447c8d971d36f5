package integration

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestPortal is one city and the people who use its pages.
func TestPortal(t *testing.T) {
	t.Parallel()
	city := Start(t)
	for _, story := range []struct {
		name string
		told func(*testing.T, *System)
	}{
		{"a report without scripts", aReportWithoutScripts}, {"a session ends in the middle", aSessionEndsInTheMiddle}, {"signing up with a report", signingUpWithAReport},
		{"wrong input", wrongInputIsSaidBesideItsField}, {"a category asks", aCategoryAsks}, {"a list in the address", aListInTheAddress}, {"a resolution is judged", aResolutionIsJudgedOnItsPage},
		{"a case by its receipt", aCaseByItsReceipt}, {"what others may not", whatOthersMayNot}, {"the house", theHouse}, {"pages are light", pagesAreLight},
		{"the portal alone", thePortalAlone},
		{"in a browser", aReportFromAPhone},
	} {
		t.Run(story.name, func(t *testing.T) { t.Parallel(); story.told(t, city) })
	}
	for _, story := range composeStories {
		t.Run(story.name, func(t *testing.T) { t.Parallel(); story.told(t, city) })
	}
}

var (
	roadStory = map[string]string{"d_title": canary + " Lubang besar di jalan", "d_body": canary + " Aspal rusak dan berlubang sejak kemarin, motor jatuh."}
	roadPlace = map[string]string{"d_address": "Depan pasar", "d_latitude": "-6,9147", "d_longitude": "107.6098"}
)

// writes goes through the form up to its last step.
func writes(v *Visitor, category string) *Page {
	v.t.Helper()
	kind := v.Opens("/lapor").Is(http.StatusOK, "step-cerita").Presses("next", roadStory).Is(http.StatusOK, "step-jenis")
	next := kind.Presses("next", chosen(kind, category))
	return next.Is(http.StatusOK, "step-tempat").Presses("next", roadPlace).Is(http.StatusOK, "step-kirim")
}

func aReportWithoutScripts(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(30)
	last := writes(v, "jalan-rusak")
	review := last.Says("review")
	for _, part := range []string{roadStory["d_title"], roadStory["d_body"], "Depan pasar"} {
		if !strings.Contains(review, part) {
			t.Errorf("the review does not show %q: %s", part, review)
		}
	}
	sent := last.Presses("send", nil, photo(t, 600, 400), photo(t, 300, 500)).Is(http.StatusOK, "sent")
	number := sent.Says("number")

	again := last.Presses("send", nil, photo(t, 600, 400), photo(t, 300, 500)).Is(http.StatusOK, "sent")
	if again.Says("number") != number {
		t.Errorf("sent twice it is %s and %s", number, again.Says("number"))
	}
	var page *Page
	eventually(t, "the report is on its page", func() error {
		if page = city.Visitor(t).Opens("/r/" + number); page.Status != http.StatusOK {
			return errNotYet
		}
		return nil
	})
	page.Is(http.StatusOK, "report-page")
	if page.Says("title") != roadStory["d_title"] || page.Says("body") != roadStory["d_body"] || page.Part("photos").Find("img").Length() != 2 || page.Says("next") == "" {
		t.Errorf("the page shows %s", page.Find("main").Text())
	}
	for _, property := range []string{"og:title", "og:description", "og:image", "og:url"} {
		if page.Find(`meta[property="`+property+`"]`).AttrOr("content", "") == "" {
			t.Errorf("there is no %s", property)
		}
	}
	picture, _ := page.Part("photos").Find("img").Attr("src")
	if response, _ := city.Fetch(t, picture); response.StatusCode != http.StatusOK {
		t.Errorf("the picture is %d", response.StatusCode)
	}
	if mine := v.Opens("/saya"); !strings.Contains(mine.Says("reports"), roadStory["d_title"]) {
		t.Errorf("my reports are %s", mine.Says("reports"))
	}
	if lower := v.Opens("/r/" + strings.ToLower(number)); lower.Path != "/r/"+number {
		t.Errorf("small letters lead to %s", lower.Path)
	}

	supporter := city.Visitor(t)
	supporter.SignsIn(31)
	own := supporter.Opens("/r/"+number).Presses("support", nil).Is(http.StatusOK, "unsupport")
	said := own.Presses("say", map[string]string{"isi": canary + " Di sini juga."}).Is(http.StatusOK, "words")
	if !strings.Contains(said.Says("words"), "Di sini juga.") {
		t.Errorf("the conversation is %s", said.Says("words"))
	}
	eventually(t, "the support is counted", func() error {
		if city.Visitor(t).Opens("/r/"+number).Says("support-count") == "" {
			return errNotYet
		}
		return nil
	})
	if own := said.Presses("unsupport", nil); own.Part("support").Length() == 0 {
		t.Error("the support cannot be taken back")
	}
}

func aSessionEndsInTheMiddle(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(32)
	last := writes(v, "jalan-rusak")
	v.Forgets()
	asked := last.Presses("send", nil).Is(http.StatusUnprocessableEntity, "sign-in-here")
	if review := asked.Says("review"); !strings.Contains(review, roadStory["d_body"]) || !strings.Contains(review, "-6,9147") || asked.Says("problem") == "" {
		t.Errorf("what was typed is gone: %s", review)
	}
	who := people(t)
	wrong := asked.Presses("send", map[string]string{"nik": who.Citizens[32].NationalID, "sandi": "not the password"}).Is(http.StatusUnprocessableEntity, "problem")
	wrong.Presses("send", map[string]string{"nik": who.Citizens[32].NationalID, "sandi": who.Password}).Is(http.StatusOK, "sent")
	if mine := v.Opens("/saya"); mine.Path != "/saya" {
		t.Error("who signed in on the way is not signed in")
	}
}

func signingUpWithAReport(t *testing.T, city *System) {
	v := city.Visitor(t)
	last := writes(v, "jalan-rusak").Is(http.StatusOK, "sign-in-here")
	form := last.Presses("sign-up-here", nil).Is(http.StatusOK, "sign-up-form")
	bad := form.Presses("sign-up", map[string]string{"nik": "123", "nama": "Siapa Saja", "sandi": "cukup panjang sekali"}).Is(http.StatusUnprocessableEntity, "problem-nik")
	if bad.Find(`input[name="nama"]`).AttrOr("value", "") != "Siapa Saja" || bad.Find(`input[name="sandi"]`).AttrOr("value", "") != "" {
		t.Error("the form does not come back as it was typed, without the password")
	}
	who := people(t)
	in := bad.Presses("other", nil).Is(http.StatusOK, "sign-in-form").
		Presses("sign-in", map[string]string{"nik": who.Citizens[33].NationalID, "sandi": who.Password}).Is(http.StatusOK, "go-on")
	review := in.Presses("go-on", nil).Is(http.StatusOK, "review")
	if !strings.Contains(review.Says("review"), roadStory["d_body"]) || review.Part("sign-in-here").Length() > 0 {
		t.Errorf("the report does not come along: %s", review.Says("review"))
	}
	review.Presses("send", nil).Is(http.StatusOK, "sent")
}

func wrongInputIsSaidBesideItsField(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(34)
	begun := v.Opens("/lapor")
	begun.Presses("next", nil).Is(http.StatusUnprocessableEntity, "problem-d_title").Is(http.StatusUnprocessableEntity, "problem-d_body")
	long := begun.Presses("next", map[string]string{"d_title": strings.Repeat("x", 121), "d_body": "x"}).Is(http.StatusUnprocessableEntity, "problem-d_title")
	if long.Find(`input[name="d_title"]`).AttrOr("value", "") != strings.Repeat("x", 121) {
		t.Error("what was too long is gone")
	}
	last := writes(v, "jalan-rusak")
	last.Presses("send", nil, []byte("this is no picture")).Is(http.StatusUnprocessableEntity, "problem-foto")
	place := last.Presses("back", nil).Is(http.StatusOK, "step-tempat")
	place.Presses("next", map[string]string{"d_latitude": "utara"}).Is(http.StatusUnprocessableEntity, "problem-d_latitude")
	outside := place.Presses("next", map[string]string{"d_latitude": "52.52", "d_longitude": "13.40"}).Presses("send", nil).Is(http.StatusUnprocessableEntity, "problem-d_latitude")
	if !strings.Contains(outside.Says("problem-d_latitude"), "di luar") {
		t.Errorf("a place outside is %q", outside.Says("problem-d_latitude"))
	}

}

// aCategoryAsks fills in the questions of a category: what must be answered, and an answer that ends the form.
func aCategoryAsks(t *testing.T, city *System) {
	admin := city.signedIn(t, Vars{"email": "admin@demo.jagawarga.test", "password": people(t).Password})
	admin.Must(t, `mutation($input:CategoryInput!){saveCategory(input:$input){id}}`, Vars{"input": Vars{
		"code": "kabel-putus", "nameId": "Kabel putus", "nameEn": "Broken cable", "department": city.Department(t, "jalan"), "responseHours": 4, "resolutionHours": 16,
		"sensitive": false, "proofRequired": false, "publicOnMap": true, "keywords": []string{"kabel"},
		"questions": []Vars{
			{"code": "bahaya", "labelId": "Apakah kabelnya di tanah?", "labelEn": "Is the cable on the ground?", "required": true, "choices": []Vars{
				{"value": "ya", "labelId": "Ya", "labelEn": "Yes", "stopId": "Menjauh dan hubungi 112.", "stopEn": "Keep away and call 112."},
				{"value": "tidak", "labelId": "Tidak", "labelEn": "No"},
			}},
			{"code": "sejak", "labelId": "Sejak kapan?", "labelEn": "Since when?", "required": false},
		},
	}})
	v := city.Visitor(t)
	v.SignsIn(42)
	kind := v.Opens("/lapor").Presses("next", roadStory).Is(http.StatusOK, "step-jenis")
	asked := kind.Presses("next", chosen(kind, "kabel-putus")).Is(http.StatusOK, "step-jenis")
	asked.Presses("next", nil).Is(http.StatusUnprocessableEntity, "problem-d_a_bahaya")
	stopped := asked.Presses("next", map[string]string{"d_a_bahaya": "ya"}).Is(http.StatusUnprocessableEntity, "stop")
	if !strings.Contains(stopped.Says("stop"), "112") {
		t.Errorf("the form ends with %q", stopped.Says("stop"))
	}
	last := stopped.Presses("next", map[string]string{"d_a_bahaya": "tidak", "d_a_sejak": "kemarin"}).Is(http.StatusOK, "step-tempat").
		Presses("next", nil).Is(http.StatusOK, "step-kirim")
	if review := last.Says("review"); !strings.Contains(review, "Kabel putus") {
		t.Errorf("the review is %s", review)
	}
	last.Presses("send", nil).Is(http.StatusOK, "sent")
}

// chosen picks a category from the whole list, past the suggestions where there are any.
func chosen(kind *Page, category string) map[string]string {
	typed := map[string]string{"d_other": category}
	if kind.Find(`input[type=radio][name=d_category]`).Length() > 0 {
		typed["d_category"] = "-"
	}
	return typed
}

func aListInTheAddress(t *testing.T, city *System) {
	citizen := city.Citizen(t, 35)
	for i := range 22 {
		citizen.Submits(t, Draft{Title: fmt.Sprintf("Daftarpanjang %02d", i), Category: "sampah"})
	}
	v := city.Visitor(t)
	first := v.Opens("/laporan?cari=daftarpanjang&urut=OLDEST").Is(http.StatusOK, "more")
	if n := first.Part("report").Length(); n != 20 || !strings.Contains(first.Part("report").First().Text(), "Daftarpanjang 00") {
		t.Errorf("the first page has %d reports", n)
	}
	if first.Find("#cari").AttrOr("value", "") != "daftarpanjang" || first.Find("#urut option[selected]").AttrOr("value", "") != "OLDEST" {
		t.Error("the form does not show what the list is narrowed by")
	}
	second := v.Opens(first.Part("more").AttrOr("href", ""))
	if second.Part("report").Length() != 2 || second.Part("more").Length() != 0 {
		t.Errorf("the second page has %d reports", second.Part("report").Length())
	}
	if none := v.Opens("/laporan?cari=daftarpanjang&kategori=banjir"); none.Part("empty").Length() == 0 {
		t.Error("an empty list shows no next step")
	}
	v.Opens("/laporan?setelah=nonsense").Is(http.StatusBadRequest, "problem")
	if page := v.Opens("/laporan"); page.Find(`[name="wilayah"] option`).Length() < 2 {
		t.Error("there are no districts to choose from")
	}
}

func aResolutionIsJudgedOnItsPage(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(36)
	citizen, officer := city.Citizen(t, 36), city.Officer(t, "drainase")
	for _, verdict := range []string{"confirm", "reopen"} {
		filed := citizen.Submits(t, Draft{Title: "Selokan " + verdict})
		report, number := filed.At("id").Text(), filed.At("number").Text()
		officer.Moves(t, report, "IN_PROGRESS", "")
		officer.Moves(t, report, "RESOLVED", "Sudah dibersihkan.")
		page := v.Opens("/saya/r/"+number).Is(http.StatusOK, "judge").Is(http.StatusOK, "resolution")
		if page.Part("resolution").Find("img").Length() == 0 {
			t.Error("the proof is not shown")
		}
		if public := city.Visitor(t).Opens("/r/" + number); public.Part("judge").Length() > 0 {
			t.Error("a stranger is asked whether it is done")
		}
		typed := map[string]string{}
		if verdict == "reopen" {
			typed["isi"] = canary + " Masih tersumbat."
		}
		page.Presses(verdict, typed).Is(http.StatusOK, "report-page")
		want := map[string]string{"confirm": "CLOSED", "reopen": "IN_PROGRESS"}[verdict]
		if status := citizen.Sees(t, report).At("status").Text(); status != want {
			t.Errorf("after %s it is %s", verdict, status)
		}
	}
}

func aCaseByItsReceipt(t *testing.T, city *System) {
	v := city.Visitor(t)
	v.SignsIn(37)
	filed := city.Citizen(t, 38).files(t, anonymousDraft(t, city, canary+" Petugas loket 9 meminta uang."))
	receipt := filed.At("receipt").Text()
	officer := city.Officer(t, "inspektorat")
	v.Opens("/lacak").Presses("open", map[string]string{"tanda": "1234"}).Is(http.StatusUnprocessableEntity, "problem-tanda")
	found := v.Opens("/lacak").Presses("open", map[string]string{"tanda": receipt}).Is(http.StatusOK, "case")
	if found.Says("number") != filed.At("number").Text() || found.Find("html.anonymous").Length() != 1 || found.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the case shows %s", found.Says("case"))
	}
	report := city.Stranger().Must(t, followAnonymous, Vars{"receipt": receipt}).At("anonymousReport.report.id").Text()
	officer.Must(t, `mutation($r:ID!){commentOnReport(report:$r,body:"`+canary+` Jam berapa?"){id}}`, Vars{"r": report})
	replied := v.Opens("/lacak").Presses("open", map[string]string{"tanda": filed.At("receiptWords").Text()}).Is(http.StatusOK, "unread").
		Presses("reply", map[string]string{"isi": canary + " Jam sembilan. Telepon saya " + tellingPhone + "."}).Is(http.StatusOK, "words")
	if words := replied.Says("words"); !strings.Contains(words, "Jam sembilan.") || strings.Contains(words, tellingPhone) {
		t.Errorf("the conversation is %s", words)
	}
	replied.Presses("reply", map[string]string{"isi": " "}).Is(http.StatusUnprocessableEntity, "problem")
	officer.Moves(t, report, "IN_PROGRESS", "")
	officer.Moves(t, report, "RESOLVED", "Sudah ditindak.")
	v.Opens("/lacak").Presses("open", map[string]string{"tanda": receipt}).Is(http.StatusOK, "judge").Presses("confirm", nil).Is(http.StatusOK, "case")
	if status := officer.Sees(t, report).At("status").Text(); status != "CLOSED" {
		t.Errorf("the case is %s", status)
	}
	if slices.Contains(v.Sent, "/lacak") || !slices.Contains(v.Bare, "/lacak") {
		t.Errorf("the session was sent to %v", v.Sent)
	}
	for _, path := range v.Sent {
		if !strings.HasPrefix(path, "/saya") {
			t.Errorf("the session was sent to %s", path)
		}
	}
}

func whatOthersMayNot(t *testing.T, city *System) {
	private := city.Citizen(t, 39).Submits(t, Draft{Title: "Rahasia", Visibility: "PRIVATE"}).At("number").Text()
	stranger, other, mine := city.Visitor(t), city.Visitor(t), city.Visitor(t)
	stranger.Opens("/r/"+private).Is(http.StatusNotFound, "trouble")
	other.SignsIn(40)
	other.Opens("/saya/r/"+private).Is(http.StatusNotFound, "trouble")
	mine.SignsIn(39)
	mine.Opens("/saya/r/"+private).Is(http.StatusOK, "report-page")
	if asked := stranger.Opens("/saya/r/" + private); asked.Path != "/saya/masuk" {
		t.Errorf("a stranger gets to %s", asked.Path)
	}
	if back := stranger.Opens("/saya/masuk?kembali=//evil.example/"); back.Part("sign-in-form").Find(`input[name="kembali"]`).AttrOr("value", "") != "" {
		t.Error("a sign-in leads away from here")
	}
	// Forms of other sites are refused.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, city.URL+"/saya/keluar", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://evil.example")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	if page := mine.does(request); page.Status != http.StatusForbidden {
		t.Errorf("another site's form is %d", page.Status)
	}
	out := mine.Opens("/saya").Presses("sign-out", nil)
	if out.Path != "/" || mine.Opens("/saya").Path != "/saya/masuk" {
		t.Error("signing out does not end the session")
	}
}

func theHouse(t *testing.T, city *System) {
	v := city.Visitor(t)
	page := v.Opens("/").Is(http.StatusOK, "report-button")
	policy := page.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") || page.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the policy is %s", policy)
	}
	if page.Find("[style], style, script:not([src])").Length() > 0 || page.Find("html").AttrOr("lang", "") != "id" {
		t.Error("the page has inline code, or no language")
	}
	if english := page.Presses("language", nil); english.Find("html").AttrOr("lang", "") != "en" || english.Says("report-button") != "Report a problem" {
		t.Errorf("in English it is %s", english.Find("main").Text())
	}
	if stays := v.Opens("/lacak"); stays.Find("html").AttrOr("lang", "") != "en" {
		t.Error("the language does not stay")
	}
	v.Opens("/nowhere").Is(http.StatusNotFound, "trouble")
	asset := page.Find(`link[rel="stylesheet"]`).AttrOr("href", "")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, city.URL+asset, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "br")
	response, err := outside.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if !strings.Contains(response.Header.Get("Cache-Control"), "immutable") || response.Header.Get("Content-Encoding") != "br" {
		t.Errorf("a file is sent with %v", response.Header)
	}
}
