package open311_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/open311"
)

func TestAReportOfAPartner(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.filed("email", "siti@example.org", "first_name", "Siti", "phone", "0812345678", "address_string", "Jl. Asia Afrika 1", "address_id", "A-7",
		"media_url", "https://example.org/a.jpg", "attribute[lebar]", "2 m", "jurisdiction_id", "kota.example")
	r := read[[]row](t, c.get("requests/"+id+".json?extensions=true"))[0]
	for name, want := range map[string]any{
		"service_request_id": id, "status": "open", "service_code": "jalan-rusak", "lat": -6.9147, "long": 107.6098, "address": "Jl. Asia Afrika 1", "address_id": "A-7",
		"description": "Lubang besar & dalam <di> depan pasar.\nSudah seminggu.", "media_url": "https://example.org/a.jpg",
		"requested_datetime": "2026-11-23T09:00:00+07:00", "zipcode": nil,
	} {
		if r[name] != want {
			t.Errorf("%s: %v, want %v", name, r[name], want)
		}
	}
	if title := r["extended_attributes"].(row)["title"]; title != "Lubang besar & dalam <di> depan pasar." {
		t.Errorf("title %q", title)
	}
	// What departments read holds all of it, nobody is its reporter, and what was said of a person is nowhere.
	n := c.Count("SELECT count(*) FROM reports WHERE number = $1 AND reporter_id IS NULL AND visibility = 'PUBLIC' AND body LIKE '%Gambar: https://example.org/a.jpg'"+
		" AND answers @> '[{\"question\": \"lebar\", \"answer\": \"2 m\"}]' AND to_jsonb(reports)::text NOT LIKE '%iti@%' AND to_jsonb(reports)::text NOT LIKE '%0812%'", id)
	if n != 1 {
		t.Error("the report is not kept as it should be")
	}
	if n := c.Count("SELECT count(*) FROM audit WHERE actor LIKE 'partner:%' AND action = 'submit'"); n != 1 {
		t.Errorf("%d lines in the audit", n)
	}
	xml := c.get("requests/" + id + ".xml")
	if xml.kind != "text/xml; charset=utf-8" || !strings.HasPrefix(xml.body, `<?xml version="1.0" encoding="UTF-8"?><service_requests><request><service_request_id>`+id+"<") ||
		!strings.Contains(xml.body, "besar &amp; dalam &lt;di&gt; depan") || !strings.Contains(xml.body, "<zipcode></zipcode>") {
		t.Errorf("%s %s", xml.kind, xml.body)
	}
	if token := read[[]row](t, c.get("tokens/"+id+".json"))[0]; token["service_request_id"] != id {
		t.Errorf("token: %v", token)
	}
}

func TestAnAddressWithoutAPlace(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.filed("lat", "", "long", "", "address_string", "Jl. Braga 10")
	r := read[[]row](t, c.get("requests/"+id+".json"))[0]
	if r["address"] != "Jl. Braga 10" || r["lat"] != nil || strings.Contains(r["description"].(string), "Braga") {
		t.Errorf("%v", r)
	}
	if n := c.Count("SELECT count(*) FROM reports WHERE body LIKE '%Alamat: Jl. Braga 10'"); n != 1 {
		t.Error("the department does not read the address")
	}
}

// A retry is the same report, whether its key comes as a field or as a header; another partner's same key is another report.
func TestRetries(t *testing.T) {
	t.Parallel()
	c := open(t)
	first := c.filed("client_key", "k1")
	if again := c.filed("client_key", "k1", "description", "something else"); again != first {
		t.Errorf("the same key gave %s and %s", first, again)
	}
	if other := c.filed("client_key", "k1", "api_key", otherKey); other == first {
		t.Error("another partner's key gave the same report")
	}
	if n := c.Count("SELECT count(*) FROM reports"); n != 2 {
		t.Errorf("%d reports", n)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	c := open(t)
	for _, refused := range []struct {
		name   string
		change []string
		status int
		says   string
	}{
		{"no key", []string{"api_key", ""}, 403, "api_key"},
		{"a wrong key", []string{"api_key", "guess"}, 403, "api_key"},
		{"no service", []string{"service_code", ""}, 400, "service_code"},
		{"an unknown service", []string{"service_code", "ufo"}, 404, "service_code"},
		{"no place", []string{"lat", "", "long", ""}, 400, "address_string"},
		{"lat without long", []string{"long", ""}, 400, "long"},
		{"long without lat, and an address", []string{"lat", "", "address_string", "Jl. Braga"}, 400, "lat"},
		{"a place that is none", []string{"lat", "NaN"}, 400, "lat"},
		{"outside the city", []string{"lat", "51.5", "long", "0"}, 400, "location"},
		{"an unknown attribute", []string{"attribute[x]", "1"}, 400, "attribute"},
		{"a missing attribute", []string{"attribute[bahaya]", ""}, 400, "attribute"},
		{"an unknown choice", []string{"attribute[bahaya]", "mungkin"}, 400, "attribute"},
		{"a choice that ends the form", []string{"attribute[bahaya]", "korban"}, 400, "Call 112."},
		{"a picture on a disk", []string{"media_url", "file:///etc/passwd"}, 400, "media_url"},
		{"too long", []string{"description", strings.Repeat("a", 4001)}, 400, "description"},
		{"much too long", []string{"description", strings.Repeat("a", 200_000)}, 400, "large"},
		{"a zero byte", []string{"description", "a\x00b"}, 400, "query"},
	} {
		for ending, kind := range map[string]string{"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"} {
			a := c.post("requests."+ending, good(refused.change...)...)
			want := fmt.Sprintf(`[{"code":%d,"description":"`, refused.status)
			if ending == "xml" {
				want = fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><errors><error><code>%d</code><description>`, refused.status)
			}
			if a.status != refused.status || a.kind != kind || !strings.HasPrefix(a.body, want) || !strings.Contains(a.body, refused.says) {
				t.Errorf("%s: %d %s %s", refused.name, a.status, a.kind, a.body)
			}
		}
	}
	if n := c.Count("SELECT count(*) FROM reports"); n != 0 {
		t.Errorf("%d reports came of it", n)
	}
}

// XML of others is never read: not as a body, and not where it stands in a field.
func TestXMLIsNotRead(t *testing.T) {
	t.Parallel()
	c := open(t)
	const bomb = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>`
	for _, kind := range []string{"text/xml", "application/xml; charset=utf-8", "application/json", "text/plain", "", "multipart/form-data"} {
		a := c.send("requests.xml?api_key="+demoKey, kind, bomb)
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, "application/x-www-form-urlencoded") {
			t.Errorf("%q: %d %s", kind, a.status, a.body)
		}
	}
	id := c.filed("description", bomb)
	if r := read[[]row](t, c.get("requests/"+id+".json"))[0]; r["description"] != bomb {
		t.Errorf("it became %v", r["description"])
	}
	if a := c.get("requests/" + id + ".xml"); strings.Contains(a.body, "<!ENTITY") || !strings.Contains(a.body, "&lt;!ENTITY") {
		t.Errorf("written as %s", a.body)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	c := open(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	send := func(files ...[]byte) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		fields := good()
		for i := 0; i < len(fields); i += 2 {
			_ = form.WriteField(fields[i], fields[i+1])
		}
		for _, file := range files {
			part, _ := form.CreateFormFile("media", "siti.png")
			_, _ = part.Write(file)
		}
		_ = form.Close()
		return c.send("requests.json", form.FormDataContentType(), body.String())
	}
	id := read[[]row](t, send(picture.Bytes()))[0]["service_request_id"].(string)
	r := read[[]row](t, c.get("requests/"+id+".json"))[0]
	if url, _ := r["media_url"].(string); !strings.HasPrefix(url, strings.TrimSuffix(c.url, open311.Path)+"/media/") {
		t.Errorf("media_url %v", r["media_url"])
	}
	if without := read[[]row](t, send())[0]; without["service_request_id"] == nil {
		t.Errorf("a form with parts and no file: %v", without)
	}
	for name, files := range map[string][][]byte{"no picture": {[]byte("hello")}, "too large": {make([]byte, 21<<20)}} {
		if a := send(files...); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestAPartnerThatIsTooFast(t *testing.T) {
	t.Parallel()
	c := open(t, func(cfg *open311.Config) { cfg.Every, cfg.Burst = time.Hour, 2 })
	c.filed()
	c.filed()
	if a := c.post("requests.xml", good()...); a.status != http.StatusTooManyRequests {
		t.Errorf("%d %s", a.status, a.body)
	}
	c.filed("api_key", otherKey)
}

// Who tries keys is slowed down; a good key still holds for others.
func TestGuessingKeys(t *testing.T) {
	t.Parallel()
	c := open(t)
	for range 100 {
		if a := c.get("requests.xml?api_key=guess"); a.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("a hundred wrong keys in a row")
}

// What is hidden is nobody's but its partner's, and nothing that is not public ever was.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.filed()
	c.Exec("UPDATE reports SET hidden = true WHERE number = $1", id)
	for key, status := range map[string]int{"": 404, otherKey: 404, demoKey: 200} {
		if a := c.get("requests/" + id + ".json?api_key=" + strings.ReplaceAll(key, " ", "+")); a.status != status {
			t.Errorf("with key %q: %d %s", key, a.status, a.body)
		}
	}
	if got := c.ids("api_key=" + demoKey); got != id {
		t.Errorf("its partner lists %q", got)
	}
	if got := c.ids(""); got != "" {
		t.Errorf("everybody lists %q", got)
	}
	c.Exec("UPDATE partners SET revoked_at = now() WHERE id IN (SELECT partner_id FROM reports)")
	if a := c.get("requests/" + id + ".json?api_key=" + demoKey); a.status != http.StatusForbidden {
		t.Errorf("with a revoked key: %d", a.status)
	}
}

// A partner that was known goes on filing while the database is away; who was not known must come again.
func TestWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.filed()
	c.away.Store(true)
	c.filed()
	for _, key := range []string{otherKey, "guess"} {
		if a := c.post("requests.json", good("api_key", key)...); a.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", key, a.status, a.body)
		}
	}
	c.away.Store(false)
	if n := c.Count("SELECT count(*) FROM reports"); n != 2 {
		t.Errorf("%d reports", n)
	}
}

// The same report sent many times at once is one.
func TestTheSameAtOnce(t *testing.T) {
	t.Parallel()
	c := open(t)
	answers := make(chan answer, 8)
	for range cap(answers) {
		go func() { answers <- c.post("requests.json", good("client_key", "k")...) }()
	}
	first := read[[]row](t, <-answers)[0]["service_request_id"]
	for range cap(answers) - 1 {
		if id := read[[]row](t, <-answers)[0]["service_request_id"]; id != first {
			t.Errorf("%s and %s", first, id)
		}
	}
	if n := c.Count("SELECT count(*) FROM reports"); n != 1 {
		t.Errorf("%d reports", n)
	}
}
