package scrub

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// stretch is a hit in bytes of the original.
type stretch struct {
	kind       Kind
	start, end int
}

// result joins the hits, puts back what the reporter keeps and writes the text.
func (p *page) result(keep []string) Result {
	if len(p.hits) == 0 {
		return Result{Text: p.src, Removed: []Span{}}
	}
	stretches := joined(p.stretches())
	for _, kept := range keep {
		stretches = without(stretches, p.src, kept)
	}
	result := Result{Removed: make([]Span, 0, len(stretches))}
	var out strings.Builder
	out.Grow(len(p.src) + len(stretches)*longestMark)
	at, points := 0, 0
	for _, s := range stretches {
		points += utf8.RuneCountInString(p.src[at:s.start])
		out.WriteString(p.src[at:s.start])
		text := p.src[s.start:s.end]
		length := utf8.RuneCountInString(text)
		result.Removed = append(result.Removed, Span{s.kind, points, points + length, text, marks[s.kind]})
		out.WriteString(marks[s.kind])
		at, points = s.end, points+length
	}
	out.WriteString(p.src[at:])
	result.Text = out.String()
	return result
}

func (p *page) stretches() []stretch {
	out := make([]stretch, 0, len(p.hits))
	for _, h := range p.hits {
		if h.start < h.end {
			start, end := p.source(h.start, h.end)
			out = append(out, stretch{h.kind, start, end})
		}
	}
	return out
}

// joined sorts stretches and melts those that overlap; the kind of the longest wins.
func joined(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	out := all[:0]
	longest := 0
	for _, s := range all {
		last := len(out) - 1
		if last < 0 || s.start >= out[last].end {
			out, longest = append(out, s), s.end-s.start
			continue
		}
		if s.end-s.start > longest {
			out[last].kind, longest = s.kind, s.end-s.start
		}
		out[last].end = max(out[last].end, s.end)
	}
	return out
}

// without cuts every place where kept stands out of the stretches. What is no text could stand in the middle of a character: it keeps nothing.
func without(stretches []stretch, src, kept string) []stretch {
	if kept == "" || !utf8.ValidString(kept) {
		return stretches
	}
	var out []stretch
	at := strings.Index(src, kept)
	for _, s := range stretches {
		for at >= 0 && at+len(kept) <= s.start {
			at = next(src, kept, at)
		}
		for at >= 0 && at < s.end {
			if at > s.start {
				out = append(out, stretch{s.kind, s.start, at})
			}
			s.start = min(s.end, at+len(kept))
			if at+len(kept) > s.end {
				break
			}
			at = next(src, kept, at)
		}
		if s.start < s.end {
			out = append(out, s)
		}
	}
	return out
}

// next is where kept stands after the place at; -1 if nowhere.
func next(src, kept string, at int) int {
	if i := strings.Index(src[at+len(kept):], kept); i >= 0 {
		return at + len(kept) + i
	}
	return -1
}
