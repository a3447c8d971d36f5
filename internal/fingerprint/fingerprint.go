// Package fingerprint tells whether one picture was made from another: the same shot cropped, mirrored, turned a little, scaled,
// recompressed, made brighter or darker, framed or captioned. It says nothing about two shots of the same place; those differ.
//
// A Print holds up to 40 spots of a picture that stand out at some scale, each with a perceptual hash (pHash) of its surroundings. What
// is left of a picture after a crop keeps its spots, where a hash of the whole would change. Two prints are of one picture when several
// spots look alike and lie to each other as they did, by one shift, zoom and slight turn, mirrored or not.
//
// To find one print among many without comparing them all, keep with each picture what Words says in a column "words int[]" with an
// inverted index (GIN), and look for those that share one with what Probes says:
//
//	SELECT p.id, p.fingerprint FROM unnest($1::int[]) AS probe JOIN picture AS p ON p.words @> ARRAY[probe]
//
// It gives a picture once for each word that is shared. (WHERE words && $1 means the same, but PostgreSQL takes 128 numbers for half of
// the table, and reads it whole.) Of unrelated pictures one or two in a thousand come along; Compare sorts those out at some microseconds
// each.
//
// A print shows nothing that a person could recognise, but it tells whether somebody who has a picture has this one. It is as private as
// the picture. The functions keep nothing and are safe for use by many goroutines.
package fingerprint

import (
	"encoding/binary"
	"errors"
	"image"
	"math"
)

// most is how many spots a print keeps, the strongest.
const most = 40

// Print is what is kept of a picture. The zero Print is of a picture that shows nothing.
type Print struct {
	right  uint8 // the last column of the scaled picture
	points []point
}

// point is a spot as it is kept.
type point struct {
	x, y  uint8 // pixels of the scaled picture
	scale uint8 // in steps of which scaleSteps double it
	hash  uint64
}

const scaleSteps = 32

// Of takes a picture's print. The caller has seen to it that the picture is not too large, and stands upright: a print does not know a
// picture that was turned by a quarter.
func Of(img image.Image) Print {
	luma := lumaOf(img)
	space := scaleSpace(luma)
	p := Print{right: uint8(max(luma.w, 1) - 1)}
	found := spots(space)
	for _, s := range found[:min(most, len(found))] {
		p.points = append(p.points, point{
			x: uint8(s.x + 0.5), y: uint8(s.y + 0.5), hash: space[s.octave].hash(s),
			scale: uint8(math.Round(scaleSteps * math.Log2(float64(s.scale)/sigma))),
		})
	}
	return p
}

// Bare tells that the picture has too little in it to be known again: a wall, a clear sky, the dark.
func (p Print) Bare() bool { return len(p.points) < enough }

// mirrored is the print of the picture in a mirror.
func (p Print) mirrored() Print {
	m := Print{right: p.right, points: make([]point, len(p.points))}
	for i, q := range p.points {
		q.x = p.right - min(q.x, p.right)
		q.hash ^= mirror
		m.points[i] = q
	}
	return m
}

const (
	version   = 1
	header    = 2
	pointSize = 3 + 8
)

// Bytes is the print as it is stored: at most 442 bytes.
func (p Print) Bytes() []byte {
	out := make([]byte, header, header+len(p.points)*pointSize)
	out[0], out[1] = version, p.right
	for _, q := range p.points {
		out = binary.BigEndian.AppendUint64(append(out, q.x, q.y, q.scale), q.hash)
	}
	return out
}

// Parse reads what Bytes wrote.
func Parse(stored []byte) (Print, error) {
	if len(stored) < header || stored[0] != version {
		return Print{}, errors.New("fingerprint: not of a version that is known")
	}
	spots := stored[header:]
	if len(spots)%pointSize != 0 || len(spots) > most*pointSize {
		return Print{}, errors.New("fingerprint: cut off or too long")
	}
	p := Print{right: stored[1]}
	for ; len(spots) > 0; spots = spots[pointSize:] {
		p.points = append(p.points, point{
			x: spots[0], y: spots[1], scale: spots[2], hash: binary.BigEndian.Uint64(spots[3:pointSize]),
		})
	}
	return p, nil
}
