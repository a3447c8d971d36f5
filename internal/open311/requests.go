package open311

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// The two states that the standard knows.
const (
	statusOpen   = "open"
	statusClosed = "closed"
)

// maxDescription is the longest text that the standard lets a request have, in code points.
const maxDescription = 4000

type request struct {
	ID          string `xml:"service_request_id" json:"service_request_id"`
	Status      string `xml:"status" json:"status"`
	StatusNotes text   `xml:"status_notes" json:"status_notes"`
	ServiceName text   `xml:"service_name" json:"service_name"`
	ServiceCode string `xml:"service_code" json:"service_code"`
	Description text   `xml:"description" json:"description"`
	Agency      text   `xml:"agency_responsible" json:"agency_responsible"`
	Notice      text   `xml:"service_notice" json:"service_notice"`
	Requested   text   `xml:"requested_datetime" json:"requested_datetime"`
	Updated     text   `xml:"updated_datetime" json:"updated_datetime"`
	Expected    text   `xml:"expected_datetime" json:"expected_datetime"`
	Address     text   `xml:"address" json:"address"`
	AddressID   text   `xml:"address_id" json:"address_id"`
	Zipcode     text   `xml:"zipcode" json:"zipcode"`
	Lat         number `xml:"lat" json:"lat"`
	Long        number `xml:"long" json:"long"`
	MediaURL    text   `xml:"media_url" json:"media_url"`

	// Extended is told with extensions=true.
	Extended *extended `xml:"extended_attributes" json:"extended_attributes,omitempty"`
}

type extended struct {
	Title    string   `xml:"title" json:"title"`
	Status   string   `xml:"detailed_status" json:"detailed_status"`
	District text     `xml:"district" json:"district"`
	Closed   text     `xml:"closed_datetime" json:"closed_datetime"`
	Upvotes  int      `xml:"upvotes" json:"upvotes"`
	Photos   []string `xml:"photos>photo" json:"photos"`
}

type requestList struct {
	XMLName  xml.Name  `xml:"service_requests" json:"-"`
	Requests []request `xml:"request"`
}

func (l requestList) items() any { return l.Requests }

// list shows what was found by what is asked.
func (c *call) list(string) error {
	asked, err := c.question()
	if err != nil {
		return err
	}
	scope, err := c.scope()
	if err != nil {
		return err
	}
	if c.format == formatCSV {
		return c.file311(scope, asked)
	}
	found, err := c.find(scope, asked)
	if err != nil {
		return err
	}
	c.show(http.StatusOK, requestList{Requests: found})
	return nil
}

// one shows a single request.
func (c *call) one(id string) error {
	scope, err := c.scope()
	if err != nil {
		return err
	}
	ids, _ := numbers([]string{id})
	found, err := c.find(scope, civic.ServiceRequests{Numbers: ids, First: 1})
	if err == nil && len(found) == 0 {
		err = civic.NotFound("open311.request_unknown")
	}
	if err != nil {
		return err
	}
	c.show(http.StatusOK, requestList{Requests: found})
	return nil
}

func (c *call) find(scope civic.Scope, asked civic.ServiceRequests) ([]request, error) {
	found, err := c.ports.Reader.ServiceRequests(c.r.Context(), scope, asked)
	if err != nil {
		return nil, err
	}
	return c.shown(scope, found)
}

// shown adds the pictures, by one query for all.
func (c *call) shown(scope civic.Scope, found []civic.ServiceRequest) ([]request, error) {
	shown, ids := make([]request, len(found)), make([]civic.ReportID, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	media, err := c.ports.Reader.Media(c.r.Context(), scope, ids)
	if err != nil {
		return nil, err
	}
	extend := strings.EqualFold(c.values.get("extensions"), "true")
	for i, r := range found {
		photos := c.photos(r.Report, media[r.ID])
		shown[i] = c.request(r, photos)
		if extend {
			shown[i].Extended = c.extended(r, photos)
		}
	}
	return shown, nil
}

func (c *call) request(r civic.ServiceRequest, photos []string) request {
	shown := request{
		ID: r.Number, Status: statusWord(r.Status), StatusNotes: text(r.Notes), Description: text(shorten(strings.TrimSuffix(r.Body, r.Said.Appendix()))),
		Requested: c.instant(&r.CreatedAt), Updated: c.instant(&r.UpdatedAt),
	}
	// The city in memory may be a moment older than the row.
	if category := c.city.Category(r.Category); category != nil {
		shown.ServiceCode, shown.ServiceName = category.Code, text(category.Name.In(c.lang))
	}
	if department := c.city.Department(r.Department); department != nil {
		shown.Agency = text(department.Name.In(c.lang))
	}
	if r.Open() {
		shown.Expected = c.instant(&r.Clock.ResolutionDue)
	}
	if r.Place != nil {
		shown.Lat, shown.Long, shown.Address = number{&r.Place.Latitude}, number{&r.Place.Longitude}, text(r.Place.Address)
	}
	if said := r.Said; said != nil {
		shown.AddressID, shown.MediaURL = text(said.AddressID), text(said.MediaURL)
		if shown.Address == "" {
			shown.Address = text(said.Address)
		}
	}
	if len(photos) > 0 {
		shown.MediaURL = text(photos[0])
	}
	return shown
}

func (c *call) extended(r civic.ServiceRequest, photos []string) *extended {
	shown := &extended{Title: r.Title, Status: string(r.Status), Upvotes: r.Upvotes, Photos: photos, Closed: c.instant(ended(r.Report))}
	if r.Place != nil && r.Place.District != nil {
		if district := c.city.District(*r.Place.District); district != nil {
			shown.District = text(district.Name)
		}
	}
	return shown
}

// photos are the addresses of what came with a report. Proofs are the department's.
func (c *call) photos(r *civic.Report, media []*civic.Media) []string {
	urls := []string{}
	for _, m := range media {
		if m.Purpose == civic.MediaOfReport {
			url, _ := c.ports.Links.Of(m, r.PublicNow())
			if strings.HasPrefix(url, "/") {
				url = c.base() + url
			}
			urls = append(urls, url)
		}
	}
	return urls
}

func statusWord(s civic.Status) string {
	if s.Open() {
		return statusOpen
	}
	return statusClosed
}

// ended is when a report was over, by its department's word or for good.
func ended(r *civic.Report) *time.Time {
	if r.ResolvedAt != nil {
		return r.ResolvedAt
	}
	return r.ClosedAt
}

func shorten(body string) string {
	if runes := []rune(body); len(runes) > maxDescription {
		return string(runes[:maxDescription-1]) + "…"
	}
	return body
}

type filed struct {
	Token     text `xml:"token,omitempty" json:"token,omitempty"`
	ID        text `xml:"service_request_id" json:"service_request_id"`
	Notice    text `xml:"service_notice" json:"service_notice"`
	AccountID text `xml:"account_id" json:"account_id"`
}

type filedList struct {
	XMLName xml.Name `xml:"service_requests" json:"-"`
	Filed   []filed  `xml:"request"`
}

func (l filedList) items() any { return l.Filed }

// token answers for servers that hand out tokens. This one never does: an id is final when the report is accepted, so an id is its own token.
func (c *call) token(token string) error {
	scope, err := c.scope()
	if err != nil {
		return err
	}
	report, err := c.report(scope, token)
	if err != nil {
		return unknown(err, "open311.token_unknown")
	}
	c.show(http.StatusOK, filedList{Filed: []filed{{Token: text(token), ID: text(report.Number)}}})
	return nil
}

// report finds one by its id. What no id of ours looks like is not there.
func (c *call) report(scope civic.Scope, id string) (*civic.Report, error) {
	number, err := civic.ParseNumber("service_request_id", id)
	if err != nil {
		return nil, civic.NotFound("open311.request_unknown")
	}
	return c.ports.Reader.ReportByNumber(c.r.Context(), scope, number)
}
