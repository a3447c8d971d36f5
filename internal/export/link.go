// Package export gives reports out as files: a link that somebody who may see figures is given, and a Handler that writes CSV or GeoJSON
// behind it, page by page, in the same memory whatever the number of reports. Who has the link may fetch the file as long as it is good.
//
// A file leaves the department. So it holds no names, of private reports neither words nor place, and of anonymous ones nothing but how
// many there are of a kind, few of them told together.
package export

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/insight"
)

// Path begins every link.
const Path = "/export/"

const (
	csvFile     = "reports.csv"
	geoJSONFile = "reports.geojson"
)

// linkStep is how long a link is good at least; at most it is twice as long.
const linkStep = 15 * time.Minute

// order is what a link asks for. Who made it was found to have the right to it.
type order struct {
	Departments []civic.DepartmentID `json:"departments"`
	From        time.Time            `json:"from"`
	To          time.Time            `json:"to"`
	Filter      civic.Filter         `json:"filter"`
}

// Links makes links and checks them.
type Links struct {
	key []byte
	now func() time.Time
}

// NewLinks makes links that are signed under key, which all servers share. now nil is time.Now.
func NewLinks(key []byte, now func() time.Time) *Links {
	if now == nil {
		now = time.Now
	}
	return &Links{key, now}
}

// LinkKey is the key of links that goes with a key of blobs.
func LinkKey(blobKeyFile string) ([]byte, error) { return blob.Derive(blobKeyFile, "export links") }

// Links are where the reports of a question are.
func (l *Links) Links(q insight.Question) (csv, geoJSON string) {
	text, err := json.Marshal(order{q.Departments, q.Period.From, q.Period.To, q.Filter})
	if err != nil {
		panic(err) // ids, times and texts
	}
	asked := base64.RawURLEncoding.EncodeToString(text)
	until := l.now().Truncate(linkStep).Add(2 * linkStep).Unix()
	to := func(file string) string {
		return Path + file + "?" + url.Values{
			"q": {asked}, "until": {strconv.FormatInt(until, 10)}, "signature": {l.sign(file, asked, until)},
		}.Encode()
	}
	return to(csvFile), to(geoJSONFile)
}

func (l *Links) sign(file, asked string, until int64) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(file + "\n" + asked + "\n" + strconv.FormatInt(until, 10)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// open reads the order of a request whose signature is good.
func (l *Links) open(r *http.Request, file string) (o order, ok bool) {
	query := r.URL.Query()
	asked := query.Get("q")
	until, err := strconv.ParseInt(query.Get("until"), 10, 64)
	if err != nil || !hmac.Equal([]byte(l.sign(file, asked, until)), []byte(query.Get("signature"))) || !l.now().Before(time.Unix(until, 0)) {
		return o, false
	}
	text, err := base64.RawURLEncoding.DecodeString(asked)
	return o, err == nil && json.Unmarshal(text, &o) == nil
}
