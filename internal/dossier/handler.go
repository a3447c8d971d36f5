package dossier

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

const (
	stallTime = 30 * time.Second // how long a client may take for one piece
	atOnce    = 4                // documents that are written at the same time
)

// Accounts is the identity service.
type Accounts interface {
	Dossier(ctx context.Context, citizen civic.CitizenID) (*identityclient.Dossier, error)
}

// Rows is the core database; see store.Own.
type Rows interface {
	Own(ctx context.Context, citizen civic.CitizenID, begin func(section string) error, row func(json.RawMessage) error) error
}

// Config is what a Handler may be told; zero values are the defaults.
type Config struct {
	Log *slog.Logger // slog.Default
}

// Handler writes documents.
type Handler struct {
	log      *slog.Logger
	links    *Links
	accounts Accounts
	rows     Rows
	turns    chan struct{}
}

// NewHandler makes a handler for GET of Path and {link}.
func NewHandler(cfg Config, links *Links, accounts Accounts, rows Rows) *Handler {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Handler{cfg.Log, links, accounts, rows, make(chan struct{}, atOnce)}
}

// ServeHTTP answers 404 for what is no link, or none any more. A document that cannot be finished is broken off so that the client sees it: it
// is never a file that looks whole.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	citizen, ok := h.links.open(r.PathValue("link"))
	if !ok {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-r.Context().Done():
		return
	}
	account, err := h.accounts.Dossier(r.Context(), citizen)
	if refusal := (*civic.Error)(nil); errors.As(err, &refusal) && refusal.Code == civic.CodeNotFound {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	if err != nil {
		w.Header().Set("Retry-After", "2")
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Disposition", `attachment; filename="jagawarga.json"`)
	out := bufio.NewWriterSize(&patient{w, http.NewResponseController(w)}, 32<<10)
	if err := h.write(r.Context(), out, account, citizen); err != nil {
		if r.Context().Err() == nil {
			h.log.Warn("a document of somebody's own data was broken off", "error", err)
		}
		panic(http.ErrAbortHandler)
	}
}

func (h *Handler) write(ctx context.Context, out *bufio.Writer, account *identityclient.Dossier, citizen civic.CitizenID) error {
	encoded, err := json.Marshal(account)
	if err != nil {
		return err
	}
	put := func(pieces ...string) {
		for _, piece := range pieces {
			_, _ = out.WriteString(piece) // a failure stays with the writer, which Flush tells
		}
	}
	put(`{"format":"jagawarga-my-data-1","account":`, string(encoded))
	open, first := false, true
	begin := func(section string) error {
		if open {
			put("]")
		}
		open, first = true, true
		put(",\n\"", section, "\":[")
		return nil
	}
	row := func(raw json.RawMessage) error {
		if !first {
			put(",")
		}
		first = false
		put("\n")
		_, err := out.Write(raw)
		return err
	}
	if err := h.rows.Own(ctx, citizen, begin, row); err != nil {
		return err
	}
	if open {
		put("]")
	}
	put("}\n")
	return out.Flush()
}

// patient gives each piece its own time.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(piece []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(stallTime))
	return p.ResponseWriter.Write(piece)
}
