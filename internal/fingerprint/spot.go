package fingerprint

import (
	"cmp"
	"slices"
)

// spot is a place of the picture that stands out from its surroundings at some scale, in pixels of the full size.
type spot struct {
	x, y, scale   float32
	strength      float32
	octave, level int
}

const (
	// faint is the least difference in brightness that counts, of 1; below lies noise.
	faint = 0.003
	// sharpest is how much more brightness may bend one way than the other.
	sharpest = 10
	// reach is how far the surroundings that are hashed go from the middle, in scales; inside says how much of that must lie in the
	// picture.
	reach  = 7
	inside = 0.75
)

// spots are the extrema of the differences over place and scale, the strongest first. Those on edges are left out: they slip along.
func spots(space []octave) []spot {
	var found []spot
	for n := range space {
		o := &space[n]
		for level := 1; level <= steps; level++ {
			d := o.differs[level]
			for y := 1; y < d.h-1; y++ {
				for x := 1; x < d.w-1; x++ {
					v := d.pix[y*d.w+x]
					if v < faint && v > -faint || !o.extremum(level, x, y, v) || d.edge(x, y) {
						continue
					}
					s := o.refine(level, x, y, v)
					s.octave = n
					if o.holds(s) {
						found = append(found, s)
					}
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b spot) int { return cmp.Compare(b.strength, a.strength) })
	return found
}

func (o *octave) extremum(level, x, y int, v float32) bool {
	for l := level - 1; l <= level+1; l++ {
		d := o.differs[l]
		for j := y - 1; j <= y+1; j++ {
			for i := x - 1; i <= x+1; i++ {
				other := d.pix[j*d.w+i]
				if l == level && i == x && j == y {
					continue
				}
				if v > 0 && other >= v || v < 0 && other <= v {
					return false
				}
			}
		}
	}
	return true
}

// edge tells whether brightness bends much more in one direction than across it (Lowe, section 4.1).
func (p plane) edge(x, y int) bool {
	at := func(dx, dy int) float32 { return p.pix[(y+dy)*p.w+x+dx] }
	v := at(0, 0)
	xx, yy := at(1, 0)+at(-1, 0)-2*v, at(0, 1)+at(0, -1)-2*v
	xy := (at(1, 1) - at(-1, 1) - at(1, -1) + at(-1, -1)) / 4
	trace, determinant := xx+yy, xx*yy-xy*xy
	return determinant <= 0 || trace*trace*sharpest >= (sharpest+1)*(sharpest+1)*determinant
}

// refine places the top between pixels and scales.
func (o *octave) refine(level, x, y int, v float32) spot {
	d := o.differs[level]
	i := y*d.w + x
	dx := vertex(d.pix[i-1], v, d.pix[i+1])
	dy := vertex(d.pix[i-d.w], v, d.pix[i+d.w])
	ds := vertex(o.differs[level-1].pix[i], v, o.differs[level+1].pix[i])
	return spot{
		x: (float32(x) + dx) * o.zoom, y: (float32(y) + dy) * o.zoom, strength: max(v, -v), level: level,
		scale: sigma * o.zoom * pow2((float32(level)+ds)/steps),
	}
}

// vertex is where a parabola through three values has its top, from the middle one.
func vertex(before, middle, after float32) float32 {
	bend := before + after - 2*middle
	if bend == 0 {
		return 0
	}
	return min(max((before-after)/(2*bend), -0.5), 0.5)
}

func (o *octave) holds(s spot) bool {
	r := inside * reach * s.scale
	w, h := float32(o.differs[0].w)*o.zoom, float32(o.differs[0].h)*o.zoom
	return s.x-r >= 0 && s.y-r >= 0 && s.x+r < w && s.y+r < h
}
