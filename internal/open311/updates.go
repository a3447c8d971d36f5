package open311

import (
	"encoding/xml"
	"net/http"

	"github.com/jagawarga/jagawarga/civic"
)

// Updates are FixMyStreet's addition to the standard: what happened lately to all requests, and what somebody adds to one.

type update struct {
	ID          string `xml:"update_id" json:"update_id"`
	RequestID   string `xml:"service_request_id" json:"service_request_id"`
	Status      string `xml:"status" json:"status"`
	Detailed    string `xml:"external_status_code" json:"external_status_code"`
	Updated     text   `xml:"updated_datetime" json:"updated_datetime"`
	Description text   `xml:"description" json:"description"`
	MediaURL    text   `xml:"media_url" json:"media_url"`
}

type updateList struct {
	XMLName xml.Name `xml:"service_requests_updates" json:"-"`
	Updates []update `xml:"request_update"`
}

func (l updateList) items() any { return l.Updates }

// updates tells what happened in a time: steps, and what departments said; oldest first.
func (c *call) updates(string) error {
	skip, first, err := c.page()
	if err != nil {
		return err
	}
	from, to, err := c.period(false)
	if err != nil {
		return err
	}
	scope, err := c.scope()
	if err != nil {
		return err
	}
	list := updateList{Updates: []update{}}
	number := ""
	if id := c.values.get("service_request_id"); id != "" {
		if number, err = civic.ParseNumber("service_request_id", id); err != nil {
			c.show(http.StatusOK, list)
			return nil
		}
	}
	found, err := c.ports.Reader.ServiceRequestUpdates(c.r.Context(), scope, from, to, number, skip, first)
	if err != nil {
		return err
	}
	for _, u := range found {
		list.Updates = append(list.Updates, update{
			ID: u.ID.UUIDString(), RequestID: u.Number, Status: statusWord(u.Status), Detailed: string(u.Status), Updated: c.instant(&u.At), Description: text(u.Text),
		})
	}
	c.show(http.StatusOK, list)
	return nil
}

type received struct {
	XMLName xml.Name       `xml:"service_request_updates" json:"-"`
	Updates []receivedItem `xml:"request_update"`
}

type receivedItem struct {
	ID string `xml:"update_id" json:"update_id"`
}

func (l received) items() any { return l.Updates }

// remark takes what a partner's people add to a report that it filed. Its own id for it makes a retry safe. What it thinks of the status changes nothing:
// that is the city's to say.
func (c *call) remark(string) error {
	partner, form, err := c.form()
	if err != nil {
		return err
	}
	for _, name := range []string{"service_request_id", "description"} {
		if form.values.get(name) == "" {
			return civic.Invalid(name, "open311.missing")
		}
	}
	if len(form.files) > 0 {
		return civic.Invalid("media", "open311.update_media")
	}
	media, err := mediaURL(form.values.get("media_url"))
	if err != nil {
		return err
	}
	ctx, scope := c.r.Context(), civic.Scope{Partner: &partner.ID}
	report, err := c.report(scope, form.values.get("service_request_id"))
	if err != nil {
		return unknown(err, "open311.request_unknown")
	}
	id := civic.CommentID{UUID: civic.NewUUIDv7(c.cfg.Now(), c.cfg.Random)}
	if theirs := updateID(form.values); theirs != "" {
		id.UUID = civic.NamedUUID("open311 update:" + partner.ID.UUIDString() + ":" + report.Number + ":" + theirs)
		if _, err := c.ports.Reader.Comment(ctx, scope, id); err == nil {
			c.show(http.StatusOK, received{Updates: []receivedItem{{id.UUIDString()}}})
			return nil
		}
	}
	said := &civic.PartnerSaid{MediaURL: media}
	if err := c.ports.Desk.RemarkForPartner(ctx, partner.ID, report.ID, id, form.values.get("description")+said.Appendix()); err != nil {
		return unknown(err, "open311.request_unknown")
	}
	c.show(http.StatusOK, received{Updates: []receivedItem{{id.UUIDString()}}})
	return nil
}

// updateID is the partner's own id of an update, under the names that it had in time.
func updateID(v values) string {
	if id := v.get("update_id"); id != "" {
		return id
	}
	return v.get("update_id_ext")
}
