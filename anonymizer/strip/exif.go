package strip

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf16"
)

// exif is what is read of a picture's EXIF data (CIPA DC-008), a small TIFF file without a picture.
type exif struct {
	read                           bool
	orientation                    int
	takenAt, offset                string
	latitude, longitude            *float64
	camera                         bool
	software, comment, description string
}

// Tags of EXIF that say something here.
const (
	tagProcessingSoftware = 0x000b
	tagDescription        = 0x010e
	tagMake               = 0x010f
	tagModel              = 0x0110
	tagOrientation        = 0x0112
	tagSoftware           = 0x0131
	tagExposureTime       = 0x829a
	tagFNumber            = 0x829d
	tagExif               = 0x8769
	tagGPS                = 0x8825
	tagISO                = 0x8827
	tagTakenAt            = 0x9003
	tagOffset             = 0x9010
	tagOffsetTaken        = 0x9011
	tagFocalLength        = 0x920a
	tagMakerNote          = 0x927c
	tagUserComment        = 0x9286

	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
)

// tiff reads values within its bytes, whatever offsets and counts claim.
type tiff struct {
	raw   []byte
	order binary.ByteOrder
}

// parseEXIF reads three directories at most and follows no chain, so no file can lead it in a circle.
func parseEXIF(raw []byte) exif {
	e := exif{read: true}
	t := tiff{raw: raw, order: binary.LittleEndian}
	switch {
	case len(raw) < 8:
		return e
	case string(raw[:4]) == "MM\x00\x2a":
		t.order = binary.BigEndian
	case string(raw[:4]) != "II\x2a\x00":
		return e
	}
	var exifAt, gpsAt uint32
	var make, model string
	t.directory(t.order.Uint32(raw[4:]), func(tag uint16, v value) {
		switch tag {
		case tagOrientation:
			e.orientation = int(v.number())
		case tagMake:
			make = v.text()
		case tagModel:
			model = v.text()
		case tagSoftware, tagProcessingSoftware:
			e.software += v.text() + "\n"
		case tagDescription:
			e.description = v.text()
		case tagExif:
			exifAt = v.number()
		case tagGPS:
			gpsAt = v.number()
		}
	})
	e.camera = make != "" || model != ""
	t.directory(exifAt, func(tag uint16, v value) {
		switch tag {
		case tagTakenAt:
			e.takenAt = v.text()
		case tagOffsetTaken:
			e.offset = v.text()
		case tagOffset:
			if e.offset == "" {
				e.offset = v.text()
			}
		case tagExposureTime, tagFNumber, tagISO, tagFocalLength, tagMakerNote:
			e.camera = true
		case tagUserComment:
			e.comment = comment(v.raw, t.order)
		}
	})
	var latitudeRef, longitudeRef string
	var latitude, longitude []float64
	t.directory(gpsAt, func(tag uint16, v value) {
		switch tag {
		case tagLatitudeRef:
			latitudeRef = v.text()
		case tagLatitude:
			latitude = v.fractions()
		case tagLongitudeRef:
			longitudeRef = v.text()
		case tagLongitude:
			longitude = v.fractions()
		}
	})
	lat, latOK := degrees(latitude, latitudeRef, "S", 90)
	lng, lngOK := degrees(longitude, longitudeRef, "W", 180)
	if latOK && lngOK && (lat != 0 || lng != 0) { // 0,0 is what a receiver without a fix writes
		e.latitude, e.longitude = &lat, &lng
	}
	return e
}

func (e exif) facts(zone *time.Location) Facts {
	f := Facts{Latitude: e.latitude, Longitude: e.longitude, Camera: e.camera}
	if zone == nil {
		zone = time.UTC
	}
	if offset, err := time.Parse("-07:00", e.offset); err == nil {
		zone = offset.Location()
	}
	if at, err := time.ParseInLocation("2006:01:02 15:04:05", e.takenAt, zone); err == nil {
		f.TakenAt = at
	}
	return f
}

// value is one entry's bytes, cut to what is there.
type value struct {
	kind  uint16
	raw   []byte
	order binary.ByteOrder
}

var sizes = map[uint16]uint64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 9: 4, 10: 8, 13: 4}

func (t tiff) directory(at uint32, each func(tag uint16, v value)) {
	if at < 8 || uint64(at)+2 > uint64(len(t.raw)) {
		return
	}
	entries := t.raw[at+2:]
	for range t.order.Uint16(t.raw[at:]) {
		if len(entries) < 12 {
			return
		}
		entry := entries[:12]
		entries = entries[12:]
		kind := t.order.Uint16(entry[2:])
		length := sizes[kind] * uint64(t.order.Uint32(entry[4:]))
		raw := entry[8:]
		if length > 4 {
			from := uint64(t.order.Uint32(raw))
			if from > uint64(len(t.raw)) || length > uint64(len(t.raw))-from {
				continue
			}
			raw = t.raw[from:]
		}
		each(t.order.Uint16(entry), value{kind, raw[:length], t.order})
	}
}

func (v value) number() uint32 {
	switch {
	case v.kind == 3 && len(v.raw) >= 2:
		return uint32(v.order.Uint16(v.raw))
	case (v.kind == 4 || v.kind == 13) && len(v.raw) >= 4:
		return v.order.Uint32(v.raw)
	}
	return 0
}

func (v value) text() string {
	if v.kind != 2 {
		return ""
	}
	text, _, _ := bytes.Cut(v.raw, []byte{0})
	return strings.TrimSpace(string(text))
}

func (v value) fractions() []float64 {
	if v.kind != 5 {
		return nil
	}
	var numbers []float64
	for raw := v.raw; len(raw) >= 8 && len(numbers) < 3; raw = raw[8:] {
		numbers = append(numbers, float64(v.order.Uint32(raw))/float64(v.order.Uint32(raw[4:])))
	}
	return numbers
}

// degrees makes one number of degrees, minutes and seconds. Unwritten seconds may be 0/0.
func degrees(parts []float64, ref, negative string, most float64) (float64, bool) {
	if len(parts) != 3 || ref == "" {
		return 0, false
	}
	if math.IsNaN(parts[2]) {
		parts[2] = 0
	}
	d := parts[0] + parts[1]/60 + parts[2]/3600
	if strings.EqualFold(ref, negative) {
		d = -d
	}
	return d, math.Abs(d) <= most // false for what is not a number, too
}

// comment is a user comment: eight bytes name the encoding.
func comment(raw []byte, order binary.ByteOrder) string {
	if len(raw) < 8 {
		return ""
	}
	text := raw[8:]
	if string(raw[:7]) != "UNICODE" {
		return string(text)
	}
	units := make([]uint16, 0, len(text)/2)
	for ; len(text) >= 2; text = text[2:] {
		units = append(units, order.Uint16(text))
	}
	return string(utf16.Decode(units))
}
