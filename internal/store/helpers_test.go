package store_test

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

type randomness struct{}

func (randomness) Read(p []byte) (int, error) { return rand.Read(p) }

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// wantCode wants a civic error with that code, and no error for an empty one.
func wantCode(t testing.TB, what string, err error, code civic.Code) {
	t.Helper()
	var known *civic.Error
	switch {
	case code == "" && err == nil:
	case !errors.As(err, &known) || known.Code != code:
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
