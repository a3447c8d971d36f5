package atlas_test

import (
	"math"
	"testing"

	"github.com/jagawarga/jagawarga/portal/citizen/atlas"
)

// A piece of the map holds its middle, is as high as it should be on Mercator's map, and never reaches beyond the world.
func TestPiecesOfTheMap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		latitude, longitude float64
		zoom, want          int
	}{
		"the city": {-6.9175, 107.6191, 12, 12}, "too near": {-6.9175, 107.6191, 40, atlas.MaxZoom}, "too far": {-6.9175, 107.6191, -3, 9}, "the edge of the world": {84.9, 179.9, 9, 9},
	} {
		piece := atlas.Around(c.latitude, c.longitude, c.zoom, atlas.Width, atlas.Height)
		box := piece.Bounds()
		if piece.Zoom != c.want {
			t.Errorf("%s is shown at zoom %d", name, piece.Zoom)
		}
		if box.South > c.latitude || box.North < c.latitude || box.West > c.longitude || box.East < c.longitude {
			t.Errorf("%s is not within %+v", name, box)
		}
		if box.South < -85 || box.North > 85 || box.West < -180 || box.East > 180 {
			t.Errorf("%s reaches beyond the world: %+v", name, box)
		}
	}
	box := atlas.Around(0, 0, 10, 256, 256).Bounds()
	if wide := 360 / math.Exp2(10); math.Abs(box.East-box.West-wide) > 1e-9 || math.Abs(box.North-box.South-wide) > 1e-4 {
		t.Errorf("a tile at zoom 10 is %+v", box)
	}
}
