package plan

import (
	"strconv"
	"time"
)

// The scalars, byte for byte as gqlgen writes them.

func constant[T any](json string) Write[T] {
	return func(dst []byte, _ T) []byte { return append(dst, json...) }
}

func text[T any, S ~string](get func(T) S) Write[T] {
	return func(dst []byte, value T) []byte { return quoted(dst, string(get(value))) }
}

func optionalText[T any](get func(T) *string) Write[T] {
	return func(dst []byte, value T) []byte {
		if s := get(value); s != nil {
			return quoted(dst, *s)
		}
		return append(dst, "null"...)
	}
}

// id writes an id; its letters need no escape.
func id[T any](get func(T) named) Write[T] {
	return func(dst []byte, value T) []byte {
		dst = append(dst, '"')
		dst = append(dst, get(value).String()...)
		return append(dst, '"')
	}
}

func integer[T any](get func(T) int) Write[T] {
	return func(dst []byte, value T) []byte { return strconv.AppendInt(dst, int64(get(value)), 10) }
}

func boolean[T any](get func(T) bool) Write[T] {
	return func(dst []byte, value T) []byte { return strconv.AppendBool(dst, get(value)) }
}

func degrees[T any](get func(T) float64) Write[T] {
	return func(dst []byte, value T) []byte { return number(dst, get(value)) }
}

// number is %g: the shortest form, with an exponent of at least two digits where there is one.
func number(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'g', -1, 64) }

func instant[T any](get func(T) time.Time) Write[T] {
	return func(dst []byte, value T) []byte { return appendTime(dst, get(value)) }
}

func optionalInstant[T any](get func(T) *time.Time) Write[T] {
	return func(dst []byte, value T) []byte {
		if t := get(value); t != nil {
			return appendTime(dst, *t)
		}
		return append(dst, "null"...)
	}
}

func appendTime(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, `"`+time.RFC3339Nano+`"`)
}

const hexDigits = "0123456789ABCDEF"

// quoted is a JSON string that escapes what it must: quotes, backslashes and control characters.
func quoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '\t':
			dst = append(dst, `\t`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\\':
			dst = append(dst, `\\`...)
		case '"':
			dst = append(dst, `\"`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
