package strip

import (
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Kind is what a medium is, found from its content and never from a name or a declared type.
type Kind int

// The kinds of media that are taken.
const (
	Image Kind = iota + 1
	Video
)

// String is the kind's name in the public contract.
func (k Kind) String() string {
	switch k {
	case Image:
		return "IMAGE"
	case Video:
		return "VIDEO"
	}
	return "UNKNOWN"
}

// Limits say what is refused before it costs anything.
type Limits struct {
	ImageBytes    int            // bytes of a picture's file
	FilmBytes     int            // bytes of a film's file
	Pixels        int            // width times height, of a picture and of a film
	ThumbnailEdge int            // the longer edge of a thumbnail in pixels
	Zone          *time.Location // where pictures without an offset were taken; nil is UTC
}

// DefaultLimits are what the public contract promises.
var DefaultLimits = Limits{ImageBytes: 20 << 20, FilmBytes: 50 << 20, Pixels: 24_000_000, ThumbnailEdge: 480, Zone: time.FixedZone("WIB", 7*60*60)}

// Clean is a medium of which nothing but picture and sound is left.
type Clean struct {
	Kind          Kind
	ContentType   string // image/jpeg, image/png, video/mp4 or video/quicktime
	Width, Height int    // as it is shown, upright
	Body          []byte
	Thumbnail     []byte // JPEG; nil for a film
	Facts         Facts
}

// Facts are read before anything is stripped. The anonymizer drops them; for a department's proof of resolution they are kept. They are
// what the file says of itself: anybody can write anything there.
type Facts struct {
	TakenAt             time.Time // zero: unknown
	Latitude, Longitude *float64  // degrees, WGS 84; both or none
	Camera              bool      // there is capture data: a camera's make, model or exposure
	Generated           bool      // declared to be made by a generative model, as a whole or in parts
	Edited              bool      // editing software is named
	ContentCredentials  bool      // a C2PA manifest is there; its signature is not checked
}

// Strip cleans a picture or a film. It never changes raw, and the result shares no memory with it. What cannot be cleaned is refused
// with a *civic.Error on the field "media".
func Strip(raw []byte, limits Limits) (*Clean, error) {
	f := sniff(raw)
	most := limits.ImageBytes
	if f == film {
		most = limits.FilmBytes
	}
	switch {
	case f == unknown:
		return nil, &civic.Error{
			Code: civic.CodeInvalidInput, Field: field, Key: "media.unknown_kind",
			Allowed: []string{"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/quicktime"},
		}
	case len(raw) > most:
		return nil, civic.Invalid(field, "media.too_large", "max", strconv.Itoa(most>>20))
	case f == heic:
		return nil, civic.Invalid(field, "media.heic_unsupported")
	case f == film:
		return cleanFilm(raw, limits)
	}
	return cleanPicture(raw, f, limits)
}

// field is the input field that errors name.
const field = "media"

func errDamaged() error { return civic.Invalid(field, "media.damaged") }

// fits refuses what would be too large once it is decoded.
func fits(width, height int, limits Limits) error {
	if width <= 0 || height <= 0 {
		return errDamaged()
	}
	if width > limits.Pixels/height {
		return civic.Invalid(field, "media.too_many_pixels", "max", strconv.Itoa(limits.Pixels/1_000_000))
	}
	return nil
}
