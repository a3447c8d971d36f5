package scrub

import (
	"encoding/binary"
	"html"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"
)

// page is one text under work. Pages and their buffers are used again, wiped of what they held: see open and close.
type page struct {
	src  string
	text string // without disguises: plain digits and Latin letters wherever something could pass for them
	low  string // text in ASCII lower case
	// from and to say which bytes of src a byte of text came from; unused when text is src.
	folded   bool
	blanks   bool // what stands for something that was taken out before
	from, to []int32

	tokens []token
	awoken []awoken // the tokens that wake a rule
	woken  wake     // and the rules that they wake
	seen   class    // the classes of all words
	colons int      // how many colons stand between figures or letters of base sixteen
	dotted int      // how many full stops stand between figures

	// What the tagger makes of the tokens; standings, paths and tags are those of one run.
	roused    []tokenRun
	sights    []sight
	standings []standing
	paths     [][tags]tag
	tags      []tag

	hits []hit // in text, in the order of finding
	// covered marks the tokens that are taken out.
	covered []Kind
	run     run // of figures under work

	textBytes, lowBytes []byte
}

type hit struct {
	kind       Kind
	start, end int // bytes of text
}

var pages = sync.Pool{New: func() any { return new(page) }}

// largestPage is the longest text whose buffers are kept for the next one.
const largestPage = 64 << 10

// open puts a text through the front and the lexicon. Whoever opens a page closes it.
func open(src string) *page {
	p := pages.Get().(*page)
	p.src, p.text = src, src
	if !plain(src) {
		p.unfold()
	}
	p.lowBytes = appendLower(p.lowBytes[:0], p.text)
	p.low = view(p.lowBytes[:len(p.text)])
	p.tokenize()
	p.covered = slices.Grow(p.covered, len(p.tokens))[:len(p.tokens)]
	if p.blanks {
		p.fillBlanks()
	}
	return p
}

// close wipes the page and hands it to the next text: no report stays in memory for having been scrubbed.
func (p *page) close() {
	clear(p.textBytes)
	clear(p.lowBytes)
	if len(p.src) > largestPage {
		return
	}
	if len(p.hits) > 0 {
		clear(p.covered)
	}
	if p.run.p != nil {
		clear(p.run.atoms[:cap(p.run.atoms)])
	}
	clear(p.sights)
	*p = page{
		textBytes: p.textBytes[:0], lowBytes: p.lowBytes[:0], from: p.from[:0], to: p.to[:0],
		tokens: p.tokens[:0], awoken: p.awoken[:0], hits: p.hits[:0], covered: p.covered[:0], run: run{atoms: p.run.atoms[:0]},
		tags: p.tags[:0], paths: p.paths[:0], roused: p.roused[:0], sights: p.sights[:0], standings: p.standings[:0],
	}
	pages.Put(p)
}

// view is b as a string, without a copy: for buffers of a page, which do not change while the page is open.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (p *page) apply(rules []func(*page)) {
	for _, rule := range rules {
		rule(p)
	}
}

func plain(src string) bool {
	if strings.IndexByte(src, '<') >= 0 || strings.IndexByte(src, '&') >= 0 || strings.Contains(src, "%40") {
		return false
	}
	for len(src) >= 8 {
		if eight(src)&highBits != 0 {
			return false
		}
		src = src[8:]
	}
	for i := range len(src) {
		if src[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte
)

// eight are the first eight bytes of s in one machine word.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// appendLower appends text in ASCII lower case, eight bytes at a time, and then the zeros that dictionary.find may read.
func appendLower(to []byte, text string) []byte {
	to = slices.Grow(to, len(text)+8+longestWord)
	for len(text) >= 8 {
		w := eight(text)
		ascii := w &^ highBits
		// The high bit of a byte is set in the first sum from 'A' up, in the second from 'Z'+1 up.
		capital := (ascii + (0x80-'A')*everyByte) &^ (ascii + (0x80-'Z'-1)*everyByte) &^ w & highBits
		to = binary.LittleEndian.AppendUint64(to, w|capital>>2)
		text = text[8:]
	}
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		to = append(to, c)
	}
	return append(to, make([]byte, longestWord)...)
}

// Longest tag and entity that are seen as such: a bound keeps hostile texts linear.
const (
	longestTag    = 200
	longestEntity = 12
)

func (p *page) unfold() {
	p.folded = true
	p.textBytes = slices.Grow(p.textBytes[:0], len(p.src))
	p.from = slices.Grow(p.from[:0], len(p.src))
	p.to = slices.Grow(p.to[:0], len(p.src))
	for i := 0; i < len(p.src); {
		c := p.src[i]
		switch {
		case c == '<':
			if n := tagLength(p.src[i:]); n > 0 {
				i += n
				continue
			}
		case c == '[':
			if blank := blankAt(p.src[i:]); blank != "" {
				p.emit(inner(blank), i, i+len(blank))
				i, p.blanks = i+len(blank), true
				continue
			}
		case c == '%' && strings.HasPrefix(p.src[i:], "%40"): // an @ as URLs write it
			p.emit("@", i, i+3)
			i += 3
			continue
		case c == '&':
			if decoded, n := entity(p.src[i:]); n > 0 {
				for _, r := range decoded {
					p.emit(fold(string(r)), i, i+n)
				}
				i += n
				continue
			}
		}
		if c < utf8.RuneSelf {
			p.textBytes, p.from, p.to = append(p.textBytes, c), append(p.from, int32(i)), append(p.to, int32(i+1))
			i++
			continue
		}
		_, n := utf8.DecodeRuneInString(p.src[i:])
		p.emit(fold(p.src[i:i+n]), i, i+n)
		i += n
	}
	p.text = view(p.textBytes)
}

func (p *page) emit(text string, from, to int) {
	for i := range len(text) {
		p.textBytes, p.from, p.to = append(p.textBytes, text[i]), append(p.from, int32(from)), append(p.to, int32(to))
	}
}

// tagLength is the length of the markup tag that s starts with, 0 if it is none.
func tagLength(s string) int {
	if strings.HasPrefix(s, "<!--") {
		if end := strings.Index(s[:min(longestTag, len(s))], "-->"); end > 0 && harmless(s[4:end]) {
			return end + len("-->")
		}
		return 0
	}
	first := strings.TrimPrefix(s[1:min(3, len(s))], "/")
	if first == "" || !letter(first[0]) {
		return 0
	}
	end := strings.IndexAny(s[1:min(longestTag, len(s))], "<>")
	if end < 0 || s[1+end] == '<' || !harmless(s[1:1+end]) {
		return 0
	}
	return end + 2
}

// harmless reports whether what is inside a tag can be passed over: no address and no long number hides there.
func harmless(inside string) bool {
	figures := 0
	for i := range len(inside) {
		if inside[i] == '@' || inside[i] >= utf8.RuneSelf {
			return false
		}
		if digit(inside[i]) {
			figures++
		}
	}
	return figures < 5
}

// entity decodes the character reference that s starts with.
func entity(s string) (decoded string, length int) {
	end := reference(s)
	if end == 0 {
		return "", 0
	}
	if decoded = html.UnescapeString(s[:end]); decoded == s[:end] {
		return "", 0
	}
	if decoded == "&" { // encoded twice: &amp;#64;
		if again := reference("&" + s[end:min(end+longestEntity, len(s))]); again > 0 {
			encoded := "&" + s[end:end+again-1]
			if twice := html.UnescapeString(encoded); twice != encoded {
				return twice, end + again - 1
			}
		}
	}
	return decoded, end
}

// reference is the length of what has the form of a character reference at the beginning of s: "&eacute;", "&#64;"; 0 if it has not.
func reference(s string) int {
	for i := 1; i < min(longestEntity, len(s)); i++ {
		switch c := s[i]; {
		case c == ';' && i > 1:
			return i + 1
		case !letter(c) && !digit(c) && c != '#':
			return 0
		}
	}
	return 0
}

// source is the stretch of src that bytes [start, end) of text came from, with whatever the front dropped beside them: tags, invisible
// characters and marks drawn over the last one go with the text that they were there to hide.
func (p *page) source(start, end int) (from, to int) {
	if !p.folded {
		return start, end
	}
	if start > 0 {
		from = int(p.to[start-1])
	}
	to = len(p.src)
	if end < len(p.from) {
		to = int(p.from[end])
	}
	return from, max(to, int(p.to[end-1]))
}
