package fingerprint

import (
	"image"
	"image/color"
)

// side is the length, in pixels, of a picture's longer side while it is looked at. Finer detail does not outlive recompression, and
// coarser would lose what tells streets apart.
const side = 256

// plane is brightness by rows, 0 to 1.
type plane struct {
	w, h int
	pix  []float32
}

func newPlane(w, h int) plane { return plane{w: w, h: h, pix: make([]float32, w*h)} }

// lumaOf is the picture's brightness, scaled so that the longer side has as many pixels as side says. Only a picture's proportions are
// left of its size, so that the same picture is the same at any resolution.
func lumaOf(img image.Image) plane {
	bounds := img.Bounds()
	w, h := bounds.Dx(), bounds.Dy()
	if w <= 0 || h <= 0 {
		return plane{}
	}
	out := newPlane(side, max(1, (h*side+w/2)/w))
	if h > w {
		out = newPlane(max(1, (w*side+h/2)/h), side)
	}
	row := rowReader(img)
	across := spans(w, out.w)
	line, sums := make([]float32, w), make([]float32, out.w)
	next := 0 // the source row that is read next
	for y, span := range spans(h, out.h) {
		clear(sums)
		var weight float32
		for source := span.first; source <= span.last; source++ {
			if source >= next {
				row(source, line)
				next = source + 1
			}
			share := span.share(source)
			weight += share
			for x := range sums {
				sums[x] += share * across[x].mean(line)
			}
		}
		for x, sum := range sums {
			out.pix[y*out.w+x] = sum / (weight * 255)
		}
	}
	return out
}

// span is the stretch of source pixels under one pixel of the result, whole ones from first to last with the shares of the two outermost.
type span struct {
	first, last      int
	opening, closing float32
}

func spans(source, result int) []span {
	all := make([]span, result)
	for i := range all {
		from, to := float64(i)*float64(source)/float64(result), float64(i+1)*float64(source)/float64(result)
		s := span{first: int(from), last: min(int(to), source-1)}
		s.opening = float32(1 - (from - float64(s.first)))
		s.closing = float32(to - float64(s.last))
		if s.first == s.last {
			s.opening, s.closing = 1, 1
		}
		all[i] = s
	}
	return all
}

func (s span) share(i int) float32 {
	switch i {
	case s.first:
		return s.opening
	case s.last:
		return s.closing
	}
	return 1
}

func (s span) mean(line []float32) float32 {
	if s.first == s.last {
		return line[s.first]
	}
	sum, weight := s.opening*line[s.first]+s.closing*line[s.last], s.opening+s.closing
	for _, v := range line[s.first+1 : s.last] {
		sum += v
	}
	return sum / (weight + float32(s.last-s.first-1))
}

// rowReader reads rows of brightness, 0 to 255; the kinds that decoders make without a call for each pixel. What is transparent counts as
// black, as it would be stored.
func rowReader(img image.Image) func(y int, line []float32) {
	b := img.Bounds()
	rgba := func(pix []uint8, offset func(x, y int) int) func(int, []float32) {
		return func(y int, line []float32) {
			at := offset(b.Min.X, b.Min.Y+y)
			for x := range line {
				p := pix[at+4*x : at+4*x+3 : at+4*x+3]
				line[x] = 0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])
			}
		}
	}
	bytes := func(pix []uint8, offset func(x, y int) int) func(int, []float32) {
		return func(y int, line []float32) {
			at := offset(b.Min.X, b.Min.Y+y)
			for x, v := range pix[at : at+len(line)] {
				line[x] = float32(v)
			}
		}
	}
	switch img := img.(type) {
	case *image.YCbCr:
		return bytes(img.Y, img.YOffset)
	case *image.Gray:
		return bytes(img.Pix, img.PixOffset)
	case *image.RGBA:
		return rgba(img.Pix, img.PixOffset)
	case *image.NRGBA:
		return rgba(img.Pix, img.PixOffset)
	}
	return func(y int, line []float32) {
		for x := range line {
			line[x] = float32(color.Gray16Model.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray16).Y) / 257
		}
	}
}
