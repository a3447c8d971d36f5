package anonymizer

import (
	_ "embed"
	"encoding/binary"
	"io"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
)

// A receipt is 15 random digits (49.8 bits) and one check digit. As words it is six of a list of 512 (54 bits), which hold the same
// 16 digits. Guessing one of a million receipts takes a thousand million tries on average, each of them through a slow hash under a pepper.
const (
	receiptDigits = 16
	receiptWords  = 6
	wordBits      = 9
)

//go:embed words.txt
var wordFile string

var (
	words     = strings.Fields(wordFile)
	wordIndex = func() map[string]int {
		index := make(map[string]int, len(words))
		for i, word := range words {
			index[word] = i
		}
		return index
	}()
)

// Receipt is the only way back to an anonymous case. It is shown once and kept nowhere.
type Receipt struct{ digits string }

// NewReceipt draws a receipt from random, evenly.
func NewReceipt(random io.Reader) (Receipt, error) {
	const range15 = 1_000_000_000_000_000
	const even = ^uint64(0) - ^uint64(0)%range15
	for {
		var raw [8]byte
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			return Receipt{}, err
		}
		if n := binary.BigEndian.Uint64(raw[:]); n < even {
			return receiptOf(n % range15), nil
		}
	}
}

func receiptOf(n uint64) Receipt {
	var digits [receiptDigits]byte
	for i := receiptDigits - 2; i >= 0; i-- {
		digits[i] = '0' + byte(n%10)
		n /= 10
	}
	digits[receiptDigits-1] = '0' + damm(string(digits[:receiptDigits-1]))
	return Receipt{string(digits[:])}
}

// Digits is the receipt as 16 digits; whoever shows it puts the blanks in.
func (r Receipt) Digits() string { return r.digits }

// Words is the same receipt as six words.
func (r Receipt) Words() string {
	var n uint64
	for _, digit := range r.digits {
		n = n*10 + uint64(digit-'0')
	}
	out := make([]string, receiptWords)
	for i := receiptWords - 1; i >= 0; i-- {
		out[i] = words[n%uint64(len(words))]
		n >>= wordBits
	}
	return strings.Join(out, " ")
}

// String keeps receipts out of logs.
func (r Receipt) String() string { return "[redacted]" }

// ParseReceipt reads what somebody typed: digits with any blanks, dots and dashes, or words in any case, each of which may have one
// wrong, missing, extra or swapped letter. A slip that the check digit shows is told at once.
func ParseReceipt(typed civic.Raw) (Receipt, error) {
	malformed := civic.Invalid("receipt", "receipt.malformed")
	text := typed.Reveal()
	if len(text) > 256 {
		return Receipt{}, malformed
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n-.\u2010\u2011\u2013\u00a0", r) {
			return -1
		}
		return r
	}, text)
	if !onlyDigits(digits) {
		var ok bool
		if digits, ok = digitsOfWords(text); !ok {
			return Receipt{}, malformed
		}
	}
	if len(digits) != receiptDigits || damm(digits) != 0 {
		return Receipt{}, malformed
	}
	return Receipt{digits}, nil
}

func onlyDigits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}

func digitsOfWords(text string) (string, bool) {
	typed := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
	if len(typed) != receiptWords {
		return "", false
	}
	var n uint64
	for _, word := range typed {
		index, ok := findWord(word)
		if !ok {
			return "", false
		}
		n = n<<wordBits | uint64(index)
	}
	receipt := receiptOf(n / 10)
	check := byte('0' + n%10)
	return receipt.digits[:receiptDigits-1] + string(check), n < 10_000_000_000_000_000
}

// findWord takes a word of the list, or the only one that is a single slip away.
func findWord(typed string) (int, bool) {
	if index, ok := wordIndex[typed]; ok {
		return index, true
	}
	found := -1
	for index, word := range words {
		if oneSlip(typed, word) {
			if found >= 0 {
				return 0, false
			}
			found = index
		}
	}
	return found, found >= 0
}

// oneSlip reports whether one changed, missing, extra or swapped letter makes a out of b.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i < len(a) && (a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}

// dammTable is the quasigroup of order 10 of H. M. Damm's thesis (2004): its check digit catches every wrong digit and every pair of
// neighbours swapped.
var dammTable = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// damm is the check digit of digits, and 0 for digits that end in theirs.
func damm(digits string) byte {
	var interim byte
	for i := range len(digits) {
		interim = dammTable[interim][digits[i]-'0']
	}
	return interim
}
