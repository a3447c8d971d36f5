package identity

import (
	"context"
	"strings"

	"github.com/jagawarga/jagawarga/demo"
)

// PopulationRegistry is the authority on who exists. Verify says whether a living person has this national id and this name; an error
// means that it could not say, and is *civic.Error if people should know.
type PopulationRegistry interface {
	Verify(ctx context.Context, id NationalID, name string) (Match, error)
}

// Match is what the registry answers.
type Match string

// The answers.
const (
	MatchYes         Match = "MATCH"
	MatchNameDiffers Match = "NAME_DIFFERS"
	MatchUnknown     Match = "UNKNOWN"
	MatchDeceased    Match = "DECEASED"
)

// DemoRegistry stands for the authority where there is none: with the number of somebody of the demo city goes that person's name alone;
// of every other number the structure is enough.
type DemoRegistry struct{ names map[string]string }

// NewDemoRegistry knows the people of the demo city.
func NewDemoRegistry() (*DemoRegistry, error) {
	data, err := demo.Load()
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(data.Citizens))
	for _, citizen := range data.Citizens {
		names[citizen.NationalID] = citizen.Name
	}
	return &DemoRegistry{names: names}, nil
}

// Verify never fails.
func (r *DemoRegistry) Verify(_ context.Context, id NationalID, name string) (Match, error) {
	if known, ok := r.names[id.Digits()]; ok && !strings.EqualFold(known, name) {
		return MatchNameDiffers, nil
	}
	return MatchYes, nil
}
