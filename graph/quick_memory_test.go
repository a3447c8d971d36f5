package graph

import (
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/jagawarga/jagawarga/graph/generated"
)

// What somebody wrote into a document must not outlive the request.
func TestPlansKeepNothingThatSomebodyWrote(t *testing.T) {
	t.Parallel()
	quick := NewQuick(Deps{})
	schema := generated.NewExecutableSchema(Config(Deps{})).Schema()
	for document, kept := range map[string]int{
		`mutation { signIn(input: {email: "a@b.test", password: "rahasia-sekali"}) { accessToken } }`:                    0,
		`query Q { publicReports { nodes { id } } } mutation M { signIn(input: {password: "rahasia"}) { accessToken } }`: 0,
		`{ report(number: "JW-7KQ4-M2XD") { id } }`:                                                                      0,
		`{ publicReports { nodes { id } } }` + strings.Repeat(" ", longestRemembered):                                    0,
		`{ publicReports { nodes { id } } }`:                                                                             1,
	} {
		clear(quick.plans)
		parsed, faults := gqlparser.LoadQueryWithRules(schema, document, rules.NewDefaultRules())
		if faults != nil {
			t.Fatalf("%s: %v", document, faults)
		}
		quick.plan(&graphql.OperationContext{RawQuery: document, Operation: parsed.Operations[0]})
		if len(quick.plans) != kept {
			t.Errorf("%.60s: %d remembered, not %d", document, len(quick.plans), kept)
		}
	}
}
