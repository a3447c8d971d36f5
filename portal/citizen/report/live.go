package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// settle is how long after the beginning a page is looked at once more: what happens while the watch is being set up is told by nobody.
const settle = 3 * time.Second

// PublicLive tells a public page what changes.
func PublicLive(v *page.Visit) error {
	return live(v, func(found client.Details) view {
		return view{Frame: v.Frame("", ""), Details: v.Details(found), Own: own(found.Number)}
	})
}

// OwnLive tells somebody's own page what changes.
func OwnLive(v *page.Visit) error {
	return live(v, func(found client.Details) view { return signed(v, found) })
}

// live sends those parts of the page that are not as the browser has them. Forms in which somebody may be typing are parts only where they
// come or go.
func live(v *page.Visit, shown func(client.Details) view) error {
	found, err := find(v, v.R.PathValue("number"))
	if err != nil {
		return err
	}
	return v.Live(func(ctx context.Context, s *page.Stream, after string) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		changed, over := make(chan string, 1), make(chan error, 1)
		go func() { over <- listen(ctx, v, found.Id, after, changed) }()
		browser, once := pieces{}, time.NewTimer(settle)
		defer once.Stop()
		if now := shown(*found); stamp(ctx, now) == v.R.URL.Query().Get("lihat") && after == "" {
			browser.take(ctx, parts(now))
		}
		for cursor := after; ; {
			fresh, err := find(v, found.Number)
			if err != nil {
				return err
			}
			if fresh.Status == client.StatusWithdrawn && fresh.Reporter == nil && v.Session == nil {
				return page.NotFound // of what was taken back nothing more is told
			}
			if different := browser.take(ctx, parts(shown(*fresh))); len(different) > 0 {
				if err := s.Send(cursor, different...); err != nil {
					return err
				}
			}
			select {
			case cursor = <-changed:
			case <-once.C:
			case err := <-over:
				return err
			case <-ctx.Done():
				return nil
			}
		}
	})
}

// listen puts the cursor of the last change into changed; those that nobody has looked at yet are told as one.
func listen(ctx context.Context, v *page.Visit, id, after string, changed chan string) error {
	asked := map[string]any{"report": id}
	if after != "" {
		asked["after"] = after
	}
	return client.Listen(ctx, v.API(), client.Changed_Operation, asked, func(told *client.ChangedResponse) error {
		select {
		case <-changed:
		default:
		}
		changed <- told.ReportChanged.Cursor
		return nil
	})
}

// parts are the pieces of the page that change, in the order in which they stand.
func parts(v view) []templ.Component {
	all := []templ.Component{page.Head(v.Frame, v.Details), judge(v), hand(v), count(v), page.Done(v.Frame, v.Details), rate(v)}
	for _, step := range v.Steps {
		all = append(all, page.StepItem(step))
	}
	for _, word := range v.Words {
		all = append(all, page.WordItem(word))
	}
	if len(v.Words) > 0 {
		all = append(all, spoken())
	}
	return all
}

// pieces are what a browser has, as digests.
type pieces map[[sha256.Size]byte]bool

// take notes what the browser has from now on, and answers with what it did not have.
func (p pieces) take(ctx context.Context, now []templ.Component) (fresh []templ.Component) {
	has := pieces{}
	for _, piece := range now {
		html := rendered(ctx, piece)
		sum := sha256.Sum256(html)
		if has[sum] = true; !p[sum] {
			fresh = append(fresh, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := w.Write(html)
				return err
			}))
		}
	}
	clear(p)
	for sum := range has {
		p[sum] = true
	}
	return fresh
}

func rendered(ctx context.Context, piece templ.Component) []byte {
	var html bytes.Buffer
	_ = piece.Render(ctx, &html) // a buffer takes everything
	return html.Bytes()
}

// stamp tells two states of a page apart: a browser that has the present one is sent nothing when it begins to listen.
func stamp(ctx context.Context, v view) string {
	var all strings.Builder
	for _, piece := range parts(v) {
		all.Write(rendered(ctx, piece))
	}
	sum := sha256.Sum256([]byte(all.String()))
	return hex.EncodeToString(sum[:8])
}
