package strip

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// metadata is what a picture's file says beside its pixels, as far as anybody here wants to know it.
type metadata struct {
	exif        exif
	xmp         xmp
	profile     []byte // ICC
	credentials bool   // a C2PA manifest is there
	generated   bool   // and names a generative model, or a generator left its own parameters
	edited      bool
	inflated    int // bytes so far
}

// A picture that was saved step by step has about ten scans; each one more makes the decoder go over all pixels again for a few bytes.
const maxScans = 40

// readMetadata is false for a picture that is built to cost more than it shows.
func readMetadata(raw []byte, f format) (metadata, bool) {
	var m metadata
	ok := true
	switch f {
	case jpegFormat:
		ok = m.readJPEG(raw)
	case pngFormat:
		m.readPNG(raw)
	case webpFormat:
		m.readWebP(raw)
	}
	return m, ok
}

func (m *metadata) facts(zone *time.Location) Facts {
	f := m.exif.facts(zone)
	f.ContentCredentials = m.credentials
	f.Generated = m.generated || m.xmp.generated || generatorNamed(m.exif.software, m.exif.comment, m.exif.description)
	f.Edited = m.edited || m.xmp.edited || editorNamed(m.exif.software)
	return f
}

// manifest notes a C2PA manifest, or a part of one. Cameras write them too; only a declared generative source counts as generated.
func (m *metadata) manifest(part []byte) {
	m.credentials = m.credentials || bytes.Contains(part, []byte("c2pa"))
	m.generated = m.generated || bytes.Contains(part, []byte("rainedAlgorithmicMedia"))
}

// readJPEG walks the segments up to the end of the first picture; what follows (previews, films, archives) is nobody's business.
func (m *metadata) readJPEG(raw []byte) bool {
	scans := 0
	for at := 2; at+4 <= len(raw); {
		if raw[at] != 0xff || raw[at+1] == 0 || raw[at+1] == 0xff || raw[at+1]&0xf8 == 0xd0 { // compressed data, filling, restarts
			next := bytes.IndexByte(raw[at+1:], 0xff)
			if next < 0 {
				return true
			}
			at += 1 + next
			continue
		}
		marker := raw[at+1]
		if marker == 0xd9 {
			return true
		}
		if marker == 0xda {
			if scans++; scans > maxScans {
				return false
			}
		}
		end := at + 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if end < at+4 || end > len(raw) {
			return true // the decoder will say what it thinks of it
		}
		m.segment(marker, raw[at+4:end])
		at = end
	}
	return true
}

func (m *metadata) segment(marker byte, body []byte) {
	switch marker {
	case 0xe1:
		if tiff, found := bytes.CutPrefix(body, []byte("Exif\x00\x00")); found && !m.exif.read {
			m.exif = parseEXIF(tiff)
		}
		if packet, found := bytes.CutPrefix(body, []byte("http://ns.adobe.com/xap/1.0/\x00")); found {
			m.xmp.parse(packet)
		}
	case 0xe2:
		// A profile comes in numbered parts, in order. 1 MB is more than any matrix profile needs.
		if part, found := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00")); found && len(part) > 2 && len(m.profile) < 1<<20 {
			m.profile = append(m.profile, part[2:]...)
		}
	case 0xeb:
		m.manifest(body)
	case 0xfe:
		m.generated = m.generated || generatorNamed(string(body))
	}
}

func (m *metadata) readPNG(raw []byte) {
	for at := 8; at+12 <= len(raw); {
		length := binary.BigEndian.Uint32(raw[at:])
		if uint64(length) > uint64(len(raw)-at-12) {
			return
		}
		body := raw[at+8 : at+8+int(length)]
		switch string(raw[at+4 : at+8]) {
		case "eXIf":
			m.exif = parseEXIF(body)
		case "caBX":
			m.manifest(body)
		case "iCCP":
			if _, rest, found := bytes.Cut(body, []byte{0}); found && len(rest) > 1 {
				m.profile = m.inflate(rest[1:])
			}
		case "tEXt", "zTXt", "iTXt":
			m.text(string(raw[at+4:at+8]), body)
		case "IEND":
			return
		}
		at += 12 + int(length)
	}
}

// text reads a PNG's named text; generators keep what they were asked for there.
func (m *metadata) text(kind string, body []byte) {
	name, value, _ := bytes.Cut(body, []byte{0})
	switch {
	case kind == "zTXt" && len(value) > 1:
		value = m.inflate(value[1:])
	case kind == "iTXt" && len(value) > 2:
		packed := value[0] == 1
		if parts := bytes.SplitN(value[2:], []byte{0}, 3); len(parts) == 3 {
			if value = parts[2]; packed {
				value = m.inflate(value)
			}
		}
	}
	switch strings.ToLower(string(name)) {
	case "xml:com.adobe.xmp":
		m.xmp.parse(value)
	case "parameters", "prompt", "workflow", "sd-metadata", "invokeai_metadata", "invokeai_graph", "dream":
		m.generated = true
	case "software":
		m.edited = m.edited || editorNamed(string(value))
		m.generated = m.generated || generatorNamed(string(value))
	case "comment", "description", "source":
		m.generated = m.generated || generatorNamed(string(value))
	}
}

func (m *metadata) readWebP(raw []byte) {
	for at := 12; at+8 <= len(raw); {
		length := binary.LittleEndian.Uint32(raw[at+4:])
		if uint64(length) > uint64(len(raw)-at-8) {
			return
		}
		body := raw[at+8 : at+8+int(length)]
		switch string(raw[at : at+4]) {
		case "EXIF":
			m.exif = parseEXIF(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		case "XMP ":
			m.xmp.parse(body)
		case "ICCP":
			m.profile = body
		case "C2PA":
			m.manifest(body)
		}
		at += 8 + int(length) + int(length&1)
	}
}
