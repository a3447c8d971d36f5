package civic

import (
	"strings"
	"time"
)

// Code is what machines read from an error; the set is part of the public contract.
type Code string

// The codes of the public contract.
const (
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeForbidden       Code = "FORBIDDEN"
	CodeNotFound        Code = "NOT_FOUND"
	CodeInvalidInput    Code = "INVALID_INPUT"
	CodeConflict        Code = "CONFLICT"
	CodeRateLimited     Code = "RATE_LIMITED"
	CodeTooComplex      Code = "TOO_COMPLEX"
	CodeUnavailable     Code = "UNAVAILABLE"
	CodeInternal        Code = "INTERNAL"
)

// Error is the one error that crosses the border to people. Everything else is INTERNAL and never shown.
type Error struct {
	Code  Code
	Field string            // the input field at fault, as the caller named it; empty if none is
	Key   string            // names the sentence in internal/locale, e.g. "title.too_long"
	Args  map[string]string // fills the sentence's {name} places; never personal data
	// Allowed lists what would have been accepted instead, if that can be said.
	Allowed []string
	// State is where the report stands now, for a change that came too late.
	State Status
	// Work is what the caller has to do first, if that is all that is missing.
	Work *Work
}

// Work is a puzzle: find a nonce so that the SHA-256 of "challenge:nonce" begins with Difficulty zero bits.
type Work struct {
	Challenge  string
	Difficulty int
	ExpiresAt  time.Time
}

// Error is for logs: code, field and key, never what somebody typed.
func (e *Error) Error() string {
	parts := []string{string(e.Code)}
	if e.Field != "" {
		parts = append(parts, e.Field)
	}
	return strings.Join(append(parts, e.Key), " ")
}

// Invalid is INVALID_INPUT for a field. args are name, value pairs for the sentence.
func Invalid(field, key string, args ...string) *Error {
	return &Error{Code: CodeInvalidInput, Field: field, Key: key, Args: pairs(args)}
}

// NotFound is the answer for what is not there and for what the caller may not know to be there.
func NotFound(key string) *Error { return &Error{Code: CodeNotFound, Key: key} }

// Conflict says that the request is well formed but does not fit the present state.
func Conflict(key string, args ...string) *Error {
	return &Error{Code: CodeConflict, Key: key, Args: pairs(args)}
}

// Forbidden is for a known caller who lacks the right.
func Forbidden(key string) *Error { return &Error{Code: CodeForbidden, Key: key} }

// Unauthenticated is for a caller who is not signed in, or whose sign-in is over.
func Unauthenticated(key string) *Error { return &Error{Code: CodeUnauthenticated, Key: key} }

// Unavailable says that a part this request needs is down; trying again later helps.
func Unavailable(key string) *Error { return &Error{Code: CodeUnavailable, Key: key} }

// RateLimited says that the caller must wait.
func RateLimited(key string, args ...string) *Error {
	return &Error{Code: CodeRateLimited, Key: key, Args: pairs(args)}
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	named := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	return named
}
