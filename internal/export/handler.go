package export

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
)

const (
	page      = 2000             // reports read at once
	stallTime = 30 * time.Second // how long a client may take for one piece
	atOnce    = 4                // files that are written at the same time
)

// Source finds reports that scope may see.
type Source interface {
	// ExportPage finds reports with a name of one department, the newest first, behind a given one (nil: from the start).
	ExportPage(ctx context.Context, scope civic.Scope, department civic.DepartmentID, filter civic.Filter, p insight.Period, after *insight.Listed, most int) ([]insight.Listed, error)
	// ExportKinds counts the anonymous ones of departments.
	ExportKinds(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p insight.Period) (map[insight.Kin]insight.Cell, error)
}

// Config is what a Handler may be told; zero values are the defaults.
type Config struct {
	Log *slog.Logger // slog.Default
}

// Handler writes files.
type Handler struct {
	log    *slog.Logger
	links  *Links
	source Source
	city   func() *civic.City
	turns  chan struct{}
}

// NewHandler makes a handler for GET of Path and {file}.
func NewHandler(cfg Config, links *Links, source Source, city func() *civic.City) *Handler {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Handler{cfg.Log, links, source, city, make(chan struct{}, atOnce)}
}

// file is a file in the making.
type file interface {
	begin() error
	report(city *civic.City, row *insight.Listed) error
	kind(city *civic.City, month string, kind insight.Kin, count int) error
	end() error
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	name := r.PathValue("file")
	asked, ok := h.links.open(r, name)
	if !ok {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	default:
		w.Header().Set("Retry-After", "10")
		http.Error(w, "too many files are being written", http.StatusServiceUnavailable)
		return
	}
	started := &begun{ResponseWriter: w, control: http.NewResponseController(w)}
	buffer := bufio.NewWriterSize(started, 1<<16)
	var into file
	if name == geoJSONFile {
		into = &geoJSON{w: buffer}
		w.Header().Set("Content-Type", "application/geo+json")
	} else {
		into = newCSV(buffer)
		w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	err := h.write(r.Context(), asked, into)
	if err == nil {
		err = buffer.Flush()
	}
	switch {
	case err == nil:
	case started.yes:
		// The answer has no length. Only a connection that breaks tells the client that this is not all of it.
		h.log.Warn("a file was broken off", "error", err)
		panic(http.ErrAbortHandler)
	default:
		h.log.Warn("a file could not be written", "error", err)
		w.Header().Del("Content-Disposition")
		w.Header().Set("Retry-After", "2")
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
	}
}

// write goes through the departments one after the other, which is the order of the index, and tells of the anonymous ones last.
func (h *Handler) write(ctx context.Context, asked order, into file) error {
	city, scope, period := h.city(), civic.Scope{Departments: asked.Departments}, insight.Period{From: asked.From, To: asked.To}
	if err := into.begin(); err != nil {
		return err
	}
	for _, department := range asked.Departments {
		var last *insight.Listed
		for {
			rows, err := h.source.ExportPage(ctx, scope, department, asked.Filter, period, last, page)
			if err != nil {
				return err
			}
			for i := range rows {
				if err := into.report(city, &rows[i]); err != nil {
					return err
				}
			}
			if len(rows) < page {
				break
			}
			last = &rows[len(rows)-1]
		}
	}
	if err := h.unnamed(ctx, asked, into); err != nil {
		return err
	}
	return into.end()
}

// unnamed tells how many anonymous reports there are of each kind, month by month, and last of how many that is not told: those of all
// months together.
func (h *Handler) unnamed(ctx context.Context, asked order, into file) error {
	city, scope, together := h.city(), civic.Scope{Departments: asked.Departments}, 0
	zone := city.Calendar.Zone
	for _, month := range (insight.Period{From: asked.From, To: asked.To}).Months(zone) {
		kinds, err := h.source.ExportKinds(ctx, scope, asked.Departments, asked.Filter, month)
		if err != nil {
			return err
		}
		parts, merged := insight.Slices(kinds, true, insight.Kin.Compare)
		together += merged
		for _, part := range parts {
			if err := into.kind(city, month.From.In(zone).Format("2006-01"), part.Key, part.Count); err != nil {
				return err
			}
		}
	}
	if together > 0 {
		return into.kind(city, "", insight.Kin{}, together)
	}
	return nil
}

// begun gives each piece its own time, and knows whether any was written.
type begun struct {
	http.ResponseWriter
	control *http.ResponseController
	yes     bool
}

func (b *begun) Write(piece []byte) (int, error) {
	b.yes = true
	_ = b.control.SetWriteDeadline(time.Now().Add(stallTime))
	return b.ResponseWriter.Write(piece)
}

// Unwrap is for http.ResponseController.
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }
