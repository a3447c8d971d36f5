package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// authenticate puts who is asking into the context. No Authorization header is a stranger; a header that does not hold is
// an error for the whole request, for the client must learn that it is no longer signed in.
func (s *Server) authenticate(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return ctx, nil
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	token = strings.TrimSpace(token)
	if len(headers) > 1 || token == "" || !strings.EqualFold(scheme, "Bearer") {
		return ctx, civic.Unauthenticated("token.malformed")
	}
	principal, err := s.verifier.Verify(ctx, token)
	if err != nil {
		return ctx, err
	}
	if !principal.Expires.IsZero() && !s.cfg.Now().Before(principal.Expires) {
		return ctx, civic.Unauthenticated("token.invalid")
	}
	return auth.With(ctx, principal), nil
}
