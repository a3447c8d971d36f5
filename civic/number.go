package civic

import (
	"crypto/sha256"
	"strings"
)

// numberDigits is Crockford's base32: no I, L, O or U, so that a number survives handwriting and a bad telephone line.
const numberDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NumberFrom is the number by which people call a report, like JW-7KQ4-M2XD: the same for the same seed, and 40 bits of a hash of it,
// so it counts nothing and tells nothing about when the report came.
func NumberFrom(seed []byte) string {
	sum := sha256.Sum256(append([]byte("jagawarga number\x00"), seed...))
	number := []byte("JW-0000-0000")
	bits, have, next := uint(0), uint(0), 0
	for i := 3; i < len(number); i++ {
		if number[i] == '-' {
			continue
		}
		if have < 5 {
			bits, have, next = bits<<8|uint(sum[next]), have+8, next+1
		}
		have -= 5
		number[i] = numberDigits[bits>>have&31]
	}
	return string(number)
}

// ParseNumber reads a number as people write it: small letters, spaces and missing dashes are forgiven, and O, I and L are taken for
// the digits they look like. Anything else is INVALID_INPUT for field.
func ParseNumber(field, text string) (string, error) {
	compact := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(text))
	digits, found := strings.CutPrefix(compact, "JW")
	digits = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(digits)
	if !found || len(digits) != 8 || strings.Trim(digits, numberDigits) != "" {
		return "", Invalid(field, "number.malformed")
	}
	return "JW-" + digits[:4] + "-" + digits[4:], nil
}
