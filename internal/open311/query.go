package open311

import (
	"slices"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

const (
	span      = 90 * 24 * time.Hour // the longest time a list is about, and the one it is about by default
	most      = 1000                // requests in one answer, which is the default, too
	maxPage   = 1_000_000 / most    // further back, dates are the way
	maxIDs    = most
	maxRadius = 50_000 // metres
	nearby    = 500    // metres, where a place has no radius
)

// question reads what a list is asked for.
func (c *call) question() (asked civic.ServiceRequests, err error) {
	if asked.Skip, asked.First, err = c.page(); err != nil {
		return asked, err
	}
	if ids := c.values.list("service_request_id"); ids != nil {
		asked.Numbers, err = numbers(ids)
		return asked, err
	}
	for _, code := range c.values.list("service_code") {
		if category := c.service(code); category != nil {
			asked.Filter.Categories = append(asked.Filter.Categories, category.ID)
		}
	}
	if asked.Filter.Categories == nil && c.values.get("service_code") != "" {
		asked.Filter.Categories = []civic.CategoryID{} // of what is not there, there are no requests
	}
	if asked.Filter.Statuses, err = c.statuses(); err != nil {
		return asked, err
	}
	if asked.Around, err = c.around(); err != nil {
		return asked, err
	}
	zone := c.city.Calendar.Zone
	for name, into := range map[string]**time.Time{"updated_after": &asked.UpdatedFrom, "updated_before": &asked.UpdatedUntil} {
		if *into, err = c.values.date(name, zone); err != nil {
			return asked, err
		}
	}
	// Who asks for what changed lately wants to hear of old requests, too.
	changes := asked.UpdatedFrom != nil || asked.UpdatedUntil != nil
	if changes && c.values.get("start_date") == "" && c.values.get("end_date") == "" || c.format == formatCSV && !c.dated() {
		return asked, nil
	}
	from, to, err := c.period(c.format == formatCSV)
	after := to.Add(time.Microsecond) // the end belongs to it
	asked.Filter.CreatedFrom, asked.Filter.CreatedTo = &from, &after
	return asked, err
}

func (c *call) dated() bool {
	return c.values.get("start_date") != "" || c.values.get("end_date") != ""
}

// page reads which part of a list is asked for.
func (c *call) page() (skip, first int, err error) {
	if first, err = c.values.count("page_size", most, 1, most); err != nil {
		return 0, 0, err
	}
	page, err := c.values.count("page", 1, 1, maxPage)
	return (page - 1) * first, first, err
}

// period reads start_date and end_date: at most 90 days, and the last 90 where neither says anything. With one of them it is the 90 days after the one or
// before the other. A file may be about any time.
func (c *call) period(any bool) (from, to time.Time, err error) {
	zone, now := c.city.Calendar.Zone, c.cfg.Now()
	start, err := c.values.date("start_date", zone)
	if err != nil {
		return from, to, err
	}
	end, err := c.values.date("end_date", zone)
	if err != nil {
		return from, to, err
	}
	switch {
	case start == nil && end == nil:
		return now.Add(-span), now, nil
	case end == nil && any:
		return *start, now, nil
	case end == nil:
		return *start, start.Add(span), nil
	case start == nil && any:
		return time.Unix(0, 0), *end, nil
	case start == nil:
		return end.Add(-span), *end, nil
	case end.Before(*start) || !any && end.Sub(*start) > span:
		return from, to, civic.Invalid("end_date", "open311.range")
	}
	return *start, *end, nil
}

// numbers reads the ids of requests. What no id of ours looks like finds nothing.
func numbers(ids []string) ([]string, error) {
	if len(ids) > maxIDs {
		return nil, civic.Invalid("service_request_id", "open311.number", "min", "1", "max", strconv.Itoa(maxIDs))
	}
	found := make([]string, 0, len(ids))
	for _, id := range ids {
		if number, err := civic.ParseNumber("service_request_id", id); err == nil {
			found = append(found, number)
		}
	}
	return found, nil
}

// statuses are ours for open and closed; nil for both.
func (c *call) statuses() ([]civic.Status, error) {
	var open, closed bool
	for _, word := range c.values.list("status") {
		switch word {
		case statusOpen:
			open = true
		case statusClosed:
			closed = true
		default:
			return nil, civic.Invalid("status", "open311.status")
		}
	}
	if open == closed {
		return nil, nil
	}
	return slices.DeleteFunc(slices.Clone(civic.Statuses), func(s civic.Status) bool { return s.Open() != open }), nil
}

func (c *call) around() (*civic.Circle, error) {
	center, err := c.values.point()
	if err != nil || center == nil {
		return nil, err
	}
	circle := &civic.Circle{Center: *center, Meters: nearby}
	if text := c.values.get("radius"); text != "" {
		meters, err := strconv.ParseFloat(text, 64)
		if err != nil || !(meters > 0 && meters <= maxRadius) {
			return nil, civic.Invalid("radius", "open311.number", "min", "1", "max", strconv.Itoa(maxRadius))
		}
		circle.Meters = meters
	}
	return circle, nil
}
