package strip

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// thumbnail is a small JPEG on white. The picture is first shrunk by whole steps, each pixel the mean of a square, and then smoothly
// the rest of the way; going there at once would need a row of floating-point numbers for each row of the original.
func thumbnail(m image.Image, edge int) ([]byte, error) {
	size := m.Bounds().Size()
	longer := max(size.X, size.Y)
	step := max(1, longer/(2*max(1, edge)))
	small := shrink(m, step)
	width, height := size.X, size.Y
	if longer > edge {
		width, height = max(1, size.X*edge/longer), max(1, size.Y*edge/longer)
	}
	sheet := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(sheet, sheet.Rect, small, small.Bounds(), draw.Over, nil)
	var b bytes.Buffer
	err := jpeg.Encode(&b, sheet, &jpeg.Options{Quality: quality - 5})
	return b.Bytes(), err
}

// shrink makes each square of step by step pixels one pixel; at the right and lower edge the squares are cut.
func shrink(m image.Image, step int) image.Image {
	size := m.Bounds().Size()
	if step == 1 {
		return m
	}
	small := image.NewRGBA(image.Rect(0, 0, (size.X+step-1)/step, (size.Y+step-1)/step))
	for y := range small.Rect.Dy() {
		top, bottom := y*step, min((y+1)*step, size.Y)
		for x := range small.Rect.Dx() {
			c := mean(m, x*step, top, min((x+1)*step, size.X), bottom)
			copy(small.Pix[small.PixOffset(x, y):], c[:])
		}
	}
	return small
}

// mean is the colour of a rectangle, its transparency multiplied in.
func mean(m image.Image, left, top, right, bottom int) [4]byte {
	n := (right - left) * (bottom - top)
	var sum [4]int
	switch m := m.(type) {
	case *image.Gray:
		for y := top; y < bottom; y++ {
			for _, v := range m.Pix[y*m.Stride+left : y*m.Stride+right] {
				sum[0] += int(v)
			}
		}
		v := byte(sum[0] / n)
		return [4]byte{v, v, v, 0xff}
	case *image.NRGBA:
		for y := top; y < bottom; y++ {
			row := m.Pix[y*m.Stride+4*left : y*m.Stride+4*right]
			for ; len(row) >= 4; row = row[4:] {
				alpha := int(row[3])
				sum[0] += int(row[0]) * alpha
				sum[1] += int(row[1]) * alpha
				sum[2] += int(row[2]) * alpha
				sum[3] += alpha
			}
		}
		return [4]byte{byte(sum[0] / 255 / n), byte(sum[1] / 255 / n), byte(sum[2] / 255 / n), byte(sum[3] / n)}
	case *image.YCbCr:
		for y := top; y < bottom; y++ {
			for x := left; x < right; x++ {
				c := m.COffset(x, y)
				sum[0] += int(m.Y[y*m.YStride+x])
				sum[1] += int(m.Cb[c])
				sum[2] += int(m.Cr[c])
			}
		}
		r, g, b := color.YCbCrToRGB(byte(sum[0]/n), byte(sum[1]/n), byte(sum[2]/n))
		return [4]byte{r, g, b, 0xff}
	}
	return [4]byte{}
}
