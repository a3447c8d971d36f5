package open311

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strconv"
	"time"
)

// format is how an answer is written.
type format int

const (
	formatXML format = iota
	formatJSON
	formatCSV
)

// formats by the ending of the path.
var formats = map[string]format{"xml": formatXML, "json": formatJSON, "csv": formatCSV}

// listing is an answer that JSON writes as a bare list.
type listing interface{ items() any }

// show writes an answer.
func (c *call) show(status int, answer any) {
	head := c.w.Header()
	var body []byte
	var err error
	if c.format == formatJSON {
		head.Set("Content-Type", "application/json; charset=utf-8")
		if list, ok := answer.(listing); ok {
			answer = list.items()
		}
		body, err = json.Marshal(answer)
	} else {
		head.Set("Content-Type", "text/xml; charset=utf-8")
		body, err = xml.Marshal(answer)
		body = append([]byte(xml.Header[:len(xml.Header)-1]), body...)
	}
	if err != nil { // nothing of ours cannot be written
		c.cfg.Log.Error("open311: write an answer", "error", err)
		status, body = http.StatusInternalServerError, nil
	}
	head.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // who has gone away is not answered
}

// text is null in JSON and an empty element in XML where there is none.
type text string

// MarshalJSON writes null for nothing.
func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// number is a number that may be missing, shown like a text.
type number struct{ *float64 }

// MarshalXML writes an empty element for nothing.
func (n number) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(n.text(), start)
}

// MarshalJSON writes null for nothing.
func (n number) MarshalJSON() ([]byte, error) { return json.Marshal(n.float64) }

func (n number) text() string {
	if n.float64 == nil {
		return ""
	}
	return strconv.FormatFloat(*n.float64, 'f', -1, 64)
}

// instant writes a time as W3C has it, in the city's zone.
func (c *call) instant(t *time.Time) text {
	if t == nil || t.IsZero() {
		return ""
	}
	return text(t.In(c.city.Calendar.Zone).Format(time.RFC3339))
}

type errorItem struct {
	Code        int    `xml:"code" json:"code"`
	Description string `xml:"description" json:"description"`
}

type errorList struct {
	XMLName xml.Name    `xml:"errors" json:"-"`
	Errors  []errorItem `xml:"error"`
}

func (l errorList) items() any { return l.Errors }
