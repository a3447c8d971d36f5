package fingerprint

import (
	"cmp"
	"math"
	"slices"
)

// grid is how many samples across a spot's surroundings are taken.
const grid = 24

// frequencies each way are computed, the constant one included.
const frequencies = 10

// wave is one of the frequencies of which a hash keeps the sign.
type wave struct{ u, v int }

var (
	waves  = lowest()
	cosine = func() (t [frequencies][grid]float32) {
		for u := range t {
			for x := range t[u] {
				t[u][x] = float32(math.Cos(math.Pi * (float64(x) + 0.5) * float64(u) / grid))
			}
		}
		return t
	}()
	window = func() (t [grid]float32) {
		for x := range t {
			d := (float64(x) + 0.5 - grid/2) / (grid / 2)
			t[x] = float32(math.Exp(-d * d))
		}
		return t
	}()
	// mirror flips the waves that a mirror turns over.
	mirror = func() (mask uint64) {
		for i, w := range waves {
			if w.u%2 == 1 {
				mask |= 1 << i
			}
		}
		return mask
	}()
)

// lowest are the 64 lowest frequencies but for the constant one.
func lowest() [64]wave {
	var all []wave
	for u := range frequencies {
		for v := range frequencies {
			if u+v > 0 {
				all = append(all, wave{u, v})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b wave) int { return cmp.Compare(a.u*a.u+a.v*a.v, b.u*b.u+b.v*b.v) })
	return [64]wave(all)
}

// hash is the perceptual hash (pHash) of a spot's surroundings: the signs of the lowest waves of their cosine transform. The middle
// counts more than the rim, which another scale or a slight turn moves.
func (o *octave) hash(s spot) uint64 {
	p := o.blurred[s.level]
	var samples [grid][grid]float32
	var sum, weight float32
	spacing := 2 * reach * s.scale / grid
	for j := range grid {
		y := (s.y + (float32(j)+0.5-grid/2)*spacing) / o.zoom
		for i := range grid {
			x := (s.x + (float32(i)+0.5-grid/2)*spacing) / o.zoom
			v, w := p.at(x, y), window[i]*window[j]
			samples[j][i] = v
			sum += v * w
			weight += w
		}
	}
	mean := sum / weight
	var rows [grid][frequencies]float32
	for j := range grid {
		for i := range grid {
			v := (samples[j][i] - mean) * window[i] * window[j]
			for u := range frequencies {
				rows[j][u] += v * cosine[u][i]
			}
		}
	}
	var hash uint64
	for i, w := range waves {
		var c float32
		for j := range grid {
			c += rows[j][w.u] * cosine[w.v][j]
		}
		if c > 0 {
			hash |= 1 << i
		}
	}
	return hash
}
