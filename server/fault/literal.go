package fault

import (
	"context"
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
)

// The validator's words for values that stand in the document itself. They quote the value, which may be a report or a password, so
// only names are taken out of them.
var (
	notProvided = regexp.MustCompile(`^Field "\w+\.(\w+)" of required type `)
	notGiven    = regexp.MustCompile(`^Field "\w+" argument "(\w+)" of type `)
	notDefined  = regexp.MustCompile(`^Field "(\w+)" is not defined by type `)
	// nameBefore finds the name that a value belongs to. The place of a string is behind its quotation marks.
	nameBefore = regexp.MustCompile(`([_A-Za-z]\w*)\s*:\s*(?:\[\s*)?"{0,3}$`)
)

// literal says what is wrong with a value in the document in the same words as for one in a variable; nil if the error is about
// something else.
func literal(ctx context.Context, found *gqlerror.Error) *gqlerror.Error {
	if !strings.HasPrefix(found.Rule, "ValuesOfCorrectType") && !strings.HasPrefix(found.Rule, "ProvidedRequiredArguments") {
		return nil
	}
	for _, reading := range []struct {
		pattern   *regexp.Regexp
		text, key string
	}{
		{notProvided, found.Message, "input.required"}, {notGiven, found.Message, "input.required"},
		{notDefined, found.Message, "input.unknown"}, {nameBefore, before(ctx, found), "input.malformed"},
	} {
		if groups := reading.pattern.FindStringSubmatch(reading.text); groups != nil {
			return Error(ctx, civic.Invalid(groups[1], reading.key, "field", groups[1]))
		}
	}
	return Error(ctx, civic.Invalid("", "error.invalid_input"))
}

// before is the document up to the place of an error.
func before(ctx context.Context, found *gqlerror.Error) string {
	if !graphql.HasOperationContext(ctx) || len(found.Locations) == 0 {
		return ""
	}
	at := found.Locations[0]
	lines := strings.Split(graphql.GetOperationContext(ctx).RawQuery, "\n")
	if at.Line < 1 || at.Line > len(lines) {
		return ""
	}
	last := []rune(lines[at.Line-1])
	return strings.Join(lines[:at.Line-1], "\n") + "\n" + string(last[:min(max(at.Column-1, 0), len(last))])
}
