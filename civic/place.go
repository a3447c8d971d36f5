package civic

import "math"

// Bounds is a box on the map, in degrees; it does not cross the date line.
type Bounds struct {
	South float64 `json:"south"`
	West  float64 `json:"west"`
	North float64 `json:"north"`
	East  float64 `json:"east"`
}

// Contains reports whether the point is inside or on the edge. NaN is in no box.
func (b Bounds) Contains(latitude, longitude float64) bool {
	return latitude >= b.South && latitude <= b.North && longitude >= b.West && longitude <= b.East
}

// Valid reports whether it is a box on Earth.
func (b Bounds) Valid() bool {
	return b.South >= -90 && b.North <= 90 && b.West >= -180 && b.East <= 180 && b.South <= b.North && b.West <= b.East
}

// Point is a corner of an outline, in degrees.
type Point struct {
	Latitude  float64 `json:"lat"`
	Longitude float64 `json:"lon"`
}

// Finite reports whether both numbers can be on a map at all.
func (p Point) Finite() bool {
	return !math.IsNaN(p.Latitude) && !math.IsInf(p.Latitude, 0) && !math.IsNaN(p.Longitude) && !math.IsInf(p.Longitude, 0)
}

// District is a named part of the city with its outline, a closed ring.
type District struct {
	ID      DistrictID
	Name    string
	Center  Point
	Outline []Point
	box     Bounds
}

// Contains tells by ray casting whether the point is inside the outline.
func (d *District) Contains(latitude, longitude float64) bool {
	if !d.box.Contains(latitude, longitude) {
		return false
	}
	inside := false
	for i, j := 0, len(d.Outline)-1; i < len(d.Outline); j, i = i, i+1 {
		a, b := d.Outline[i], d.Outline[j]
		if (a.Latitude > latitude) != (b.Latitude > latitude) &&
			longitude < (b.Longitude-a.Longitude)*(latitude-a.Latitude)/(b.Latitude-a.Latitude)+a.Longitude {
			inside = !inside
		}
	}
	return inside
}

func boundsOf(outline []Point) Bounds {
	box := Bounds{South: math.Inf(1), West: math.Inf(1), North: math.Inf(-1), East: math.Inf(-1)}
	for _, p := range outline {
		box.South, box.North = math.Min(box.South, p.Latitude), math.Max(box.North, p.Latitude)
		box.West, box.East = math.Min(box.West, p.Longitude), math.Max(box.East, p.Longitude)
	}
	return box
}
