package fingerprint

import "math"

// The scale space of SIFT (Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004, section 3), three steps to an octave.
const (
	steps   = 3
	octaves = 3
	sigma   = 1.6
	// present is the blur that a picture scaled down to side is taken to have.
	present = 0.5
)

// octave is the picture at one size, ever more blurred, and the differences between one blur and the next.
type octave struct {
	zoom    float32 // pixels of the full size for one of this
	blurred [steps + 3]plane
	differs [steps + 2]plane
}

func scaleSpace(luma plane) []octave {
	all := make([]octave, 0, octaves)
	base := luma.blur(math.Sqrt(sigma*sigma - present*present))
	step := math.Pow(2, 1.0/steps)
	for zoom := float32(1); len(all) < octaves && min(base.w, base.h) >= 16; zoom *= 2 {
		o := octave{zoom: zoom}
		o.blurred[0] = base
		was := float64(sigma)
		for i := 1; i < len(o.blurred); i++ {
			is := was * step
			o.blurred[i] = o.blurred[i-1].blur(math.Sqrt(is*is - was*was))
			o.differs[i-1] = o.blurred[i].minus(o.blurred[i-1])
			was = is
		}
		all = append(all, o)
		base = o.blurred[steps].half()
	}
	return all
}

// blur is Gaussian; beyond its edges the picture goes on as it ends.
func (p plane) blur(deviation float64) plane {
	radius := int(math.Ceil(3 * deviation))
	kernel := make([]float32, 2*radius+1)
	var sum float32
	for i := range kernel {
		d := float64(i-radius) / deviation
		kernel[i] = float32(math.Exp(-d * d / 2))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	across, out := newPlane(p.w, p.h), newPlane(p.w, p.h)
	padded := make([]float32, p.w+2*radius)
	for y := range p.h {
		row := p.pix[y*p.w : (y+1)*p.w]
		copy(padded[radius:], row)
		for i := range radius {
			padded[i], padded[radius+p.w+i] = row[0], row[p.w-1]
		}
		for x, target := 0, across.pix[y*p.w:(y+1)*p.w]; x < p.w; x++ {
			var v float32
			for i, weight := range kernel {
				v += weight * padded[x+i]
			}
			target[x] = v
		}
	}
	for y := range p.h {
		target := out.pix[y*p.w : (y+1)*p.w]
		for i, weight := range kernel {
			from := min(max(y+i-radius, 0), p.h-1)
			for x, v := range across.pix[from*p.w : (from+1)*p.w] {
				target[x] += weight * v
			}
		}
	}
	return out
}

func (p plane) minus(other plane) plane {
	out := newPlane(p.w, p.h)
	for i, v := range p.pix {
		out.pix[i] = v - other.pix[i]
	}
	return out
}

// half takes every second pixel; what it is called on is blurred enough.
func (p plane) half() plane {
	out := newPlane(p.w/2, p.h/2)
	for y := range out.h {
		for x := range out.w {
			out.pix[y*out.w+x] = p.pix[2*y*p.w+2*x]
		}
	}
	return out
}

// at is the value between pixels; beyond the edges the picture goes on as it ends.
func (p plane) at(x, y float32) float32 {
	x, y = min(max(x, 0), float32(p.w-1)), min(max(y, 0), float32(p.h-1))
	left, top := min(int(x), max(p.w-2, 0)), min(int(y), max(p.h-2, 0))
	dx, dy := x-float32(left), y-float32(top)
	right, below := min(left+1, p.w-1), min(top+1, p.h-1)
	upper := p.pix[top*p.w+left]*(1-dx) + p.pix[top*p.w+right]*dx
	lower := p.pix[below*p.w+left]*(1-dx) + p.pix[below*p.w+right]*dx
	return upper*(1-dy) + lower*dy
}
