package identity

import (
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// NationalID is a Nomor Induk Kependudukan whose structure has been checked. It prints as [redacted]; only Digits opens it.
//
// The sixteen digits are: province, regency or city, district (two each), date of birth as DDMMYY, where women have 40 added to the day,
// and a serial number of four (Peraturan Pemerintah 37/2007, article 37).
type NationalID struct{ digits string }

// The codes of the 38 provinces (Keputusan Menteri Dalam Negeri 300.2.2-2138/2025).
const provinces = "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96"

// ParseNationalID checks the structure; today decides which birth dates are in the future. Spaces between the digits are allowed.
func ParseNationalID(text string, today time.Time) (NationalID, error) {
	id := NationalID{digits: plainLogin(text)}
	if !id.isSound(today) {
		return NationalID{}, civic.Invalid("nationalId", "national_id.malformed")
	}
	return id, nil
}

// Digits are the sixteen digits.
func (id NationalID) Digits() string { return id.digits }

// String hides the number, as do the next three.
func (id NationalID) String() string { return "[redacted]" }

// GoString is String.
func (id NationalID) GoString() string { return id.String() }

// LogValue is String.
func (id NationalID) LogValue() slog.Value { return slog.StringValue(id.String()) }

// MarshalText is String.
func (id NationalID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

func (id NationalID) isSound(today time.Time) bool {
	d := id.digits
	if len(d) != 16 || strings.Trim(d, "0123456789") != "" {
		return false
	}
	province, regency, district, serial := d[0:2], d[2:4], d[4:6], d[12:16]
	return strings.Contains(provinces, province) && regency != "00" && district != "00" && serial != "0000" && isBirthDate(d[6:12], today)
}

// isBirthDate reads DDMMYY. Two digits leave the century open: the date must exist, and lie in the past, in one of the two.
func isBirthDate(digits string, today time.Time) bool {
	number := func(from int) int {
		n, _ := strconv.Atoi(digits[from : from+2]) // digits throughout
		return n
	}
	day, month, year := number(0), number(2), number(4)
	if day > 40 {
		day -= 40
	}
	for _, century := range []int{1900, 2000} {
		date := time.Date(century+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if date.Day() == day && int(date.Month()) == month && date.Before(today) {
			return true
		}
	}
	return false
}

// plainLogin brings what people type as national id or e-mail to one form.
func plainLogin(text string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), " ", ""))
}
