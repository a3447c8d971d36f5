package strip

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
)

// conversion brings colours of another RGB space (Display P3 on most phones) into sRGB, which is what pictures without a profile are
// shown in. Whole numbers throughout: 16 bits for linear light, 14 for the matrix.
type conversion struct {
	linear [3][256]int32
	matrix [3][3]int32
	back   [4096]byte // linear light in 12 bits to sRGB
}

// toSRGB is the inverse of sRGB's primaries as profiles write them, adapted to the white of D50 (ICC.1, annex E; Lindbloom).
var toSRGB = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// parseProfile reads profiles made of a matrix and three curves (ICC.1 section 8.4). It is nil for those of another make (printers',
// greyscale), for damaged ones, and for those so close to sRGB that nobody sees it: such pictures keep their numbers.
func parseProfile(profile []byte) *conversion {
	if len(profile) < 132 || string(profile[16:20]) != "RGB " || string(profile[20:24]) != "XYZ " {
		return nil
	}
	tag := func(name string) []byte {
		for i := range min(binary.BigEndian.Uint32(profile[128:]), 64) {
			at := 132 + 12*int(i)
			if at+12 > len(profile) {
				return nil
			}
			if string(profile[at:at+4]) != name {
				continue
			}
			from, length := uint64(binary.BigEndian.Uint32(profile[at+4:])), uint64(binary.BigEndian.Uint32(profile[at+8:]))
			if from+length > uint64(len(profile)) {
				return nil
			}
			return profile[from : from+length]
		}
		return nil
	}
	var c conversion
	var primaries [3][3]float64
	worst := 0.0
	for i, channel := range []string{"r", "g", "b"} {
		xyz := tag(channel + "XYZ")
		curve := parseCurve(tag(channel + "TRC"))
		if len(xyz) < 20 || curve == nil {
			return nil
		}
		for j := range 3 {
			primaries[j][i] = fixed(xyz[8+4*j:])
		}
		for v := range 256 {
			light := curve(float64(v) / 255)
			if !(light > 0) { // also what is not a number
				light = 0
			}
			light = min(light, 1)
			c.linear[i][v] = int32(light*65535 + 0.5)
			worst = max(worst, math.Abs(encodeSRGB(light)-float64(v)/255))
		}
	}
	for i := range 3 {
		for j := range 3 {
			var sum, same float64
			for k := range 3 {
				sum += toSRGB[i][k] * primaries[k][j]
			}
			if math.Abs(sum) > 4 {
				return nil
			}
			if i == j {
				same = 1
			}
			worst = max(worst, math.Abs(sum-same))
			c.matrix[i][j] = int32(math.Round(sum * (1 << 14)))
		}
	}
	if worst < 0.015 {
		return nil
	}
	for i := range c.back {
		c.back[i] = byte(encodeSRGB(float64(i)/4095)*255 + 0.5)
	}
	return &c
}

func fixed(raw []byte) float64 { return float64(int32(binary.BigEndian.Uint32(raw))) / 65536 }

func encodeSRGB(light float64) float64 {
	if light <= 0.0031308 {
		return 12.92 * light
	}
	return 1.055*math.Pow(light, 1/2.4) - 0.055
}

// parseCurve gives the function from a stored value to linear light; both are between 0 and 1.
func parseCurve(raw []byte) func(float64) float64 {
	if len(raw) < 12 {
		return nil
	}
	switch string(raw[:4]) {
	case "curv":
		n := int(binary.BigEndian.Uint32(raw[8:]))
		switch {
		case n == 0:
			return func(v float64) float64 { return v }
		case n < 0 || n > 1<<16 || len(raw) < 12+2*n:
			return nil
		case n == 1:
			gamma := float64(binary.BigEndian.Uint16(raw[12:])) / 256
			return func(v float64) float64 { return math.Pow(v, gamma) }
		}
		return func(v float64) float64 {
			return float64(binary.BigEndian.Uint16(raw[12+2*int(v*float64(n-1)+0.5):])) / 65535
		}
	case "para":
		kind := int(binary.BigEndian.Uint16(raw[8:]))
		counts := []int{1, 3, 4, 5, 7}
		if kind >= len(counts) || len(raw) < 12+4*counts[kind] {
			return nil
		}
		var p [7]float64 // g a b c d e f
		p[1] = 1
		for i := range counts[kind] {
			p[i] = fixed(raw[12+4*i:])
		}
		g, a, b, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
		switch kind {
		case 1, 2: // below -b/a it is the constant c, which is 0 in the first kind
			return func(v float64) float64 {
				if a*v+b >= 0 {
					return math.Pow(a*v+b, g) + c
				}
				return c
			}
		case 0, 3, 4:
			return func(v float64) float64 {
				if v >= d {
					return math.Pow(a*v+b, g) + e
				}
				return c*v + f
			}
		}
	}
	return nil
}

func (c *conversion) rgb(r, g, b byte) (byte, byte, byte) {
	x, y, z := c.linear[0][r], c.linear[1][g], c.linear[2][b]
	return c.out(0, x, y, z), c.out(1, x, y, z), c.out(2, x, y, z)
}

func (c *conversion) out(channel int, x, y, z int32) byte {
	row := &c.matrix[channel]
	light := (int64(row[0])*int64(x) + int64(row[1])*int64(y) + int64(row[2])*int64(z)) >> 18
	return c.back[min(max(light, 0), 4095)]
}

// apply converts in place; grey has no primaries and stays.
func (c *conversion) apply(m image.Image) {
	switch m := m.(type) {
	case *image.NRGBA:
		for i := 0; i+3 < len(m.Pix); i += 4 {
			p := m.Pix[i : i+4 : i+4]
			p[0], p[1], p[2] = c.rgb(p[0], p[1], p[2])
		}
	case *image.YCbCr:
		c.applyYCbCr(m)
	}
}

// applyYCbCr goes from one chroma sample to the next: all pixels that share it are read before it is written.
func (c *conversion) applyYCbCr(m *image.YCbCr) {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	stepX, stepY := 1, 1
	for stepX < width && m.COffset(stepX, 0) == m.COffset(0, 0) {
		stepX++
	}
	for stepY < height && m.COffset(0, stepY) == m.COffset(0, 0) {
		stepY++
	}
	for top := 0; top < height; top += stepY {
		for left := 0; left < width; left += stepX {
			at := m.COffset(left, top)
			var sumB, sumR, n int
			for y := top; y < min(top+stepY, height); y++ {
				for x := left; x < min(left+stepX, width); x++ {
					i := y*m.YStride + x
					r, g, b := c.rgb(color.YCbCrToRGB(m.Y[i], m.Cb[at], m.Cr[at]))
					light, cb, cr := color.RGBToYCbCr(r, g, b)
					m.Y[i] = light
					sumB, sumR, n = sumB+int(cb), sumR+int(cr), n+1
				}
			}
			m.Cb[at], m.Cr[at] = byte((sumB+n/2)/n), byte((sumR+n/2)/n)
		}
	}
}
