package open311

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
)

// file takes a report from a partner. What it says of people (email, device_id, account_id, first_name, last_name, phone) is not looked at.
func (c *call) file(string) error {
	partner, form, err := c.form()
	if err != nil {
		return err
	}
	draft, said, err := c.draft(form)
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	s, state, _, err := c.ports.Desk.SubmitForPartner(ctx, partner.ID, draft, said)
	if err != nil {
		return err
	}
	if state == civic.Queued {
		c.settle(ctx, partner.ID, s.Number)
	}
	c.show(http.StatusOK, filedList{Filed: []filed{{ID: text(s.Number)}}})
	return nil
}

// settle waits a little for a report that is accepted and not stored yet: who asks for it at once should find it. It is not asked for
// twice where the database is away.
func (c *call) settle(ctx context.Context, partner civic.PartnerID, number string) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Settle)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := c.ports.Reader.ReportByNumber(ctx, civic.Scope{Partner: &partner}, number)
		if refusal := (*civic.Error)(nil); err == nil || !errors.As(err, &refusal) || refusal.Code != civic.CodeNotFound {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// draft reads a report from a form.
func (c *call) draft(form *form) (draft casework.Draft, said *civic.PartnerSaid, err error) {
	code := form.values.get("service_code")
	if code == "" {
		return draft, nil, civic.Invalid("service_code", "open311.missing")
	}
	category := c.service(code)
	if category == nil {
		return draft, nil, civic.NotFound("open311.service_code_unknown")
	}
	draft = casework.Draft{Category: &category.ID, Body: form.values.get("description"), Media: form.files, ClientKey: c.clientKey(form.values)}
	if draft.Body == "" {
		draft.Body = category.Name.In("id")
	}
	if utf8.RuneCountInString(draft.Body) > maxDescription {
		return draft, nil, civic.Invalid("description", "text.too_long", "max", "4000")
	}
	draft.Title = titleOf(draft.Body)
	if draft.Place, said, err = place(form.values); err != nil {
		return draft, nil, err
	}
	draft.Answers, err = answers(category, form.values)
	return draft, said, err
}

// clientKey makes a retry safe. The standard knows none; the header is the one that many APIs have.
func (c *call) clientKey(v values) string {
	if key := c.r.Header.Get("Idempotency-Key"); key != "" {
		return key
	}
	return v.get("client_key")
}

// titleOf is the first line, or as many of its words as a title holds.
func titleOf(body string) string {
	line, _, _ := strings.Cut(body, "\n")
	line = strings.TrimSpace(line)
	runes := []rune(line)
	if len(runes) <= civic.MaxTitle {
		return line
	}
	cut := string(runes[:civic.MaxTitle-1])
	if space := strings.LastIndexFunc(cut, unicode.IsSpace); space > len(cut)/2 {
		cut = cut[:space]
	}
	return cut + "…"
}

// place reads where it is: lat and long, or an address that somebody will have to look up.
func place(v values) (*civic.Place, *civic.PartnerSaid, error) {
	said := &civic.PartnerSaid{}
	address, err := civic.CheckOptionalText("address_string", v.get("address_string"), civic.MaxAddress)
	if err != nil {
		return nil, nil, err
	}
	if said.AddressID, err = civic.CheckOptionalText("address_id", v.get("address_id"), civic.MaxAddress); err != nil {
		return nil, nil, err
	}
	if said.MediaURL, err = mediaURL(v.get("media_url")); err != nil {
		return nil, nil, err
	}
	point, err := v.point()
	if err != nil {
		return nil, nil, err
	}
	if point != nil {
		return &civic.Place{Latitude: point.Latitude, Longitude: point.Longitude, Address: address}, said, nil
	}
	if said.Address = address; address == "" && said.AddressID == "" {
		return nil, nil, civic.Invalid("lat", "open311.location_missing")
	}
	return nil, said, nil
}

// maxURL is as long as browsers and servers commonly take.
const maxURL = 2000

// mediaURL is kept as it is and never fetched: it could name a machine that only ours can reach.
func mediaURL(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	parsed, err := url.Parse(typed)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || parsed.User != nil || len(typed) > maxURL ||
		strings.ContainsFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", civic.Invalid("media_url", "open311.media_url")
	}
	return typed, nil
}

// answers reads attribute[code], which may be written attribute[code][] as well. Each question takes one.
func answers(category *civic.Category, v values) ([]civic.Answer, error) {
	given := map[string]string{}
	for name, all := range v {
		code, found := strings.CutPrefix(name, "attribute[")
		if !found {
			continue
		}
		code, closed := strings.CutSuffix(strings.TrimSuffix(code, "[]"), "]")
		known := closed && hasQuestion(category, code)
		if !known {
			return nil, civic.Invalid("attribute", "open311.attribute_unknown")
		}
		for _, value := range all {
			if value = strings.TrimSpace(value); value == "" {
				continue
			}
			if given[code] != "" && given[code] != value {
				return nil, civic.Invalid("attribute", "open311.attribute_twice", "code", code)
			}
			given[code] = value
		}
	}
	var all []civic.Answer
	for _, question := range category.Questions {
		if given[question.Code] != "" {
			all = append(all, civic.Answer{Question: question.Code, Answer: given[question.Code]})
		}
	}
	_, err := category.CheckAnswers(all)
	if refusal := (*civic.Error)(nil); errors.As(err, &refusal) {
		told := *refusal
		told.Field = "attribute"
		return nil, &told
	}
	return all, err
}

func hasQuestion(category *civic.Category, code string) bool {
	for _, question := range category.Questions {
		if question.Code == code {
			return true
		}
	}
	return false
}

// unknown says of a report that was not found what it is that is not there.
func unknown(err error, key string) error {
	refusal := (*civic.Error)(nil)
	if errors.As(err, &refusal) && refusal.Code == civic.CodeNotFound {
		return civic.NotFound(key)
	}
	return err
}
