// Package auth tells who is asking. A Verifier reads access tokens with the public keys of the identity service; With puts the principal
// into the request's context where that has been done, From reads it wherever a right is checked. What an access token says is written
// here too (Claims), so that who signs tokens and who reads them cannot differ.
package auth

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

type key struct{}

// With returns a context in which principal is asking.
func With(ctx context.Context, principal civic.Principal) context.Context {
	return context.WithValue(ctx, key{}, principal)
}

// From is who is asking; a stranger if nobody said.
func From(ctx context.Context) civic.Principal {
	principal, _ := ctx.Value(key{}).(civic.Principal)
	return principal
}
