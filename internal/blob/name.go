package blob

import (
	"encoding/base32"
	"errors"
	"io"
	"strings"
)

// A name is 20 random bytes as 32 small letters and digits: it can be neither guessed nor counted, and tells nothing.
const (
	nameBytes = 20
	nameSize  = 32
)

var nameText = base32.HexEncoding.WithPadding(base32.NoPadding)

var errName = errors.New("not a name of a blob")

// NewName draws a name.
func NewName(random io.Reader) (string, error) {
	var raw [nameBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", err
	}
	return strings.ToLower(nameText.EncodeToString(raw[:])), nil
}

// IsName tells whether text could be a name.
func IsName(text string) bool {
	return len(text) == nameSize && strings.Trim(text, "0123456789abcdefghijklmnopqrstuv") == ""
}

// place is where a blob lies: a thousand folders keep each of them short.
func place(name string) string { return name[:2] + "/" + name }

// nameAt is the name of what lies at a place; "" for a draft that a crash has left behind.
func nameAt(key string) string {
	_, name, _ := strings.Cut(key, "/")
	if !IsName(name) || place(name) != key {
		return ""
	}
	return name
}
