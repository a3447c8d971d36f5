package fault_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/server/fault"
)

// Values that stand in the document are named like those in variables, and never repeated.
func TestLiteral(t *testing.T) {
	t.Parallel()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `
		enum Kind {A B}
		input Place {latitude:Float!}
		input In {nik:String! kind:Kind ids:[ID!] place:Place}
		type Query {find(first:Int, in:In):Int need(id:ID!):Int}`})
	for query, want := range map[string]string{
		`{find(first:"` + secret + `")}`:                          "first: The value of first is not valid.",
		`{find(first : """` + secret + `""")}`:                    "first: The value of first is not valid.",
		"{find(in:{nik:\"ü\"\n\tkind:\n\t\"" + secret + "\"})}":   "kind: The value of kind is not valid.",
		`{find(in:{nik:"ünïcode", kind:"` + secret + `"})}`:       "kind: The value of kind is not valid.",
		`{find(in:{nik:"x", kind:C` + secret + `})}`:              "kind: The value of kind is not valid.",
		`{find(in:{nik:` + secret + `})}`:                         "nik: The value of nik is not valid.",
		`{find(in:{nik:"x", place:{latitude:"` + secret + `"}})}`: "latitude: The value of latitude is not valid.",
		`{find(in:{kind:A})}`:                                     "nik: nik is required.",
		`{find(in:{nik:null})}`:                                   "nik: The value of nik is not valid.",
		`{find(in:{nik:"x", secret:"` + secret + `"})}`:           "secret: secret is not known.",
		`{find(in:{nik:"x", ids:[A` + secret + `]})}`:             "ids: The value of ids is not valid.",
		`{need}`: "id: id is required.",
	} {
		_, found := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
		if len(found) == 0 {
			t.Errorf("%s is fine", query)
			continue
		}
		ctx := graphql.WithOperationContext(locale.With(t.Context(), locale.English), &graphql.OperationContext{RawQuery: query})
		shown := fault.NewPresenter(slog.New(slog.DiscardHandler), strings.NewReader("abcdef")).Present(ctx, found[0])
		field, _ := shown.Extensions["field"].(string)
		if got := field + ": " + shown.Message; got != want || shown.Extensions["code"] != "INVALID_INPUT" {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
