package scrub

import (
	"html"
	"strings"
	"unicode/utf8"
)

// page is one text under work.
type page struct {
	src  string
	text []byte // without disguises: plain digits and Latin letters wherever something could pass for them
	low  string // text in ASCII lower case
	// from and to say which bytes of src a byte of text came from; nil when text is src.
	from, to []int32

	tokens []token
	hits   []hit // in text, in the order of finding
	// covered marks the tokens that are taken out.
	covered []Kind
}

type hit struct {
	kind       Kind
	start, end int // bytes of text
}

// open puts a text through the front and the lexicon.
func open(src string) *page {
	p := &page{src: src}
	if plain(src) {
		p.text = []byte(src)
	} else {
		p.unfold()
	}
	low := make([]byte, len(p.text))
	for i, c := range p.text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	p.low = string(low)
	p.tokenize()
	p.covered = make([]Kind, len(p.tokens))
	return p
}

func (p *page) apply(rules []func(*page)) {
	for _, rule := range rules {
		rule(p)
	}
}

func plain(src string) bool {
	for i := range len(src) {
		if c := src[i]; c >= utf8.RuneSelf || c == '<' || c == '&' || c == '%' {
			return false
		}
	}
	return true
}

// Longest tag and entity that are seen as such: a bound keeps hostile texts linear.
const (
	longestTag    = 200
	longestEntity = 12
)

func (p *page) unfold() {
	p.text = make([]byte, 0, len(p.src))
	p.from = make([]int32, 0, len(p.src))
	p.to = make([]int32, 0, len(p.src))
	for i := 0; i < len(p.src); {
		c := p.src[i]
		switch {
		case c == '<':
			if n := tagLength(p.src[i:]); n > 0 {
				i += n
				continue
			}
		case c == '%' && strings.HasPrefix(p.src[i:], "%40"): // an @ as URLs write it
			p.emit("@", i, i+3)
			i += 3
			continue
		case c == '&':
			if decoded, n := entity(p.src[i:]); n > 0 {
				for _, r := range decoded {
					p.emit(fold(r), i, i+n)
				}
				i += n
				continue
			}
		}
		if c < utf8.RuneSelf {
			p.text, p.from, p.to = append(p.text, c), append(p.from, int32(i)), append(p.to, int32(i+1))
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(p.src[i:])
		p.emit(fold(r), i, i+n)
		i += n
	}
}

func (p *page) emit(text string, from, to int) {
	for i := range len(text) {
		p.text, p.from, p.to = append(p.text, text[i]), append(p.from, int32(from)), append(p.to, int32(to))
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
	end := strings.IndexByte(s[:min(longestEntity, len(s))], ';')
	if end < 2 {
		return "", 0
	}
	if decoded = html.UnescapeString(s[:end+1]); decoded == s[:end+1] {
		return "", 0
	}
	if decoded == "&" { // encoded twice: &amp;#64;
		rest := s[end+1:]
		if again := strings.IndexByte(rest[:min(longestEntity, len(rest))], ';'); again > 0 {
			if twice := html.UnescapeString("&" + rest[:again+1]); twice != "&"+rest[:again+1] {
				return twice, end + 1 + again + 1
			}
		}
	}
	return decoded, end + 1
}

// source is the stretch of src that bytes [start, end) of text came from, with whatever the front dropped beside them: tags, invisible
// characters and marks drawn over the last one go with the text that they were there to hide.
func (p *page) source(start, end int) (from, to int) {
	if p.from == nil {
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
