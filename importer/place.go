package importer

import (
	"math"

	"github.com/jagawarga/jagawarga/civic"
)

// sanFrancisco is the box around the city that its data lie in: from the county line to the Golden Gate Bridge, from Ocean Beach to
// Treasure Island.
var sanFrancisco = civic.Bounds{South: 37.70, West: -122.52, North: 37.84, East: -122.35}

// moved takes a point of one box to the same relative position in another.
func moved(latitude, longitude float64, from, to civic.Bounds) (float64, float64) {
	return along(latitude, from.South, from.North, to.South, to.North), along(longitude, from.West, from.East, to.West, to.East)
}

// along rounds to a millionth of a degree, about 10 cm, and never leaves its range.
func along(x, fromLow, fromHigh, toLow, toHigh float64) float64 {
	share := (x - fromLow) / (fromHigh - fromLow)
	return min(max(math.Round((toLow+share*(toHigh-toLow))*1e6)/1e6, toLow), toHigh)
}
