package strip

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// quality is that of JPEG files written here: what is coarser shows in small print, what is finer keeps the noise of the sensor.
const quality = 85

// cleanPicture decodes to pixels, sets them upright and into sRGB, and writes them anew. Large pictures are not scaled down: the number
// on a meter or the plate on a pole may be all that a picture was taken for.
func cleanPicture(raw []byte, f format, limits Limits) (*Clean, error) {
	config, err := decodeConfig(raw, f)
	if err != nil {
		return nil, errDamaged()
	}
	if err := fits(config.Width, config.Height, limits); err != nil {
		return nil, err
	}
	about, ok := readMetadata(raw, f)
	if !ok {
		return nil, errDamaged()
	}
	decoded, ok := decode(raw, f)
	if !ok {
		return nil, errDamaged()
	}
	upright := turn(plain(decoded), about.exif.orientation)
	if conversion := parseProfile(about.profile); conversion != nil {
		conversion.apply(upright)
	}

	body, contentType, err := encode(upright, f)
	if err != nil {
		return nil, errDamaged()
	}
	small, err := thumbnail(upright, limits.ThumbnailEdge)
	if err != nil {
		return nil, errDamaged()
	}
	size := upright.Bounds()
	return &Clean{
		Kind: Image, ContentType: contentType, Width: size.Dx(), Height: size.Dy(), Body: body, Thumbnail: small,
		Facts: about.facts(limits.Zone),
	}, nil
}

func decodeConfig(raw []byte, f format) (image.Config, error) {
	r := bytes.NewReader(raw)
	switch f {
	case pngFormat:
		return png.DecodeConfig(r)
	case gifFormat:
		return gif.DecodeConfig(r)
	case webpFormat:
		return webp.DecodeConfig(r)
	}
	return jpeg.DecodeConfig(r)
}

// decode gives the pixels. The decoders are fuzzed and still parse what a stranger wrote: should one of them panic, the file is damaged,
// and the other people's requests go on.
func decode(raw []byte, f format) (decoded image.Image, ok bool) {
	defer func() {
		if recover() != nil {
			decoded, ok = nil, false
		}
	}()
	r := bytes.NewReader(raw)
	var err error
	switch f {
	case pngFormat:
		decoded, err = png.Decode(r)
	case gifFormat:
		decoded, err = gif.Decode(r) // the first frame
	case webpFormat:
		decoded, err = webp.Decode(r)
	default:
		decoded, err = jpeg.Decode(r)
	}
	return decoded, err == nil
}

// encode writes PNG for what came without loss (drawings, screens, transparency) and JPEG for everything else. Neither encoder writes
// anything beyond size, tables and pixels.
func encode(m image.Image, f format) (body []byte, contentType string, err error) {
	var b bytes.Buffer
	rgb, colour := m.(*image.NRGBA)
	switch {
	case f == pngFormat, f == gifFormat, colour && !rgb.Opaque():
		err = png.Encode(&b, m)
		return b.Bytes(), "image/png", err
	case colour:
		m = (*image.RGBA)(rgb) // the same bytes where nothing is transparent, and the encoder knows how to read them quickly
	}
	err = jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return b.Bytes(), "image/jpeg", err
}
