package scrub

import (
	"encoding/binary"
	"math/bits"
	"slices"
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
	opening    bool // a sentence or a line begins here
	given      bool // part of a number or an address that identifies, taken before anything else is looked at
	sign       byte // the first byte of a mark
	class      class
	wake       wake
}

// What a byte is to the tokens.
const (
	sMark = iota
	sLower
	sUpper
	sDigit
	sBlank
	sLine
	sWide // part of a character beyond ASCII
)

var shapes = func() (table [256]uint8) {
	for c := range table {
		switch {
		case 'a' <= c && c <= 'z':
			table[c] = sLower
		case 'A' <= c && c <= 'Z':
			table[c] = sUpper
		case '0' <= c && c <= '9':
			table[c] = sDigit
		case c == '\n' || c == '\r':
			table[c] = sLine
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			table[c] = sBlank
		case c >= utf8.RuneSelf:
			table[c] = sWide
		}
	}
	return table
}()

func letter(c byte) bool { return shapes[c] == sLower || shapes[c] == sUpper }
func digit(c byte) bool  { return shapes[c] == sDigit }

// wideLetter is the length of the letter beyond ASCII that text begins with, 0 if it is none.
func wideLetter(text string) int {
	if r, n := utf8.DecodeRuneInString(text); unicode.IsLetter(r) {
		return n
	}
	return 0
}

func (p *page) tokenize() {
	text := p.text
	p.tokens = slices.Grow(p.tokens[:0], len(text)/5+8)
	glued, newline, marked := false, true, false // marked: the token before is a mark
	for i := 0; i < len(text); {
		c := text[i]
		shape := shapes[c]
		if shape == sBlank || shape == sLine {
			glued, newline = false, newline || shape == sLine
			i++
			continue
		}
		opening := newline || marked && p.sentenceEnds(glued)
		p.tokens = append(p.tokens, token{}) // filled in where it stands: a copy of what was just written makes the processor wait
		t := &p.tokens[len(p.tokens)-1]
		t.start, t.glued, t.newline, t.opening = int32(i), glued, newline, opening
		wide := 0
		if shape == sWide {
			wide = wideLetter(text[i:])
		}
		switch {
		case shape == sLower || shape == sUpper || wide > 0:
			t.kind, t.capital = word, shape == sUpper
			if i += p.plainLetters(i); i == int(t.start) || i < len(text) && (shapes[text[i]] == sWide || text[i] == '\'') || t.capital && i-int(t.start) > 1 && shapes[text[t.start+1]] == sUpper {
				i, t.shout = wordEnd(text, int(t.start))
				t.shout = t.shout && i-int(t.start) > 1
			}
			t.class, t.wake = recognise(p.lowBytes[t.start:], i-int(t.start))
			if t.capital && i-int(t.start) == 1 && c == 'W' {
				t.class &^= cSelf // an initial, not slang for "gue"
			}
			p.seen |= t.class
		case shape == sDigit:
			for t.kind, t.wake = number, wNumber; i < len(text) && shapes[text[i]] == sDigit; {
				i++
			}
		default:
			t.kind, t.sign = mark, c
			i += p.markAt(t, i)
		}
		t.end = int32(i)
		if t.wake != 0 {
			p.awoken, p.woken = append(p.awoken, awoken{int32(len(p.tokens) - 1), t.wake}), p.woken|t.wake
		}
		glued, newline, marked = true, false, t.kind == mark
	}
}

// plainLetters is how many letters of ASCII stand at byte i, looked at eight at a time.
func (p *page) plainLetters(i int) int {
	for from := i; ; i += 8 {
		w := binary.LittleEndian.Uint64(p.lowBytes[i:])
		ascii := w &^ highBits
		// As in appendLower: the high bit of a byte is set from 'a' up, but not from 'z'+1 up.
		letters := (ascii + (0x80-'a')*everyByte) &^ (ascii + (0x80-'z'-1)*everyByte) &^ w & highBits
		if letters != highBits {
			return i + bits.TrailingZeros64(^letters&highBits)/8 - from
		}
	}
}

// wordEnd walks over the letters of a word, and over apostrophes with a letter behind. shout: no letter of ASCII is small.
func wordEnd(text string, i int) (end int, shout bool) {
	for shout = true; i < len(text); i++ {
		switch shapes[text[i]] {
		case sLower:
			shout = false
		case sUpper:
		case sWide:
			n := wideLetter(text[i:])
			if n == 0 {
				return i, shout
			}
			i += n - 1
		default:
			if text[i] != '\'' || i+1 >= len(text) || !letter(text[i+1]) {
				return i, shout
			}
		}
	}
	return i, shout
}

// markAt notes what the mark at byte i is good for, and gives its length.
func (p *page) markAt(t *token, i int) int {
	switch t.sign {
	case '@':
		t.wake = wMail | wAccount
	case ':':
		if i > 0 && i+1 < len(p.text) && (p.text[i-1] == ':' || hexadecimal[p.text[i-1]]) && (p.text[i+1] == ':' || hexadecimal[p.text[i+1]]) {
			p.colons++
		}
	case '.':
		if i > 0 && i+1 < len(p.text) && shapes[p.text[i-1]] == sDigit && shapes[p.text[i+1]] == sDigit {
			p.dotted++
		}
	default:
		if t.sign >= utf8.RuneSelf {
			_, n := utf8.DecodeRuneInString(p.text[i:])
			return n
		}
	}
	return 1
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
	return uint(i) < uint(len(p.tokens)) && p.tokens[i].sign != 0 && among(p.tokens[i].sign, marks)
}

func among(sign byte, marks string) bool {
	for i := range len(marks) {
		if marks[i] == sign {
			return true
		}
	}
	return false
}

// opens reports whether a sentence or a line begins at token i.
func (p *page) opens(i int) bool {
	if uint(i) < uint(len(p.tokens)) {
		return p.tokens[i].opening
	}
	return p.sentenceEnds(true)
}

// sentenceEnds reports whether the last token read so far ends a sentence before a token that is glued to it or not.
func (p *page) sentenceEnds(glued bool) bool {
	last := len(p.tokens) - 1
	if last < 0 || p.tokens[last].kind != mark {
		return last < 0
	}
	switch p.tokens[last].sign {
	case '!', '?', ';':
		return true
	case '.':
		return !glued && !p.abbreviation(last)
	}
	return false
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

// markGiven notes what is taken so far.
func markGiven(p *page) {
	if len(p.hits) == 0 {
		return
	}
	for i, kind := range p.covered {
		p.tokens[i].given = kind != ""
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
