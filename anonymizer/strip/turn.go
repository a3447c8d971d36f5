package strip

import (
	"image"
	"image/draw"
)

// turn sets a picture upright. orientation is EXIF's: 1 to 8 say which edge of the stored picture is the top and which the left;
// anything else means that it is upright already.
func turn(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	across := orientation >= 5 // rows become columns
	rect := m.Bounds()
	if across {
		rect = image.Rect(0, 0, rect.Dy(), rect.Dx())
	}
	switch m := m.(type) {
	case *image.Gray:
		return &image.Gray{Pix: turnPlane(m.Pix, m.Stride, m.Rect.Dx(), m.Rect.Dy(), 1, orientation), Stride: rect.Dx(), Rect: rect}
	case *image.NRGBA:
		return &image.NRGBA{Pix: turnPlane(m.Pix, m.Stride, m.Rect.Dx(), m.Rect.Dy(), 4, orientation), Stride: 4 * rect.Dx(), Rect: rect}
	case *image.YCbCr:
		ratio, known := m.SubsampleRatio, true
		if across {
			ratio, known = acrossRatio[ratio]
		}
		if !known {
			return turn(toRGB(m), orientation)
		}
		width, height := m.Rect.Dx(), m.Rect.Dy()
		// The size of the chroma planes, which is where the last pixel's sample is.
		last := m.COffset(width-1, height-1)
		cw, ch := last%m.CStride+1, last/m.CStride+1
		cStride := cw
		if across {
			cStride = ch
		}
		return &image.YCbCr{
			Y:       turnPlane(m.Y, m.YStride, width, height, 1, orientation),
			Cb:      turnPlane(m.Cb, m.CStride, cw, ch, 1, orientation),
			Cr:      turnPlane(m.Cr, m.CStride, cw, ch, 1, orientation),
			YStride: rect.Dx(), CStride: cStride, SubsampleRatio: ratio, Rect: rect,
		}
	}
	return m
}

// acrossRatio says how chroma is subsampled once rows have become columns; 4:1:1 and 4:1:0 have no such form.
var acrossRatio = map[image.YCbCrSubsampleRatio]image.YCbCrSubsampleRatio{
	image.YCbCrSubsampleRatio444: image.YCbCrSubsampleRatio444,
	image.YCbCrSubsampleRatio420: image.YCbCrSubsampleRatio420,
	image.YCbCrSubsampleRatio422: image.YCbCrSubsampleRatio440,
	image.YCbCrSubsampleRatio440: image.YCbCrSubsampleRatio422,
}

func toRGB(m *image.YCbCr) *image.NRGBA {
	rgb := image.NewRGBA(m.Rect)
	draw.Draw(rgb, rgb.Rect, m, m.Rect.Min, draw.Src)
	return (*image.NRGBA)(rgb)
}

// turnPlane reads the plane in the order in which the upright one is written. size is in bytes a pixel.
func turnPlane(src []byte, stride, width, height, size, orientation int) []byte {
	dst := make([]byte, 0, width*height*size)
	// Where the upright picture begins in the stored one, and the steps in it to the right and down.
	right, down := size, stride
	fromRight := orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	fromBottom := orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	start := 0
	if fromRight {
		start += (width - 1) * size
		right = -right
	}
	if fromBottom {
		start += (height - 1) * stride
		down = -down
	}
	columns, rows := width, height
	if orientation >= 5 {
		right, down = down, right
		columns, rows = rows, columns
	}
	for row := range rows {
		at := start + row*down
		if size == 1 {
			for range columns {
				dst = append(dst, src[at])
				at += right
			}
			continue
		}
		for range columns {
			dst = append(dst, src[at:at+size]...)
			at += right
		}
	}
	return dst
}
