package scrub

import (
	"strings"
	"unicode/utf8"
)

// Known is what is known of the person who wrote a text. It serves whoever knows the person, so that nobody else has to be told.
type Known struct {
	Name  string
	Phone string // in international form, "+62812..."; empty: none
}

// Blanked is a text with blanks where its writer's own name and telephone stood. The blanks are scrubbed like what they stand for.
type Blanked struct {
	Text     string
	original string
	gone     []gap
}

// gap is where a blank stands, in code points of the blanked text, and how much longer the original is there.
type gap struct{ at, longer int }

// Blank takes the writer's name and telephone out of a text, except where a stretch of keep stands word for word. The whole name goes
// wherever it stands; a part of it only where it is no part of somebody else's name, of a street or of a firm, and no everyday word.
func (k Known) Blank(text string, keep []string) Blanked {
	p := open(text)
	defer p.close()
	p.apply(numberRules) // a name within an e-mail address is left to the rule that takes the whole of it
	found := len(p.hits)
	p.findOwnPhone(k.Phone)
	p.findOwnName(ownName(k.Name))
	p.hits = append(p.hits[:0], p.hits[found:]...)
	stretches := joined(p.stretches())
	for _, kept := range keep {
		stretches = without(stretches, text, kept)
	}
	blanked := Blanked{original: text}
	var out strings.Builder
	at, points := 0, 0
	for _, s := range stretches {
		length := utf8.RuneCountInString(text[s.start:s.end])
		if length < blankLength { // what keep has left over
			continue
		}
		points += utf8.RuneCountInString(text[at:s.start])
		out.WriteString(text[at:s.start])
		blanked.gone = append(blanked.gone, gap{points, length - blankLength})
		if s.kind == Phone {
			out.WriteString(blankPhone)
		} else {
			out.WriteString(blankName)
		}
		at, points = s.end, points+blankLength
	}
	out.WriteString(text[at:])
	blanked.Text = out.String()
	return blanked
}

// Original tells where a stretch of the blanked text, from start up to end, stands in the original, and what stands there. All are in code
// points. A stretch ends neither before nor behind the middle of a blank.
func (b Blanked) Original(start, end int) (from, to int, text string) {
	from, to = b.back(start), b.back(end)
	count, first, last := 0, len(b.original), len(b.original)
	for i := range b.original {
		if count == from {
			first = i
		}
		if count == to {
			last = i
			break
		}
		count++
	}
	return from, to, b.original[first:last]
}

func (b Blanked) back(point int) int {
	longer := 0
	for _, g := range b.gone {
		if g.at >= point {
			break
		}
		longer += g.longer
	}
	return point + longer
}

// shortestPart is the length of the shortest word of a name that tells anything by itself.
const shortestPart = 3

// own is a name as it is looked for: the words that tell, and all of them as one word.
type own struct {
	parts  map[string]bool
	joined string
}

// ownName reads a name as it stands in a register: titles go, and degrees, which a comma divides from the name.
func ownName(name string) own {
	name, _, _ = strings.Cut(name, ",")
	p := open(name)
	defer p.close()
	o := own{parts: map[string]bool{}}
	for i := range p.tokens {
		if p.tokens[i].kind != word || p.is(i, cTitle) && !p.is(i, cName) && i+1 < len(p.tokens) {
			continue
		}
		part := strings.Clone(p.key(i))
		o.joined += part
		if utf8.RuneCountInString(part) >= shortestPart {
			o.parts[part] = true
		}
	}
	return o
}

// key is a word in lower case, whatever the script.
func (p *page) key(i int) string { return strings.ToLower(p.lower(i)) }

// findOwnName looks for rows of words of the name, in any order.
func (p *page) findOwnName(name own) {
	for i := 0; i < len(p.tokens); i++ {
		if p.tokens[i].kind != word || p.covered[i] != "" {
			continue
		}
		if p.key(i) == name.joined && len(name.parts) > 1 {
			p.take(SelfName, i, i+1)
			continue
		}
		if !name.parts[p.key(i)] {
			continue
		}
		end, different := p.ownWords(i, name)
		if different > 1 && different == len(name.parts) || p.ownPart(i, end) {
			p.take(SelfName, i, end)
		}
		i = end - 1
	}
}

// ownWords reads the row of the name's words that begins at token i; short words and single marks may stand between them.
func (p *page) ownWords(i int, name own) (end, different int) {
	seen := map[string]bool{p.key(i): true}
	end = i + 1
	for next := end; next < len(p.tokens) && next <= end+2; next++ {
		t := p.tokens[next]
		switch {
		case p.covered[next] != "":
			return end, len(seen)
		case t.kind == word && name.parts[p.key(next)]:
			seen[p.key(next)] = true
			end = next + 1
		case t.kind == word && t.end-t.start < shortestPart && t.class&(cStop|cSelf) == 0, p.punct(next, ".-_,'"):
		default:
			return end, len(seen)
		}
	}
	return end, len(seen)
}

// ownPart reports whether words [i, end) of the name, which are not the whole of it, are the writer's here.
func (p *page) ownPart(i, end int) bool {
	if p.is(i-1, cRole|cBoss) && !p.is(i-1, cTitle|cSelf) && !p.punct(i, ",") {
		return false // "Lurah Budi"
	}
	if end == i+1 && !p.line(i) && (p.is(i, cMonth|cDay) || p.is(i, cCommon|cStop|cUnit|cRole) && (!p.tokens[i].capital || p.opens(i) || p.tokens[i].shout)) {
		return false // "bagus", "Bagus sekali", "bulan Mei"
	}
	return !p.stranger(i, end)
}

// line reports whether the word at i stands on a line of its own, as a signature does.
func (p *page) line(i int) bool {
	end := i + 1
	for p.punct(end, ".,)") {
		end++
	}
	return p.tokens[i].newline && (end >= len(p.tokens) || p.tokens[end].newline)
}

// farthestDigits is how many words and marks may stand between two groups of the writer's own number.
const farthestDigits = 2

// findOwnPhone looks for the number, also in ways of writing that no rule would take for a telephone.
func (p *page) findOwnPhone(phone string) {
	national := strings.TrimPrefix(phone, "+62")
	forms := []string{strings.TrimPrefix(phone, "+"), "00" + strings.TrimPrefix(phone, "+")}
	if national != phone {
		forms = append(forms, national, "0"+national, "620"+national)
	}
	if len(national) < shortestNumber {
		return
	}
	for i := range p.tokens {
		if i > 0 && p.tokens[i].glued && (p.figure(i-1) || i > 1 && p.tokens[i-1].glued && p.disguised(i-1)) {
			continue // within a group
		}
		a, ok := p.atomAt(i)
		if !ok {
			continue
		}
		for _, digits := range forms {
			if !strings.HasPrefix(digits, a.digits) {
				continue
			}
			if end := p.spells(i, digits); end > 0 {
				first := i
				for first > 0 && p.tokens[first].glued && p.punct(first-1, "+(") {
					first--
				}
				p.take(Phone, first, end)
				break
			}
		}
	}
}

// spells returns where the groups that spell digits from token i on end; 0 if they spell something else.
func (p *page) spells(i int, digits string) (end int) {
	for between := 0; digits != ""; {
		a, ok := p.atomAt(i)
		if !ok {
			if between++; between > farthestDigits || i >= len(p.tokens) {
				return 0
			}
			i++
			continue
		}
		rest, fits := strings.CutPrefix(digits, a.digits)
		if !fits {
			return 0
		}
		digits, between, i = rest, 0, a.last+1
	}
	return i
}
