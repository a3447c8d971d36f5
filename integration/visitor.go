package integration

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Visitor is somebody with a browser that has no scripts: it keeps cookies, follows redirects and sends forms as they stand in the page.
type Visitor struct {
	t    testing.TB
	city *System
	http *http.Client
	// Sent are the paths that were asked for with a session, and Bare those without.
	Sent, Bare []string
}

// Visitor is a new one, without cookies.
func (s *System) Visitor(t testing.TB) *Visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &Visitor{t: t, city: s}
	v.http = &http.Client{Jar: jar, Timeout: patience, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.Header.Get("Cookie"), "jagawarga-session") {
			v.Sent = append(v.Sent, r.URL.Path)
		} else {
			v.Bare = append(v.Bare, r.URL.Path)
		}
		return outside.Transport.RoundTrip(r)
	})}
	return v
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Page is what the visitor sees.
type Page struct {
	*goquery.Document
	Status  int
	Path    string // after redirects
	Header  http.Header
	visitor *Visitor
}

// Opens goes to a page of the city.
func (v *Visitor) Opens(path string) *Page {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.city.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.does(request)
}

func (v *Visitor) does(request *http.Request) *Page {
	v.t.Helper()
	request.Header.Set("X-Forwarded-For", clientAddress)
	response, err := v.http.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	document, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return &Page{document, response.StatusCode, response.Request.URL.Path, response.Header, v}
}

// Forgets takes the session away from the visitor's browser, as if it had ended.
func (v *Visitor) Forgets() {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	v.http.Jar = jar
}

// Part finds what carries that data-testid.
func (p *Page) Part(testid string) *goquery.Selection {
	return p.Find(`[data-testid="` + testid + `"]`)
}

// Says is the text of a part, without the space around it.
func (p *Page) Says(testid string) string { return strings.TrimSpace(p.Part(testid).First().Text()) }

// Is fails the test unless the page has this status and this part.
func (p *Page) Is(status int, testid string) *Page {
	p.visitor.t.Helper()
	if p.Status != status || p.Part(testid).Length() == 0 {
		text := strings.Join(strings.Fields(p.Find("main").Text()), " ")
		p.visitor.t.Fatalf("%s is %d, want %d with %s: %s", p.Path, p.Status, status, testid, text)
	}
	return p
}

// Presses sends the form of a button as a browser would: what stands in its fields, changed by typed, and files if there are any.
func (p *Page) Presses(button string, typed map[string]string, files ...[]byte) *Page {
	p.visitor.t.Helper()
	pressed := p.Part(button).First()
	form := pressed.Closest("form")
	if form.Length() == 0 {
		p.visitor.t.Fatalf("%s has no button %s in a form", p.Path, button)
	}
	values := fields(form)
	for name, value := range typed {
		if form.Find(`[name="`+name+`"]`).Length() == 0 {
			p.visitor.t.Fatalf("%s: the form has no field %s", p.Path, name)
		}
		values.Set(name, value)
	}
	if name, has := pressed.Attr("name"); has {
		values.Set(name, pressed.AttrOr("value", ""))
	}
	action := pressed.AttrOr("formaction", form.AttrOr("action", p.Path))
	if !strings.EqualFold(form.AttrOr("method", "get"), "post") {
		return p.visitor.Opens(action + "?" + values.Encode())
	}
	kind, body, err := encodeForm(form, values, files)
	if err != nil {
		p.visitor.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(p.visitor.t.Context(), http.MethodPost, p.visitor.city.URL+action, body)
	if err != nil {
		p.visitor.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Origin", p.visitor.city.URL)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return p.visitor.does(request)
}

// sends sends a form of which nothing stands in the page, to a path of the city.
func (v *Visitor) sends(t testing.TB, path string, typed map[string]string) *Page {
	t.Helper()
	values := url.Values{}
	for name, value := range typed {
		values.Set(name, value)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.city.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", v.city.URL)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.does(request)
}

// fields are the values of a form as it stands in the page.
func fields(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		_, checked := field.Attr("checked")
		switch kind := field.AttrOr("type", ""); {
		case name == "" || kind == "file" || (kind == "radio" || kind == "checkbox") && !checked:
		case goquery.NodeName(field) == "textarea":
			values.Add(name, field.Text())
		case goquery.NodeName(field) == "select":
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			values.Add(name, chosen.AttrOr("value", ""))
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	return values
}

// encodeForm writes it in the form's own way.
func encodeForm(form *goquery.Selection, values url.Values, files [][]byte) (kind string, body io.Reader, err error) {
	if form.AttrOr("enctype", "") != "multipart/form-data" {
		return "application/x-www-form-urlencoded", strings.NewReader(values.Encode()), nil
	}
	var out bytes.Buffer
	writer := multipart.NewWriter(&out)
	for name, all := range values {
		for _, value := range all {
			err = errors.Join(err, writer.WriteField(name, value))
		}
	}
	for _, file := range files {
		part, failed := writer.CreateFormFile(form.Find(`input[type="file"]`).AttrOr("name", ""), photographer+".jpg")
		if failed != nil {
			return "", nil, failed
		}
		_, _ = part.Write(file) // a buffer takes everything
	}
	err = errors.Join(err, writer.Close())
	return writer.FormDataContentType(), &out, err
}

// SignsIn is one of the demo city's citizens, by number.
func (v *Visitor) SignsIn(number int) *Page {
	v.t.Helper()
	who := people(v.t)
	return v.Opens("/saya/masuk").Presses("sign-in", map[string]string{"nik": who.Citizens[number].NationalID, "sandi": who.Password}).Is(http.StatusOK, "mine")
}
