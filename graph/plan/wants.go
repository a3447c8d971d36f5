package plan

import "github.com/vektah/gqlparser/v2/ast"

// WantsMedia tells whether a selection asks for pictures and films of reports. They take a query, which a plan does not make: whoever
// runs the plan loads them first.
func WantsMedia(selections ast.SelectionSet) bool {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "media" || WantsMedia(s.SelectionSet) {
				return true
			}
		case *ast.InlineFragment:
			if WantsMedia(s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && WantsMedia(s.Definition.SelectionSet) {
				return true
			}
		}
	}
	return false
}
