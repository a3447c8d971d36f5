package scrub

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestFold is the most bytes that one character is taken apart to: what stands for more is a whole phrase in one sign.
const longestFold = 12

// fold gives what a character passes for: nothing for invisible ones, a plain digit for a digit of any script, a Latin letter for
// its look-alikes, and compatibility forms taken apart (full-width, mathematical, circled, accented).
func fold(char string) string {
	r, _ := utf8.DecodeRuneInString(char)
	if latin, ok := lookAlikes[r]; ok {
		return latin
	}
	switch {
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me), strings.ContainsRune("\u115f\u1160\u3164\uffa0\u2800", r):
		return ""
	case unicode.Is(unicode.Zs, r):
		return " "
	case r == '\u2028' || r == '\u2029' || r == '\u0085':
		return "\n"
	}
	if unicode.IsDigit(r) {
		return string(rune('0' + digitValue(r)))
	}
	if r == utf8.RuneError {
		return string(utf8.RuneError) // a stray byte
	}
	if len(norm.NFKD.PropertiesString(char).Decomposition()) > longestFold {
		return char
	}
	parts := norm.NFKD.String(char)
	if parts == char {
		return char
	}
	var out strings.Builder
	for _, part := range parts {
		switch latin, ok := lookAlikes[part]; {
		case ok:
			out.WriteString(latin)
		case unicode.In(part, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.IsDigit(part):
			out.WriteRune(rune('0' + digitValue(part)))
		default:
			out.WriteRune(part)
		}
	}
	return out.String()
}

// digitValue uses that Unicode keeps the ten digits of a script together, from zero up.
func digitValue(r rune) int {
	for _, digits := range unicode.Nd.R16 {
		if r <= rune(digits.Hi) {
			return int(r-rune(digits.Lo)) % 10
		}
	}
	for _, digits := range unicode.Nd.R32 {
		if r <= rune(digits.Hi) {
			return int(r-rune(digits.Lo)) % 10
		}
	}
	return 0
}

// lookAlikes are characters that Unicode does not take apart, yet everybody reads as something plainer.
var lookAlikes = func() map[rune]string {
	table := map[rune]string{
		'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '⁃': "-", '﹣': "-", '－': "-", 'ー': "-",
		'‘': "'", '’': "'", '‛': "'", 'ʼ': "'", '`': "'", '´': "'", '“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`,
		'·': ".", '•': ".", '∙': ".", '⋅': ".", '․': ".", '。': ".", '‧': ".", '…': "...", '⁄': "/", '∕': "/", '：': ":", '∶': ":",
		'⓪': "0", '⓿': "0", '🄋': "0", '➊': "1", '➋': "2", '➌': "3", '➍': "4", '➎': "5", '➏': "6", '➐': "7", '➑': "8", '➒': "9",
	}
	pairs := func(strange, plain string) {
		letters := []rune(plain)
		for i, r := range []rune(strange) {
			table[r] = string(letters[i])
		}
	}
	pairs("АВЕЅІЈКМНОРСТУХЗЬҮԌԚԜѴӀ", "ABESIJKMHOPCTYX3bYGQWVI") // Cyrillic capitals
	pairs("авеѕіјкмнорстухԁһӏԛԝѵүґєпгӧ", "aBesijkMHopcTyxdhlqwvyrenro")
	pairs("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX") // Greek
	pairs("αβγεηικνορτυχω", "abyenikvoptuxw")
	pairs("ıɑɡɩʟɴʀʏᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱʙɢʜ", "iagiLNRYACDEJKMOPTUVWZSBGH")
	return table
}()
