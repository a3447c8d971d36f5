package fingerprint_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// photographs are those of testdata, by name.
func photographs(t testing.TB) map[string]*image.RGBA {
	t.Helper()
	files, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d photographs (%v), want at least 20", len(files), err)
	}
	all := map[string]*image.RGBA{}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[filepath.Base(name)] = drawn(img)
	}
	return all
}

func drawn(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}

// scene makes a picture with the statistics of natural ones: detail that falls with its frequency, and things with edges that hide each
// other.
func scene(random *rand.Rand) *image.RGBA {
	const w, h = 320, 240
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	ground := noise(random, w, h)
	for y := range h {
		for x := range w {
			v := uint8(min(max(128+90*ground(float64(x), float64(y)), 0), 255))
			out.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	for range 12 + random.IntN(14) {
		cx, cy := random.Float64()*w, random.Float64()*h
		rx, ry := 6+random.Float64()*50, 6+random.Float64()*50
		round := random.IntN(2) == 0
		sin, cos := math.Sincos(random.Float64() * math.Pi)
		tone, rough := 255*random.Float64(), 60*random.Float64()
		for y := range h {
			for x := range w {
				dx, dy := float64(x)-cx, float64(y)-cy
				u, v := (cos*dx+sin*dy)/rx, (cos*dy-sin*dx)/ry
				if round && u*u+v*v > 1 || !round && max(math.Abs(u), math.Abs(v)) > 1 {
					continue
				}
				c := uint8(min(max(tone+rough*ground(float64(x)*1.7+cx, float64(y)*1.7+cy), 0), 255))
				out.SetRGBA(x, y, color.RGBA{c, c, c, 255})
			}
		}
	}
	return out
}

// noise is smooth noise of five octaves, each half as strong as the one before.
func noise(random *rand.Rand, w, h int) func(x, y float64) float64 {
	const cells = 64
	var lattice [cells][cells]float64
	for y := range lattice {
		for x := range lattice[y] {
			lattice[y][x] = 2*random.Float64() - 1
		}
	}
	value := func(x, y float64) float64 {
		fx, fy := math.Floor(x), math.Floor(y)
		dx, dy := x-fx, y-fy
		dx, dy = dx*dx*(3-2*dx), dy*dy*(3-2*dy)
		at := func(i, j int) float64 { return lattice[(j%cells+cells)%cells][(i%cells+cells)%cells] }
		i, j := int(fx), int(fy)
		return (at(i, j)*(1-dx)+at(i+1, j)*dx)*(1-dy) + (at(i, j+1)*(1-dx)+at(i+1, j+1)*dx)*dy
	}
	return func(x, y float64) (sum float64) {
		size, weight := float64(max(w, h))/3, 1.0
		for range 5 {
			sum += weight * value(x/size+7*weight, y/size)
			size, weight = size/2, weight/2
		}
		return sum
	}
}

// change is something that is done to a picture to use it a second time.
type change struct {
	name string
	do   func(*image.RGBA, *rand.Rand) image.Image
}

var changes = []change{
	{"recompressed at 30", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(p, 30) }},
	{"half the size", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(scaled(p, 0.5), 75) }},
	{"mirrored", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(mirrored(p), 75) }},
	{"30 % brighter", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(toned(p, 0.3, 1), 75) }},
	{"30 % darker", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(toned(p, -0.3, 1), 75) }},
	{"30 % more contrast", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(toned(p, 0, 1.3), 75) }},
	{"30 % less contrast", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(toned(p, 0, 0.7), 75) }},
	{"cropped by 25 % all around", func(p *image.RGBA, _ *rand.Rand) image.Image {
		return saved(cropped(p, 0.125, 0.125, 0.125, 0.125), 75)
	}},
	{"cropped by 25 % at a corner", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(cropped(p, 0.25, 0.25, 0, 0), 75) }},
	{"cropped by 25 % at one side", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(cropped(p, 0, 0, 0.25, 0), 75) }},
	{"cropped by 25 % anyhow", func(p *image.RGBA, random *rand.Rand) image.Image {
		left, top := random.Float64()/4, random.Float64()/4
		return saved(cropped(p, left, top, 0.25-left, 0.25-top), 75)
	}},
	{"turned by 3 degrees", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(turned(p, 3), 75) }},
	{"turned by -2 degrees", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(turned(p, -2), 75) }},
	{"with a white border", func(p *image.RGBA, _ *rand.Rand) image.Image {
		return saved(framed(p, 0.06, 0.06, 0.06, color.White), 75)
	}},
	{"with a caption", func(p *image.RGBA, _ *rand.Rand) image.Image { return saved(framed(p, 0, 0, 0.15, color.Black), 75) }},
	{"several of these at once", func(p *image.RGBA, _ *rand.Rand) image.Image {
		return saved(scaled(toned(turned(mirrored(cropped(p, 0.1, 0.05, 0.05, 0.1)), 1), 0.1, 1.1), 0.7), 40)
	}},
}

func saved(img image.Image, quality int) image.Image {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	out, err := jpeg.Decode(&file)
	if err != nil {
		panic(err)
	}
	return out
}

// warped takes each pixel of the result from where it says.
func warped(p *image.RGBA, w, h int, from func(x, y float64) (float64, float64)) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := from(float64(x), float64(y))
			left, top := math.Floor(sx), math.Floor(sy)
			i, j := int(left), int(top)
			c := color.RGBA{A: 255}
			if i >= 0 && j >= 0 && i+1 < p.Bounds().Dx() && j+1 < p.Bounds().Dy() {
				dx, dy := sx-left, sy-top
				mix := func(channel int) uint8 {
					at := func(x, y int) float64 { return float64(p.Pix[p.PixOffset(x, y)+channel]) }
					return uint8((at(i, j)*(1-dx)+at(i+1, j)*dx)*(1-dy) + (at(i, j+1)*(1-dx)+at(i+1, j+1)*dx)*dy)
				}
				c.R, c.G, c.B = mix(0), mix(1), mix(2)
			}
			out.SetRGBA(x, y, c)
		}
	}
	return out
}

func scaled(p *image.RGBA, by float64) *image.RGBA {
	w, h := int(float64(p.Bounds().Dx())*by), int(float64(p.Bounds().Dy())*by)
	return warped(p, w, h, func(x, y float64) (float64, float64) { return (x+0.5)/by - 0.5, (y+0.5)/by - 0.5 })
}

func mirrored(p *image.RGBA) *image.RGBA {
	out := image.NewRGBA(p.Bounds())
	w := p.Bounds().Dx()
	for y := range p.Bounds().Dy() {
		for x := range w {
			out.SetRGBA(w-1-x, y, p.RGBAAt(x, y))
		}
	}
	return out
}

func turned(p *image.RGBA, degrees float64) *image.RGBA {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(w)/2, float64(h)/2
	return warped(p, w, h, func(x, y float64) (float64, float64) {
		return cos*(x-cx) + sin*(y-cy) + cx, cos*(y-cy) - sin*(x-cx) + cy
	})
}

func toned(p *image.RGBA, brighter, contrast float64) *image.RGBA {
	out := image.NewRGBA(p.Bounds())
	for i, v := range p.Pix {
		out.Pix[i] = uint8(min(max((float64(v)-128)*contrast+128+255*brighter, 0), 255))
		if i%4 == 3 {
			out.Pix[i] = 255
		}
	}
	return out
}

func cropped(p *image.RGBA, left, top, right, bottom float64) *image.RGBA {
	w, h := float64(p.Bounds().Dx()), float64(p.Bounds().Dy())
	return drawn(p.SubImage(image.Rect(int(left*w), int(top*h), int((1-right)*w), int((1-bottom)*h))))
}

func framed(p *image.RGBA, sides, top, bottom float64, c color.Color) *image.RGBA {
	w, h := float64(p.Bounds().Dx()), float64(p.Bounds().Dy())
	out := image.NewRGBA(image.Rect(0, 0, int(w*(1+2*sides)), int(h*(1+top+bottom))))
	draw.Draw(out, out.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	draw.Draw(out, p.Bounds().Add(image.Pt(int(sides*w), int(top*h))), p, image.Point{}, draw.Src)
	return out
}
