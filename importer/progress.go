package importer

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	barWidth    = 30
	barInterval = 100 * time.Millisecond
	lineEvery   = 3 * time.Second
)

// Progress shows how far an import has come: a bar that is drawn over itself on a terminal, a plain line now and then elsewhere.
type Progress struct {
	out      io.Writer
	terminal bool
	size     int64 // of the file; 0: unknown
	now      func() time.Time
	begun    time.Time
	shown    time.Time
	drawn    bool
}

// NewProgress begins to count the time at now(). size is the file's, 0 if unknown.
func NewProgress(out io.Writer, terminal bool, size int64, now func() time.Time) *Progress {
	begun := now()
	return &Progress{out: out, terminal: terminal, size: size, now: now, begun: begun, shown: begun}
}

// Show is for Config.Progress. It writes no more often than anybody wants to read.
func (p *Progress) Show(read int64, counts Counts) {
	now := p.now()
	interval := lineEvery
	if p.terminal {
		interval = barInterval
	}
	if now.Sub(p.shown) < interval {
		return
	}
	p.shown = now
	done := counts.Imported + counts.Skipped + counts.Rejected
	text := fmt.Sprintf("%d records, %.0f a second", done, float64(done)/now.Sub(p.begun).Seconds())
	if counts.Rejected > 0 {
		text += fmt.Sprintf(", %d rejected", counts.Rejected)
	}
	if p.size > 0 {
		text = fmt.Sprintf("%3d%%  %s", min(read*100/p.size, 100), text)
	}
	if !p.terminal {
		fmt.Fprintln(p.out, text)
		return
	}
	filled := 0
	if p.size > 0 {
		filled = int(min(read*barWidth/p.size, barWidth))
	}
	fmt.Fprintf(p.out, "\r[%s%s] %s\x1b[K", strings.Repeat("#", filled), strings.Repeat("-", barWidth-filled), text)
	p.drawn = true
}

// End takes the bar away.
func (p *Progress) End() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
