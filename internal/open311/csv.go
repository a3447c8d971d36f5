package open311

import (
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// columns are those of GeoReport Bulk.
var columns = []string{
	"service_request_id", "requested_datetime", "updated_datetime", "expected_datetime", "closed_datetime", "status", "status_notes", "agency_responsible",
	"service_code", "service_name", "description", "address", "address_id", "zipcode", "lat", "long", "media_url",
}

// stallTime is how long a client may take for one piece of a file.
const stallTime = 30 * time.Second

// file311 writes all that is asked for as one file, newest first, piece by piece: GeoReport Bulk. Without dates it is about all times.
func (c *call) file311(scope civic.Scope, asked civic.ServiceRequests) error {
	ctx, control := c.r.Context(), http.NewResponseController(c.w)
	whole := c.values.get("page") == "" && c.values.get("page_size") == ""
	var out *csv.Writer
	for {
		found, err := c.ports.Reader.ServiceRequests(ctx, scope, asked)
		var shown []request
		if err == nil {
			shown, err = c.shown(scope, found)
		}
		switch {
		case err != nil && out == nil:
			return err
		case err != nil:
			// The answer has no length. Only a connection that breaks tells the client that this is not all of it.
			c.cfg.Log.Warn("open311: a file was broken off", "error", err)
			panic(http.ErrAbortHandler)
		case out == nil:
			c.w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
			c.w.Header().Set("Content-Disposition", `attachment; filename="requests.csv"`)
			out = csv.NewWriter(c.w)
			_ = out.Write(columns)
		}
		_ = control.SetWriteDeadline(time.Now().Add(stallTime))
		for i, r := range shown {
			_ = out.Write(c.row(&r, found[i].Report))
		}
		if out.Flush(); out.Error() != nil || !whole || len(found) < asked.First {
			return nil // who has gone away is not answered
		}
		asked.Before = found[len(found)-1].Report
	}
}

func (c *call) row(r *request, report *civic.Report) []string {
	return []string{
		r.ID, string(r.Requested), string(r.Updated), string(r.Expected), string(c.instant(ended(report))), r.Status, cell(r.StatusNotes), cell(r.Agency),
		r.ServiceCode, cell(r.ServiceName), cell(r.Description), cell(r.Address), cell(r.AddressID), "", r.Lat.text(), r.Long.text(), cell(r.MediaURL),
	}
}

// cell keeps a spreadsheet from taking somebody's words for a formula.
func cell(t text) string {
	if s := string(t); s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return string(t)
}
