package strip

import "bytes"

// format is how a file is built.
type format int

const (
	unknown format = iota
	jpegFormat
	pngFormat
	gifFormat
	webpFormat
	heic
	film
)

// sniff tells formats apart by their first bytes, which is where each of them puts its own mark.
func sniff(raw []byte) format {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		return jpegFormat
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return pngFormat
	case bytes.HasPrefix(raw, []byte("GIF87a")), bytes.HasPrefix(raw, []byte("GIF89a")):
		return gifFormat
	case len(raw) >= 16 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		return webpFormat
	case len(raw) >= 12 && string(raw[4:8]) == "ftyp":
		return sniffBrands(raw)
	case len(raw) >= 16:
		switch string(raw[4:8]) { // QuickTime films of old cameras open without a file type
		case "moov", "mdat", "wide", "free", "skip", "pnot":
			return film
		}
	}
	return unknown
}

// sniffBrands reads the file type box: still pictures (HEIF) and films share the container.
func sniffBrands(raw []byte) format {
	size := int(raw[0])<<24 | int(raw[1])<<16 | int(raw[2])<<8 | int(raw[3])
	if size < 16 || size > len(raw) || size > 1024 {
		return unknown
	}
	switch string(raw[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "mif2":
		return heic
	case "avif", "avis", "crx ": // pictures of other kinds
		return unknown
	}
	return film
}
