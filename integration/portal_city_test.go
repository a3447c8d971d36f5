package integration

import (
	"encoding/csv"
	"encoding/xml"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// longTitle has 120 characters, and a word that fits on no telephone.
const longTitle = "Pertanggungjawabanpengelolaanpersampahankotadankabupatenyangterlupakan: sampah tiga minggu dibiarkan di tepi jalan utama"

// TestPortalCity is the city as everybody sees it: before anything has come, with one report, and with ten thousand.
func TestPortalCity(t *testing.T) {
	t.Parallel()
	if _, err := pageScript(); err != nil { // installs the locked packages, axe among them
		t.Fatal(err)
	}
	city := Start(t)
	t.Run("nothing", func(t *testing.T) { theCityIsEmpty(t, city) })
	t.Run("one", func(t *testing.T) { oneReportWithALongTitle(t, city) })
	t.Run("ten thousand", func(t *testing.T) { tenThousandOfLate(t, city) })
	t.Run("stories", func(t *testing.T) {
		for _, story := range append(cityStories, mineStories...) {
			t.Run(story.name, func(t *testing.T) { t.Parallel(); story.told(t, city) })
		}
	})
}

type story struct {
	name string
	told func(*testing.T, *System)
}

var cityStories = []story{
	{"narrowed in the address", aListIsNarrowed}, {"more of a list", moreOfAList}, {"a list is live", aListIsLive}, {"a map without scripts", aMapWithoutScripts},
	{"a map by keyboard", aMapByKeyboard}, {"near me", nearMe}, {"figures", theCityInFigures}, {"a feed", aFeedToReadElsewhere}, {"passed on", aReportIsPassedOn},
	{"pages of a full city are light", pagesOfAFullCityAreLight},
}

func theCityIsEmpty(t *testing.T, city *System) {
	v := city.Visitor(t)
	for _, path := range []string{"/", "/laporan", "/statistik"} {
		v.Opens(path).Is(http.StatusOK, "empty")
	}
	v.Opens("/peta").Is(http.StatusOK, "near-list")
	if feed := readFeed(t, city, "/atom", nil); len(feed.Entries) != 0 || feed.ID == "" {
		t.Errorf("the feed of an empty city is %+v", feed)
	}
	p := city.Phone(t)
	for path, testid := range map[string]string{"/": "anonymous-button", "/laporan": "empty", "/peta": "near-list", "/statistik": "empty"} {
		p.Opens(path, testid)
		p.Looks("city-empty-" + nameOf(path))
	}
}

func nameOf(path string) string {
	if path == "/" {
		return "home"
	}
	return strings.Trim(path, "/")
}

func oneReportWithALongTitle(t *testing.T, city *System) {
	title := longTitle[:len(longTitle)-len(canary)-1] // submitted with the canary before it
	number := city.Citizen(t, 100).Submits(t, Draft{Title: title, Category: "sampah", Latitude: -6.9175, Longitude: 107.6191}).At("number").Text()
	p := city.Phone(t)
	p.Opens("/r/"+number, "stages")
	p.Looks("report-long-title")
	for _, path := range []string{"/", "/laporan"} {
		p.Opens(path, "reports")
		p.Looks("city-one-" + nameOf(path))
	}
	p.Opens("/peta", "reports")
	p.until("the map has its pin", `document.querySelector("[data-citymap][data-ready]") && document.querySelector(".pin")`)
	p.Looks("city-one-peta")
}

// tenThousandOfLate brings old requests in as if they had come in the last hundred days.
func tenThousandOfLate(t *testing.T, city *System) {
	source, err := os.Open(oldReports)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	rows, err := csv.NewReader(source).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, row := range rows[1:] {
		came := time.Now().Add(-time.Hour - time.Duration(random.IntN(100*24*60))*time.Minute)
		row[1] = came.UTC().Format("2006-01-02 15:04:05+00:00")
		if row[2] != "" {
			row[2] = came.Add(time.Hour).UTC().Format("2006-01-02 15:04:05+00:00")
			row[3] = row[2]
		}
	}
	lately := filepath.Join(t.TempDir(), "lately.csv")
	file, err := os.Create(lately)
	if err != nil {
		t.Fatal(err)
	}
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if out, said, ok := runToEnd(t, nil, "jagawarga", "import", "--format", "sf311", "--data", city.Data, lately); !ok {
		t.Fatalf("the import ended with %v: %s", out, said)
	}
	eventually(t, "all of them are counted", func() error {
		if digits(city.Visitor(t).Opens("/statistik").Part("number-received").Find("dd").Text()) < 10_001 {
			return errNotYet
		}
		return nil
	})
}

var notDigits = regexp.MustCompile(`\D`)

func digits(text string) int {
	n, _ := strconv.Atoi(notDigits.ReplaceAllString(text, "")) // what has no digits is zero
	return n
}

func aListIsNarrowed(t *testing.T, city *System) {
	citizen := city.Citizen(t, 101)
	citizen.Submits(t, Draft{Title: "Sempit satu", Category: "sampah", Latitude: -6.9175, Longitude: 107.6191})
	citizen.Submits(t, Draft{Title: "Sempit dua", Category: "banjir", Latitude: -6.8700, Longitude: 107.5900})
	v := city.Visitor(t)
	district := v.Opens("/laporan?cari=sempit+satu").Part("report").Find(".quiet").First().Text()
	district = strings.TrimSpace(district[strings.LastIndex(district, "·")+len("·"):])
	district = url.QueryEscape(district)
	for address, want := range map[string]int{
		"?cari=sempit": 2, "?cari=sempit&kategori=sampah": 1, "?cari=sempit&kategori=banjir&wilayah=" + district: 0, "?cari=sempit&wilayah=" + district: 1,
		"?cari=sempit&status=RECEIVED": 2, "?cari=sempit&status=CLOSED": 0, "?cari=sempit&kurun=1": 2, "?cari=sempit&dekat=-6.917,107.619": 1,
		"?cari=sempit&kategori=nonsense&kurun=x&dekat=here": 2,
	} {
		page := v.Opens("/laporan" + address)
		if n := page.Part("report").Length(); page.Status != http.StatusOK || n != want {
			t.Errorf("%s shows %d reports, want %d", address, n, want)
		}
	}
	narrowed := v.Opens("/laporan?kategori=sampah&wilayah=" + district + "&kurun=30")
	if narrowed.Find("#kategori option[selected]").AttrOr("value", "") != "sampah" || narrowed.Find("#kurun option[selected]").AttrOr("value", "") != "30" {
		t.Error("the form does not show what the list is narrowed by")
	}
	if alternate := narrowed.Find(`link[type="application/atom+xml"]`).AttrOr("href", ""); !strings.Contains(alternate, "category=sampah") || !strings.Contains(alternate, "district=") {
		t.Errorf("the feed of the list is %q", alternate)
	}
}

func moreOfAList(t *testing.T, city *System) {
	p := city.Phone(t)
	p.Opens("/laporan", "more")
	first := p.says(`document.querySelector("[data-testid=report] a").href`)
	p.do("ask for more", chromedp.Click(part("more")))
	p.until("twenty more are there", `document.querySelectorAll("[data-testid=report]").length === 40`)
	if p.says(`document.querySelector("[data-testid=report] a").href`) != first {
		t.Error("the first reports went away")
	}
	if twice := p.says(`String(new Set([...document.querySelectorAll("[data-testid=report] a")].map((a) => a.href)).size)`); twice != "40" {
		t.Errorf("of 40 reports %s are different ones", twice)
	}
	p.do("ask for more", chromedp.Click(part("more")))
	p.until("again twenty more are there", `document.querySelectorAll("[data-testid=report]").length === 60`)
	p.Looks("feed-more")
	p.Desk().Opens("/laporan", "more")
	p.Looks("feed-desk")
}

// aListIsLive counts what comes, and moves nothing until it is asked to.
func aListIsLive(t *testing.T, city *System) {
	p, citizen := city.Phone(t), city.Citizen(t, 102)
	p.Opens("/laporan?kategori=pohon-tumbang", "filter")
	if p.says(`String(document.querySelectorAll("[data-live]").length)`) != "1" {
		t.Fatal("the list is not live")
	}
	before := p.says(`document.querySelector("main").innerText`)
	eventually(t, "a new report is told of", func() error { // nothing tells when the stream has begun
		citizen.Submits(t, Draft{Title: "Pohon tumbang", Category: "pohon-tumbang"})
		citizen.Submits(t, Draft{Title: "Bukan pohon", Category: "banjir"})
		if p.says(`document.querySelector("[data-testid=fresh]")?.textContent ?? ""`) == "" {
			return errNotYet
		}
		return nil
	})
	if after := p.says(`document.querySelector("main").innerText`); strings.Count(after, "Bukan pohon") != strings.Count(before, "Bukan pohon") {
		t.Error("the list changed by itself")
	}
	p.Looks("feed-fresh")
	p.Presses("fresh", "reports")
	p.until("the new reports are shown", `[...document.querySelectorAll("[data-testid=report]")].some((r) => r.textContent.includes("Pohon tumbang"))`)
}

func aMapWithoutScripts(t *testing.T, city *System) {
	v := city.Visitor(t)
	page := v.Opens("/peta").Is(http.StatusOK, "map")
	marks := page.Part("map").Find("svg a")
	if marks.Length() < 5 || page.Part("map").Find("svg .district").Length() < 10 {
		t.Fatalf("the map has %d marks and %d districts", marks.Length(), page.Part("map").Find("svg .district").Length())
	}
	shown := digits(page.Says("count"))
	sum := 0
	page.Find("[data-pins] > li").Each(func(_ int, pin *goquery.Selection) { sum += digits(pin.AttrOr("data-count", "")) })
	if shown != sum || shown < 1000 {
		t.Errorf("%d reports are told of, and pins stand for %d", shown, sum)
	}
	nearer := v.Opens(marks.FilterFunction(func(_ int, m *goquery.Selection) bool { return m.Find("text").Length() > 0 }).First().AttrOr("href", "")).Is(http.StatusOK, "map")
	if closer := digits(nearer.Says("count")); closer == 0 || closer >= shown {
		t.Errorf("nearer there are %d of %d reports", closer, shown)
	}
	if list := nearer.Part("report").Length(); list == 0 {
		t.Error("there is no list beside the map")
	}
	for _, path := range []string{"/peta/isi", "/peta/isi?selatan=1&barat=x&utara=2&timur=3&dekatkan=3", "/peta/kabar?selatan=5&utara=1"} {
		if page := v.Opens(path); page.Status != http.StatusBadRequest {
			t.Errorf("%s is %d", path, page.Status)
		}
	}
	if far := v.Opens("/peta?di=nowhere&dekatkan=99"); far.Status != http.StatusOK {
		t.Errorf("an address that was changed by hand is %d", far.Status)
	}
}

const mapReady = `document.querySelector("[data-citymap][data-ready]") && document.querySelectorAll(".pin").length > 0`

func aMapByKeyboard(t *testing.T, city *System) {
	p, citizen := city.Phone(t).Desk(), city.Citizen(t, 103)
	p.Opens("/peta?di=-6.91750,107.61910&dekatkan=14", "map")
	p.until("the map is there", mapReady)
	p.Looks("map-desk")
	count := p.reads("count")
	p.do("move by key", chromedp.Focus(part("map")), chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent("="))
	p.until("the address follows", `location.search.includes("dekatkan=15")`)
	p.until("the list is in step", `document.querySelector("[data-testid=count]").textContent.trim() !== `+strconv.Quote(count))
	p.until("the map is there", mapReady)
	place := p.says(`new URL(location.href).searchParams.get("di")`)
	latitude, longitude, _ := strings.Cut(place, ",")
	north, _ := strconv.ParseFloat(latitude, 64)
	east, _ := strconv.ParseFloat(longitude, 64)
	eventually(t, "a new report is on the map", func() error {
		citizen.Submits(t, Draft{Title: "Titik baru", Latitude: north, Longitude: east})
		if p.says(`document.querySelector("[data-testid=fresh]")?.textContent ?? ""`) == "" {
			return errNotYet
		}
		return nil
	})
	p.do("ask for the new ones", chromedp.Click(part("fresh")))
	p.until("the list has it", `document.querySelector("#temuan").textContent.includes("Titik baru")`)
	p.do("open several by key", chromedp.Focus(chromedp.CSS(".pin-many")), chromedp.KeyEvent(kb.Enter))
	p.until("the map is nearer", `location.search.includes("dekatkan=17")`)
	p.inEnglish().Opens("/peta", "map")
	p.until("the map is there", mapReady)
	p.Looks("map-english")
}

// nearMe puts where somebody is into the address, and no more exactly than about a hundred metres.
func nearMe(t *testing.T, city *System) {
	p := city.Phone(t)
	p.stands(-6.917512, 107.619123)
	p.Opens("/laporan", "near")
	p.Presses("near", "near-now")
	if search := p.says(`location.search`); search != "?dekat=-6.918%2C107.619" {
		t.Errorf("the address says %s", search)
	}
	p.Looks("feed-near")
	p.Opens("/", "here")
	p.do("use my position", chromedp.ScrollIntoView(part("here")), chromedp.Click(part("here")))
	p.until("the map shows where I am", mapReady+` && parseInt(document.querySelector("#temuan [data-testid=count]")?.textContent ?? "9999") < 1000`)
	p.Looks("home-map")
}

func theCityInFigures(t *testing.T, city *System) {
	v := city.Visitor(t)
	page := v.Opens("/statistik").Is(http.StatusOK, "numbers")
	for _, plot := range []string{"weeks", "category", "district"} {
		p := page.Part("plot-" + plot)
		if p.Find("svg").Length() == 0 || p.Find("table tbody tr").Length() < 2 {
			t.Errorf("%s has %d drawings and %d lines in its table", plot, p.Find("svg").Length(), p.Find("table tbody tr").Length())
		}
	}
	weeks, parts := 0, 0
	page.Part("plot-weeks").Find("tbody tr").Each(func(_ int, row *goquery.Selection) { weeks += digits(row.Find("td").First().Text()) })
	page.Part("plot-category").Find("tbody tr").Each(func(_ int, row *goquery.Selection) { parts += digits(row.Find("td").First().Text()) })
	if weeks != parts || weeks < 5000 || page.Part("plot-weeks").Find("tbody tr").Length() != 12 {
		t.Errorf("in twelve weeks there are %d reports, by kind %d", weeks, parts)
	}
	if page.Find("script[src*='htmx'], [data-live]").Length() > 0 {
		t.Error("figures need no scripts")
	}
	p := city.Phone(t)
	p.Opens("/statistik", "numbers")
	p.do("open a table", chromedp.Click(part("table-weeks")))
	p.Looks("statistics")
	p.Desk().inEnglish().Opens("/statistik", "numbers")
	p.Looks("statistics-english")
}

// atom is a feed as a reader reads it.
type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
	} `xml:"entry"`
	header http.Header
	status int
}

func readFeed(t *testing.T, city *System, path string, header http.Header) (feed atom) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, city.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := outside.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	feed.header, feed.status = response.Header, response.StatusCode
	if response.StatusCode == http.StatusOK {
		if err := xml.NewDecoder(response.Body).Decode(&feed); err != nil {
			t.Fatal(err)
		}
	}
	return feed
}

func aFeedToReadElsewhere(t *testing.T, city *System) {
	const path = "/atom?category=lampu-jalan&district=Coblong"
	report := city.Citizen(t, 104).Submits(t, Draft{Title: "Lampu <mati> & gelap", Category: "lampu-jalan", Latitude: -6.8850, Longitude: 107.6130}).At("number").Text()
	feed := readFeed(t, city, path, nil)
	if len(feed.Entries) == 0 || !strings.HasSuffix(feed.Entries[0].ID, "/r/"+report) || !strings.HasSuffix(feed.Entries[0].Title, "Lampu <mati> & gelap") {
		t.Fatalf("the feed is %+v", feed)
	}
	if !strings.HasPrefix(feed.header.Get("Content-Type"), "application/atom+xml") || len(feed.Links) != 2 || feed.Links[0].Rel != "self" || feed.ID != feed.Links[0].Href {
		t.Errorf("the feed says of itself %+v", feed)
	}
	for _, at := range []string{feed.Updated, feed.Entries[0].Updated} {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			t.Error(err)
		}
	}
	if again := readFeed(t, city, path, http.Header{"If-None-Match": {feed.header.Get("ETag")}}); again.status != http.StatusNotModified || feed.header.Get("Last-Modified") == "" {
		t.Errorf("asked again it is %d", again.status)
	}
	if other := readFeed(t, city, "/atom?category=banjir&district=Coblong", nil); len(other.Entries) > 0 && strings.HasSuffix(other.Entries[0].ID, report) {
		t.Error("another kind's feed has the report")
	}
	if wrong := readFeed(t, city, "/atom?district=Nowhere", nil); wrong.status != http.StatusNotFound {
		t.Errorf("a district that is not there is %d", wrong.status)
	}
	if whole := readFeed(t, city, "/atom", nil); len(whole.Entries) != 50 {
		t.Errorf("the feed of the city has %d entries", len(whole.Entries))
	}
}

// aReportIsPassedOn opens links to reports of all kinds as whoever gets them does.
func aReportIsPassedOn(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 105), city.Officer(t, "drainase")
	draft := Draft{Title: "Genangan di pasar", Latitude: -6.9301, Longitude: 107.6402}
	first, second := citizen.Submits(t, draft), citizen.Submits(t, draft)
	number := first.At("number").Text()
	v := city.Visitor(t)
	page := v.Opens("/r/"+number).Is(http.StatusOK, "share").Is(http.StatusOK, "similar")
	if !strings.HasSuffix(page.Find(`meta[property="og:url"]`).AttrOr("content", ""), "/r/"+number) || page.Find(`link[type="application/atom+xml"]`).Length() != 1 {
		t.Error("the page cannot be passed on")
	}
	if !strings.Contains(page.Part("similar").Text(), "Genangan di pasar") || strings.Contains(page.Part("similar").Text(), number) {
		t.Errorf("similar are %s", page.Says("similar"))
	}

	officer.Must(t, `mutation($a:ID!,$b:[ID!]!){mergeReports(into:$a,reports:$b){id}}`, Vars{"a": first.At("id").Text(), "b": []string{second.At("id").Text()}})
	merged := v.Opens("/r/"+second.At("number").Text()).Is(http.StatusOK, "merged")
	if merged.Path != "/r/"+number {
		t.Errorf("a report that was merged leads to %s", merged.Path)
	}
	if original := v.Opens(merged.Part("merged").Find("a").AttrOr("href", "")); original.Says("number") != second.At("number").Text() {
		t.Errorf("the original is %s", original.Says("number"))
	}

	taken := citizen.Submits(t, Draft{Title: "Ditarik saja"})
	citizen.Must(t, `mutation($r:ID!){withdrawReport(report:$r,reason:"keliru"){id}}`, Vars{"r": taken.At("id").Text()})
	gone := v.Opens("/r/"+taken.At("number").Text()).Is(http.StatusGone, "withdrawn")
	if strings.Contains(gone.Text(), "Ditarik saja") || gone.Find(`meta[name="robots"]`).Length() != 1 {
		t.Error("what was taken back is told all the same")
	}
	if list := v.Opens("/laporan?cari=ditarik"); list.Part("report").Length() != 0 {
		t.Error("what was taken back is listed")
	}
	hidden := citizen.Submits(t, Draft{Title: "Sembunyi saja"})
	officer.Must(t, `mutation($r:ID!){hideReport(report:$r,hidden:true,reason:"nama orang"){id}}`, Vars{"r": hidden.At("id").Text()})
	if missing := v.Opens("/r/"+hidden.At("number").Text()).Is(http.StatusNotFound, "trouble"); strings.Contains(missing.Text(), "Sembunyi") {
		t.Error("what was hidden is told all the same")
	}

	// A stranger's support leads through the sign-in, and one tap later it is counted.
	who := people(t)
	asked := page.Presses("support", nil).Is(http.StatusOK, "sign-in-form")
	again := asked.Presses("sign-in", map[string]string{"nik": who.Citizens[106].NationalID, "sandi": who.Password}).Is(http.StatusOK, "again")
	again.Presses("yes-dukung", nil).Is(http.StatusOK, "unsupport")
}

func pagesOfAFullCityAreLight(t *testing.T, city *System) {
	pagesAreLight(t, city)
	number := city.Citizen(t, 107).Submits(t, Draft{Title: "Ringan"}).At("number").Text()
	city.light(t, "/r/"+number, 100, 12)
	figures.Tell(t, "portal: the pages above are of a city of ten thousand reports")
}
