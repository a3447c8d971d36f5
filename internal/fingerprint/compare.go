package fingerprint

import (
	"math"
	"math/bits"
)

const (
	// alike is how many of 64 bits may differ between the hashes of one spot.
	alike = 14
	// enough is how many spots must agree. Four agree by chance in about 60 of a million pairs of pictures, six in three.
	enough = 6
	// off is how far from its place a spot may lie, in pixels of the scaled picture.
	off = 4
	// apart is how far from each other two spots must lie for the way from picture to picture to be read off them.
	apart = 20
	// farthest zoom and steepest turn (the tangent of 10 degrees) that count as the same picture.
	farthest = 2.5
	steepest = 0.18
	// perSpot bounds how many counterparts of one spot are tried, and so what comparing two pictures of one pattern can cost.
	perSpot = 2
)

// Match says how much of one picture is found in another.
type Match struct {
	Spots    int     // that agree
	Mirrored bool    // one is the other in a mirror
	Zoom     float64 // how much larger the second shows what both show; above 1 where it was cropped
	Degrees  float64 // by how much it was turned, clockwise
}

// Same tells whether one picture was made from the other.
func (m Match) Same() bool { return m.Spots >= enough }

// Compare looks for one picture in the other.
func Compare(a, b Print) Match {
	straight, turned := compare(a, b), compare(a.mirrored(), b)
	if turned.Spots > straight.Spots {
		turned.Mirrored = true
		return turned
	}
	return straight
}

// pair is a spot of each picture, of which one may be the other.
type pair struct {
	i, j           int
	ax, ay, bx, by float32
	zoom           float32 // by their scales
}

func compare(a, b Print) Match {
	pairs := pairsOf(a, b)
	var best Match
	for n := range pairs {
		for m := range pairs[:n] {
			if w, ok := wayBetween(&pairs[n], &pairs[m]); ok {
				if spots := w.agreeing(pairs); spots > best.Spots {
					best = Match{Spots: spots, Zoom: float64(w.zoom), Degrees: math.Atan2(float64(w.sin), float64(w.cos)) * 180 / math.Pi}
				}
			}
		}
	}
	return best
}

// pairsOf finds for each spot of a those of b that look most like it.
func pairsOf(a, b Print) []pair {
	var pairs []pair
	for i, p := range a.points {
		nearest, distances := [perSpot]int{}, [perSpot]int{}
		found := 0
		for j, q := range b.points {
			distance := bits.OnesCount64(p.hash ^ q.hash)
			if distance > alike {
				continue
			}
			at := found
			for at > 0 && distances[at-1] > distance {
				at--
			}
			if at == perSpot {
				continue
			}
			copy(nearest[at+1:], nearest[at:])
			copy(distances[at+1:], distances[at:])
			nearest[at], distances[at] = j, distance
			found = min(found+1, perSpot)
		}
		for _, j := range nearest[:found] {
			q := b.points[j]
			pairs = append(pairs, pair{
				i: i, j: j, ax: float32(p.x), ay: float32(p.y), bx: float32(q.x), by: float32(q.y),
				zoom: pow2((float32(q.scale) - float32(p.scale)) / scaleSteps),
			})
		}
	}
	return pairs
}

// way leads from places of one picture to those of the other: a turn and zoom around one spot.
type way struct {
	from           *pair
	cos, sin, zoom float32 // cos and sin hold the zoom already
}

func wayBetween(one, two *pair) (way, bool) {
	ax, ay, bx, by := two.ax-one.ax, two.ay-one.ay, two.bx-one.bx, two.by-one.by
	square := ax*ax + ay*ay
	if square < apart*apart {
		return way{}, false
	}
	w := way{from: one, cos: (ax*bx + ay*by) / square, sin: (ax*by - ay*bx) / square}
	w.zoom = float32(math.Hypot(float64(w.cos), float64(w.sin)))
	return w, w.cos > 0 && max(w.sin, -w.sin) <= steepest*w.cos && w.zoom <= farthest && w.zoom >= 1/farthest
}

// agreeing counts the pairs that lie on the way, each spot once.
func (w way) agreeing(pairs []pair) int {
	var left, right uint64
	reach := off * max(1, w.zoom)
	count := 0
	for i := range pairs {
		p := &pairs[i]
		if ratio := p.zoom / w.zoom; ratio < 0.75 || ratio > 1.33 {
			continue
		}
		x, y := p.ax-w.from.ax, p.ay-w.from.ay
		dx, dy := w.cos*x-w.sin*y-(p.bx-w.from.bx), w.sin*x+w.cos*y-(p.by-w.from.by)
		if dx*dx+dy*dy > reach*reach || left>>p.i&1 == 1 || right>>p.j&1 == 1 {
			continue
		}
		left |= 1 << p.i
		right |= 1 << p.j
		count++
	}
	return count
}

func pow2(x float32) float32 { return float32(math.Exp2(float64(x))) }
