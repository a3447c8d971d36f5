package scrub

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	word tokenKind = iota + 1
	number
	mark // one character of punctuation
)

// token is a word, a run of digits or a punctuation character, emoji included. Letters and digits that stand together are tokens of their own, glued.
type token struct {
	start, end int32
	kind       tokenKind
	glued      bool // no blank before it
	newline    bool // a line begins here
	capital    bool // begins with a capital letter
	shout      bool // two letters or more, all capitals
	sign       byte // the first byte of a mark
	class      class
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// letterSize is the length of the letter that text begins with, 0 if it is none.
func letterSize(text []byte) int {
	if text[0] < utf8.RuneSelf {
		if letter(text[0]) {
			return 1
		}
		return 0
	}
	if r, n := utf8.DecodeRune(text); unicode.IsLetter(r) {
		return n
	}
	return 0
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
func blank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'
}

func (p *page) tokenize() {
	text := p.text
	p.tokens = make([]token, 0, len(text)/4+8)
	glued, newline := false, true
	for i := 0; i < len(text); {
		c := text[i]
		if blank(c) {
			glued, newline = false, newline || c == '\n' || c == '\r'
			i++
			continue
		}
		t := token{start: int32(i), glued: glued, newline: newline}
		switch {
		case letterSize(text[i:]) > 0:
			t.kind, t.capital, t.shout = word, 'A' <= c && c <= 'Z', true
			for i < len(text) {
				n := letterSize(text[i:])
				if text[i] == '\'' && i+1 < len(text) && letter(text[i+1]) {
					n = 1
				}
				if n == 0 {
					break
				}
				t.shout = t.shout && !('a' <= text[i] && text[i] <= 'z')
				i += n
			}
			t.shout = t.shout && i-int(t.start) > 1
		case digit(c):
			for t.kind = number; i < len(text) && digit(text[i]); {
				i++
			}
		default:
			t.kind, t.sign = mark, c
			_, n := utf8.DecodeRune(text[i:])
			i += n
		}
		t.end = int32(i)
		if t.kind == word {
			t.class = classOf(p.low[t.start:t.end])
		}
		p.tokens = append(p.tokens, t)
		glued, newline = true, false
	}
}

// lower is the token in lower case; "" outside the text.
func (p *page) lower(i int) string {
	if i < 0 || i >= len(p.tokens) {
		return ""
	}
	return p.low[p.tokens[i].start:p.tokens[i].end]
}

// at is the token, or an empty one outside the text.
func (p *page) at(i int) token {
	if i < 0 || i >= len(p.tokens) {
		return token{}
	}
	return p.tokens[i]
}

// is reports whether token i is of one of the classes.
func (p *page) is(i int, c class) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].class&c != 0
}

// punct reports whether token i is one of the marks.
func (p *page) punct(i int, marks string) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].kind == mark && strings.IndexByte(marks, p.tokens[i].sign) >= 0
}

// opens reports whether a sentence or a line begins at token i.
func (p *page) opens(i int) bool {
	return i == 0 || p.at(i).newline || p.punct(i-1, "!?;") || p.punct(i-1, ".") && !p.at(i).glued && !p.abbreviation(i-1)
}

// closes reports whether the text, a line or a clause ends before token i.
func (p *page) closes(i int) bool {
	return i >= len(p.tokens) || p.at(i).newline || p.punct(i, ".,;:!?()[]/|-~\"") || p.emoji(i)
}

func (p *page) emoji(i int) bool {
	return p.at(i).kind == mark && p.text[p.tokens[i].start] >= utf8.RuneSelf
}

// abbreviation reports whether the full stop at i only ends a short word, like Jl. or K.
func (p *page) abbreviation(i int) bool {
	t := p.at(i - 1)
	return p.at(i).glued && t.kind == word && (t.class&(cTitle|cStreet|cShort) != 0 || t.end-t.start == 1 && !(t.glued && p.at(i-2).kind == number))
}

// take marks tokens [i, j) as kind.
func (p *page) take(kind Kind, i, j int) {
	if i >= j {
		return
	}
	p.hits = append(p.hits, hit{kind, int(p.tokens[i].start), int(p.tokens[j-1].end)})
	for ; i < j; i++ {
		p.covered[i] = kind
	}
}

// taken reports whether one of tokens [i, j) is marked already.
func (p *page) taken(i, j int) bool {
	for ; i < j; i++ {
		if i >= 0 && i < len(p.covered) && p.covered[i] != "" {
			return true
		}
	}
	return false
}
