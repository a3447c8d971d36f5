package strip

import (
	"image"
	"image/color"
	"image/draw"
)

// plain brings a decoded picture into one of three forms: *image.YCbCr (photographs, as the decoder left them), *image.Gray and
// *image.NRGBA, all with 8 bits a sample and the origin at 0,0. Where it can it does so in the memory that the picture is in already.
// Colours of wholly transparent pixels are made zero: nobody sees them, and cropped pictures have been found there.
func plain(m image.Image) image.Image {
	switch m := m.(type) {
	case *image.YCbCr:
		return moved(m)
	case *image.Gray:
		return &image.Gray{Pix: m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):], Stride: m.Stride, Rect: zeroed(m.Rect)}
	case *image.NYCbCrA:
		if m.Opaque() {
			return moved(&m.YCbCr)
		}
	case *image.RGBA:
		if m.Opaque() {
			return (*image.NRGBA)(m)
		}
	case *image.NRGBA:
		return hideInvisible(m)
	case *image.CMYK:
		for i := 0; i+3 < len(m.Pix); i += 4 {
			p := m.Pix[i : i+4 : i+4]
			p[0], p[1], p[2] = color.CMYKToRGB(p[0], p[1], p[2], p[3])
			p[3] = 0xff
		}
		return (*image.NRGBA)(m)
	case *image.Gray16:
		return &image.Gray{Pix: halve(m.Pix), Stride: m.Stride / 2, Rect: m.Rect}
	case *image.RGBA64:
		if m.Opaque() {
			return &image.NRGBA{Pix: halve(m.Pix), Stride: m.Stride / 2, Rect: m.Rect}
		}
	case *image.NRGBA64:
		return hideInvisible(&image.NRGBA{Pix: halve(m.Pix), Stride: m.Stride / 2, Rect: m.Rect})
	}
	copied := image.NewNRGBA(zeroed(m.Bounds()))
	draw.Draw(copied, copied.Rect, m, m.Bounds().Min, draw.Src)
	return hideInvisible(copied)
}

// halve keeps the upper byte of each 16-bit sample, in place.
func halve(pix []byte) []byte {
	for i := 0; i < len(pix)/2; i++ {
		pix[i] = pix[2*i]
	}
	return pix[:len(pix)/2]
}

func hideInvisible(m *image.NRGBA) *image.NRGBA {
	for i := 0; i+3 < len(m.Pix); i += 4 {
		if p := m.Pix[i : i+4 : i+4]; p[3] == 0 {
			p[0], p[1], p[2] = 0, 0, 0
		}
	}
	return m
}

func moved(m *image.YCbCr) *image.YCbCr {
	at := m.Rect.Min
	return &image.YCbCr{
		Y: m.Y[m.YOffset(at.X, at.Y):], Cb: m.Cb[m.COffset(at.X, at.Y):], Cr: m.Cr[m.COffset(at.X, at.Y):],
		YStride: m.YStride, CStride: m.CStride, SubsampleRatio: m.SubsampleRatio, Rect: zeroed(m.Rect),
	}
}

func zeroed(r image.Rectangle) image.Rectangle { return image.Rect(0, 0, r.Dx(), r.Dy()) }
