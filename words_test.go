package jagawarga_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/internal/locale"
)

// keyAt says which argument of a maker of border errors is the key of its sentence.
var keyAt = map[string]int{
	"Invalid": 1, "Conflict": 0, "NotFound": 0, "Forbidden": 0, "Unauthenticated": 0, "Unavailable": 0, "RateLimited": 0,
}

// A key without a sentence would be answered with the general words for its code, which help nobody: every key that stands in the
// sources has its sentence, with the places that its arguments fill.
func TestEveryKeyHasItsSentence(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "bin" || entry.Name() == "generated"):
			return filepath.SkipDir
		case path == filepath.Join("server", "internal", "sample"): // a schema for the server's own tests, wrong keys included
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files := token.NewFileSet()
		source, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		inCivic := source.Name.Name == "civic"
		ast.Inspect(source, func(node ast.Node) bool {
			key, args, ok := keyOf(node, inCivic)
			if !ok {
				return true
			}
			found++
			if !locale.Has(key) {
				t.Errorf("%s: %q has no sentence in internal/locale", files.Position(node.Pos()), key)
				return true
			}
			for _, place := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(locale.Text(locale.English, key, nil), -1) {
				if args != nil && !args[place[1]] {
					t.Errorf("%s: the sentence of %q has a place {%s} that nothing fills", files.Position(node.Pos()), key, place[1])
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 80 {
		t.Errorf("only %d keys were found in the sources: the test looks in the wrong place", found)
	}
}

// keyOf finds the key in a call like civic.Invalid("title", "text.too_long", "max", limit), or in a composite literal of civic.Error.
// args are the names it fills; nil when they cannot be read from the source.
func keyOf(node ast.Node, inCivic bool) (key string, args map[string]bool, ok bool) {
	switch node := node.(type) {
	case *ast.CallExpr:
		at, known := keyAt[nameIn(node.Fun, inCivic)]
		if !known || at >= len(node.Args) {
			return "", nil, false
		}
		key, ok = text(node.Args[at])
		args = map[string]bool{}
		for i := at + 1; i < len(node.Args); i += 2 {
			name, plain := text(node.Args[i])
			name = strings.TrimSuffix(name, "."+locale.English) // its twin is the same place in Indonesian
			if !plain {
				return key, nil, ok
			}
			args[name] = true
		}
		return key, args, ok
	case *ast.CompositeLit:
		if nameIn(node.Type, inCivic) != "Error" {
			return "", nil, false
		}
		for _, element := range node.Elts {
			if field, named := element.(*ast.KeyValueExpr); named && nameIn(field.Key, true) == "Key" {
				key, ok = text(field.Value)
			}
		}
	}
	return key, nil, ok
}

// nameIn is X of civic.X, and of X itself within civic.
func nameIn(expression ast.Expr, inCivic bool) string {
	switch e := expression.(type) {
	case *ast.Ident:
		if inCivic {
			return e.Name
		}
	case *ast.SelectorExpr:
		if of, plain := e.X.(*ast.Ident); plain && of.Name == "civic" {
			return e.Sel.Name
		}
	}
	return ""
}

// text is the value of a string literal.
func text(expression ast.Expr) (string, bool) {
	literal, ok := expression.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}
