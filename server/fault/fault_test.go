package fault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/server/fault"
)

const secret = "3273010101010001"

func TestPresent(t *testing.T) {
	t.Parallel()
	english := locale.With(t.Context(), locale.English)
	path := ast.Path{ast.PathName("submitReport")}
	for _, c := range []struct {
		name    string
		ctx     context.Context
		err     error
		code    string
		field   any
		message string
	}{
		{"civic", english, civic.Invalid("title", "input.required", "field", "title"), "INVALID_INPUT", "title", "title is required."},
		{"civic in Indonesian", t.Context(), civic.Invalid("title", "input.required", "field", "title"), "INVALID_INPUT", "title", "title wajib diisi."},
		{"civic, wrapped twice", english, gqlerror.WrapPath(path, fmt.Errorf("store: %w", civic.NotFound("error.not_found"))), "NOT_FOUND", nil, "Not found."},
		{"civic without a sentence", english, civic.Conflict("no.such.key"), "CONFLICT", nil, "This request does not fit the present state."},
		{"document", english, gqlerror.Errorf("Cannot query field"), "INVALID_INPUT", nil, "Cannot query field"},
		{"nesting", english, gqlerror.Errorf("exceeded maximum nesting depth of 1000"), "TOO_COMPLEX", nil, "exceeded maximum nesting depth of 1000"},
		{"deadline", english, fmt.Errorf("query: %w", context.DeadlineExceeded), "UNAVAILABLE", nil, "The request took too long. Please try again."},
		{"client has left", english, gqlerror.WrapPath(path, context.Canceled), "UNAVAILABLE", nil, "The service is not available at the moment. Please try again shortly."},
		{"a civic INTERNAL is not shown either", english, &civic.Error{Code: civic.CodeInternal, Key: secret}, "INTERNAL", nil, "Something went wrong on our side. Please mention code 616263646566 if you report it."},
		{"anything else", english, errors.New("pq: " + secret), "INTERNAL", nil, "Something went wrong on our side. Please mention code 616263646566 if you report it."},
	} {
		faults := fault.NewPresenter(slog.New(slog.DiscardHandler), strings.NewReader("abcdef"))
		got := faults.Present(c.ctx, c.err)
		if got.Extensions["code"] != c.code || got.Extensions["field"] != c.field || got.Message != c.message {
			t.Errorf("%s: %q %v", c.name, got.Message, got.Extensions)
		}
		var place *gqlerror.Error
		if errors.As(c.err, &place) && got.Path.String() != place.Path.String() {
			t.Errorf("%s: path %v", c.name, got.Path)
		}
	}
}

// A panic is logged with its stack but without the value, which may be anything, and gets one id for log and answer.
func TestRecover(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	faults := fault.NewPresenter(slog.New(slog.NewJSONHandler(&log, nil)), strings.NewReader("abcdef"))
	got := faults.Present(t.Context(), faults.Recover(t.Context(), secret))
	if got.Extensions["code"] != "INTERNAL" || got.Extensions["id"] != "616263646566" {
		t.Errorf("%v", got.Extensions)
	}
	if strings.Contains(log.String(), secret) || strings.Count(log.String(), "616263646566") != 1 || !strings.Contains(log.String(), "fault_test.go") {
		t.Errorf("log: %s", log.String())
	}
}
