package identity

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/jagawarga/jagawarga/civic"
)

// Lengths in characters (Unicode code points).
const (
	minName     = 2
	maxName     = 100
	minPassword = 10
	maxPassword = 128
)

// cleanName gives the form that is stored: NFC, one space between words.
func cleanName(text string) (string, error) {
	if hasControls(text) {
		return "", civic.Invalid("name", "name.characters")
	}
	name := strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	if n := utf8.RuneCountInString(name); n < minName || n > maxName {
		return "", civic.Invalid("name", "name.length", "min", strconv.Itoa(minName), "max", strconv.Itoa(maxName))
	}
	return name, nil
}

// cleanPassword gives the form that is hashed: NFC, so that it does not matter which keyboard an accent came from (RFC 8265).
func cleanPassword(text string) (string, error) {
	if hasControls(text) {
		return "", civic.Invalid("password", "password.characters")
	}
	password := norm.NFC.String(text)
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return "", errPasswordLength()
	}
	return password, nil
}

func errPasswordLength() error {
	return civic.Invalid("password", "password.length", "min", strconv.Itoa(minPassword), "max", strconv.Itoa(maxPassword))
}

// cleanPhone gives international form (E.164); none stays none. A number that begins with 0 is Indonesian.
func cleanPhone(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	phone := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(text)
	if rest, found := strings.CutPrefix(phone, "0"); found {
		phone = "+62" + rest
	}
	digits, found := strings.CutPrefix(phone, "+")
	if !found || len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return "", civic.Invalid("phone", "phone.malformed")
	}
	return phone, nil
}

// hasControls also finds NUL bytes and what is not UTF-8 at all.
func hasControls(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
}
