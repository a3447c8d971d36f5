package strip

import (
	"bytes"
	"encoding/binary"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// filmFacts reads what phones write beside a film: QuickTime's user data and keys, 3GPP's place, and the time in the film's head.
func filmFacts(raw []byte, boxes []box, movie box, zone *time.Location) Facts {
	if zone == nil {
		zone = time.UTC
	}
	var f Facts
	children(raw, movie.body, movie.end, func(b box) {
		content := raw[b.body:b.end]
		switch b.kind {
		case "mvhd":
			f.TakenAt = movieTime(content, zone)
		case "udta":
			children(raw, b.body, b.end, func(b box) {
				if b.kind == "meta" {
					f.readMeta(raw, b, zone)
					return
				}
				f.readUserData(b.kind, raw[b.body:b.end], zone)
			})
		case "meta":
			f.readMeta(raw, b, zone)
		}
	})
	for _, b := range boxes {
		if content := raw[b.body:b.end]; b.kind == "uuid" {
			var m metadata
			m.manifest(content)
			if len(content) > 16 && bytes.Contains(content, []byte("adobe:ns:meta")) {
				m.xmp.parse(content[16:])
			}
			f.ContentCredentials = f.ContentCredentials || m.credentials
			f.Generated = f.Generated || m.generated || m.xmp.generated
			f.Edited = f.Edited || m.xmp.edited
		}
	}
	return f
}

// movieTime counts seconds from 1904, in UTC. Zero, and what lies before films could be taken with phones, is an unset clock.
func movieTime(head []byte, zone *time.Location) time.Time {
	var seconds uint64
	switch {
	case len(head) >= 12 && head[0] == 1:
		seconds = binary.BigEndian.Uint64(head[4:])
	case len(head) >= 8:
		seconds = uint64(binary.BigEndian.Uint32(head[4:]))
	}
	const to1970, to1995 = 2082844800, 2871763200
	if seconds < to1995 || seconds > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(seconds)-to1970, 0).In(zone)
}

// readUserData takes one entry of user data: international text (size, language, text) or 3GPP's place.
func (f *Facts) readUserData(kind string, content []byte, zone *time.Location) {
	if kind == "loci" && len(content) > 6 {
		if _, rest, found := bytes.Cut(content[6:], []byte{0}); found && len(rest) >= 9 {
			f.place(fixed(rest[5:]), fixed(rest[1:]))
		}
		return
	}
	if kind == "XMP_" {
		var x xmp
		x.parse(content)
		f.Generated, f.Edited = f.Generated || x.generated, f.Edited || x.edited
		return
	}
	if len(content) < 4 || kind[0] != 0xa9 {
		return
	}
	length := int(binary.BigEndian.Uint16(content))
	f.note(kind[1:], string(content[4:min(len(content), 4+length)]), zone)
}

// readMeta takes keys and their values; QuickTime's meta has no version where ISO's has one.
func (f *Facts) readMeta(raw []byte, meta box, zone *time.Location) {
	if meta.end-meta.body >= 8 && string(raw[meta.body+4:meta.body+8]) != "hdlr" {
		meta.body += 4
	}
	var names []string
	if b, ok := child(raw, meta, "keys"); ok && b.end-b.body >= 8 {
		children(raw, b.body+8, b.end, func(key box) {
			if len(names) < 1000 {
				names = append(names, string(raw[key.body:key.end]))
			}
		})
	}
	list, ok := child(raw, meta, "ilst")
	if !ok {
		return
	}
	children(raw, list.body, list.end, func(item box) {
		name := strings.TrimPrefix(item.kind, "\xa9")
		if i := int(binary.BigEndian.Uint32([]byte(item.kind))); i >= 1 && i <= len(names) {
			name = names[i-1]
		}
		if b, ok := child(raw, item, "data"); ok && b.end-b.body >= 8 {
			f.note(name, string(raw[b.body+8:b.end]), zone)
		}
	})
}

func (f *Facts) note(name, value string, zone *time.Location) {
	value = strings.TrimSpace(strings.Trim(value, "\x00"))
	switch name = name[strings.LastIndexByte(name, '.')+1:]; name {
	case "mak", "mod", "make", "model", "manufacturer":
		f.Camera = f.Camera || value != ""
	case "day", "creationdate":
		for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
			if at, err := time.ParseInLocation(layout, value, zone); err == nil {
				f.TakenAt = at
				return
			}
		}
	case "xyz", "ISO6709":
		if parts := iso6709.FindStringSubmatch(value); parts != nil {
			latitude, _ := strconv.ParseFloat(parts[1], 64)
			longitude, _ := strconv.ParseFloat(parts[2], 64)
			f.place(latitude, longitude)
		}
	case "too", "swr", "software", "encoder":
		f.Edited = f.Edited || editorNamed(value)
		f.Generated = f.Generated || generatorNamed(value)
	}
}

// iso6709 is a place in degrees with decimals, the one form that phones write.
var iso6709 = regexp.MustCompile(`^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)`)

func (f *Facts) place(latitude, longitude float64) {
	if math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180 && (latitude != 0 || longitude != 0) {
		f.Latitude, f.Longitude = &latitude, &longitude
	}
}
