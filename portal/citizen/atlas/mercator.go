package atlas

import (
	"math"

	"github.com/jagawarga/jagawarga/portal/client"
)

// Piece is a piece of the world as web maps show it: Mercator's projection, 256 points for the whole world at zoom 0, twice as many at each next.
type Piece struct {
	left, top     float64 // of the whole world at this zoom, in points
	width, height float64
	Zoom          int
}

// The zooms that a link may ask for.
const minZoom, MaxZoom = 9, 19

// Around is the piece around a place, at a zoom that a link may ask for.
func Around(latitude, longitude float64, zoom int, width, height float64) Piece {
	zoom = min(max(zoom, minZoom), MaxZoom)
	x, y := project(latitude, longitude, zoom)
	return Piece{x - width/2, y - height/2, width, height, zoom}
}

func project(latitude, longitude float64, zoom int) (x, y float64) {
	world := 256 * math.Exp2(float64(zoom))
	north := math.Sin(latitude * math.Pi / 180)
	return world * (longitude + 180) / 360, world * (0.5 - math.Log((1+north)/(1-north))/(4*math.Pi))
}

func unproject(x, y float64, zoom int) (latitude, longitude float64) {
	world := 256 * math.Exp2(float64(zoom))
	return math.Atan(math.Sinh(math.Pi*(1-2*y/world))) * 180 / math.Pi, x/world*360 - 180
}

// at is where a place lies in the piece.
func (f Piece) at(latitude, longitude float64) (x, y float64) {
	x, y = project(latitude, longitude, f.Zoom)
	return x - f.left, y - f.top
}

// Bounds is the piece in degrees, within the world.
func (f Piece) Bounds() client.BoundsInput {
	north, west := unproject(f.left, f.top, f.Zoom)
	south, east := unproject(f.left+f.width, f.top+f.height, f.Zoom)
	return client.BoundsInput{South: max(south, -85), West: max(west, -180), North: min(north, 85), East: min(east, 180)}
}
