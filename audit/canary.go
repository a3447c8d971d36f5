package main

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

// A canary is a value that must not be found.
type canary struct {
	kind, value string
	digits      bool // looked for backwards, too
	identityMay bool // the identity database holds it: that is what it is for
}

// shortest is the shortest pattern looked for; anything shorter turns up by chance.
const shortest = 8

// A pattern is a canary in one encoding.
type pattern struct {
	canary   *canary
	owner    int // of people
	encoding string
	bytes    []byte
}

// patterns are all the encodings a value could be kept in. Compressed data is opened when evidence is read.
func (c *canary) patterns(owner int) []pattern {
	if len(c.value) < shortest {
		return nil // a receipt before there is one
	}
	var ps []pattern
	add := func(encoding, text string) {
		if len(text) >= shortest && !slices.ContainsFunc(ps, func(p pattern) bool { return string(p.bytes) == text }) {
			ps = append(ps, pattern{c, owner, encoding, []byte(text)})
		}
	}
	add("plain", c.value)
	add("lower case", lowered(c))
	if !c.identityMay {
		add("upper case", strings.ToUpper(c.value))
	}
	add("hex", hex.EncodeToString([]byte(c.value)))
	add("HEX", strings.ToUpper(hex.EncodeToString([]byte(c.value))))
	for shift := range 3 {
		add("base64", aligned(base64.RawStdEncoding, c.value, shift))
		add("base64url", aligned(base64.RawURLEncoding, c.value, shift))
	}
	add("base32", base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(c.value)))
	add("URL", url.QueryEscape(c.value))
	little, big := wide(c.value)
	add("UTF-16LE", little)
	add("UTF-16BE", big)
	if c.digits {
		add("backwards", backwards(c.value))
	}
	return ps
}

// lowered leaves the account's own name alone: in small letters it is another canary, the name as told.
func lowered(c *canary) string {
	if c.identityMay {
		return c.value
	}
	return strings.ToLower(c.value)
}

// aligned is the part of a value's base64 form that does not depend on what stands before and after it, when shift bytes of a group of
// three stand before it.
func aligned(encoding *base64.Encoding, value string, shift int) string {
	coded := encoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + value))
	first := (shift*8 + 5) / 6
	last := (shift + len(value)) * 8 / 6
	return coded[first:last]
}

func wide(value string) (little, big string) {
	var l, b strings.Builder
	for _, unit := range utf16.Encode([]rune(value)) {
		l.Write([]byte{byte(unit), byte(unit >> 8)})
		b.Write([]byte{byte(unit >> 8), byte(unit)})
	}
	return l.String(), b.String()
}

func backwards(text string) string {
	letters := []byte(text)
	slices.Reverse(letters)
	return string(letters)
}
