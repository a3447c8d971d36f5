package anonymizer

import (
	"time"

	"github.com/golang/geo/s2"

	"github.com/jagawarga/jagawarga/civic"
)

// cellLevel is the S2 level whose cells are about 150 m wide.
const cellLevel = 16

// coarsened moves a point to the centre of its cell: all points of a cell come out the same.
func coarsened(place civic.Place) civic.Place {
	centre := s2.CellIDFromLatLng(s2.LatLngFromDegrees(place.Latitude, place.Longitude)).Parent(cellLevel).LatLng()
	place.Latitude, place.Longitude = centre.Lat.Degrees(), centre.Lng.Degrees()
	return place
}

// hourOf is the hour that t falls in.
func hourOf(t time.Time) time.Time { return t.UTC().Truncate(time.Hour) }

// roundedUp is a due time that no longer tells the moment of filing, and is never earlier than what was promised.
func roundedUp(t time.Time, step time.Duration) time.Time {
	if down := t.UTC().Truncate(step); down.Equal(t) {
		return down
	} else {
		return down.Add(step)
	}
}
