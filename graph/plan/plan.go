// Package plan answers plain selections without going field by field. gqlgen makes a context, a closure and a buffer for each field of
// each object, which for a page of twenty reports is most of what the page costs; a plan is compiled once from the selection set and
// writes JSON straight from the views.
//
// A plan holds fields that need no query and no right of their own. A selection with anything else (what hangs on a report, fields with
// a directive, @skip and @include, the same key twice) has no plan and goes gqlgen's way; both give the same bytes, which a test
// holds. A plan does not change once compiled and may be used by many at once.
package plan

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// Write appends the JSON of one value.
type Write[T any] func(dst []byte, value T) []byte

// find gives what writes a field of T, or nil when a plan cannot.
type find[T any] func(field *ast.Field) Write[T]

// entry is one key of an object.
type entry[T any] struct {
	key   string // "key": with the comma before it, except for the first
	write Write[T]
}

// object compiles a selection set on a type; nil when a plan cannot.
func object[T any](typeName string, selections ast.SelectionSet, fields find[T]) Write[T] {
	entries, ok := collect(nil, map[string]bool{}, typeName, selections, fields)
	if !ok || len(entries) == 0 {
		return nil
	}
	return func(dst []byte, value T) []byte {
		dst = append(dst, '{')
		for _, e := range entries {
			dst = append(dst, e.key...)
			dst = e.write(dst, value)
		}
		return append(dst, '}')
	}
}

// collect flattens fragments on the same type; keys come out in the order of the document.
func collect[T any](entries []entry[T], seen map[string]bool, typeName string, selections ast.SelectionSet, fields find[T]) ([]entry[T], bool) {
	for _, selection := range selections {
		var inner ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			if len(s.Directives) > 0 || seen[s.Alias] {
				return nil, false
			}
			seen[s.Alias] = true
			write := fields(s)
			if s.Name == "__typename" {
				write = constant[T](strconv.Quote(typeName))
			}
			if write == nil {
				return nil, false
			}
			key := strconv.Quote(s.Alias) + ":"
			if len(entries) > 0 {
				key = "," + key
			}
			entries = append(entries, entry[T]{key, write})
			continue
		case *ast.InlineFragment:
			if len(s.Directives) > 0 || s.TypeCondition != "" && s.TypeCondition != typeName {
				return nil, false
			}
			inner = s.SelectionSet
		case *ast.FragmentSpread:
			if len(s.Directives) > 0 || s.Definition == nil || s.Definition.TypeCondition != typeName {
				return nil, false
			}
			inner = s.Definition.SelectionSet
		}
		var ok bool
		if entries, ok = collect(entries, seen, typeName, inner, fields); !ok {
			return nil, false
		}
	}
	return entries, true
}

// nested is a field whose value is an object; get answers nil where there is none.
func nested[T, V any](get func(T) *V, write Write[*V]) Write[T] {
	if write == nil {
		return nil
	}
	return func(dst []byte, value T) []byte {
		inner := get(value)
		if inner == nil {
			return append(dst, "null"...)
		}
		return write(dst, inner)
	}
}

// list is a field whose value is a list of objects.
func list[T, V any](get func(T) []V, write Write[V]) Write[T] {
	if write == nil {
		return nil
	}
	return func(dst []byte, value T) []byte {
		dst = append(dst, '[')
		for i, item := range get(value) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = write(dst, item)
		}
		return append(dst, ']')
	}
}
