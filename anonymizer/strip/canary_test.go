package strip_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
)

// planted are the places of metadata that exiftool can write to, with the word to look for in each.
var planted = []string{
	"-EXIF:Artist=KENARI", "-EXIF:ImageDescription=KENARI", "-EXIF:UserComment=KENARI", "-EXIF:Make=KENARI", "-EXIF:Model=KENARI", "-EXIF:SerialNumber=KENARI",
	"-EXIF:OwnerName=KENARI", "-EXIF:LensModel=KENARI", "-EXIF:Software=KENARI Photoshop", "-EXIF:DateTimeOriginal=2024:05:06 07:08:09", "-EXIF:OffsetTimeOriginal=+09:00",
	"-EXIF:GPSLatitude=6.2088", "-EXIF:GPSLatitudeRef=S", "-EXIF:GPSLongitude=106.8456", "-EXIF:GPSLongitudeRef=E",
	"-XMP-dc:Creator=KENARI", "-XMP-dc:Description=KENARI", "-XMP-photoshop:Credit=KENARI", "-XMP-xmpMM:DocumentID=KENARI",
	"-XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
}

func TestCanariesAreGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = byte(128 + i%100)
	}
	opaque := image.NewRGBA(m.Rect)
	for i := 3; i < len(opaque.Pix); i += 4 {
		opaque.Pix[i] = 0xff
	}
	write(t, dir, "a.jpg", encodeJPEG(t, opaque))
	write(t, dir, "b.png", encodePNG(t, m))
	write(t, dir, "c.webp", read(t, "forms", "lossy.webp"))
	exiftool(t, append(planted, "-overwrite_original", "-q", filepath.Join(dir, "a.jpg"), filepath.Join(dir, "b.png"), filepath.Join(dir, "c.webp"))...)
	exiftool(t, "-overwrite_original", "-q", "-Comment=KENARI", "-IPTC:By-line=KENARI", "-IPTC:Caption-Abstract=KENARI", "-Photoshop:CopyrightFlag=1", filepath.Join(dir, "a.jpg"))
	exiftool(t, "-overwrite_original", "-q", "-z", "-PNG:Author=KENARI", "-PNG:Comment=KENARI", "-PNG:Title=KENARI é", filepath.Join(dir, "b.png"))
	write(t, dir, "d.gif", read(t, "forms", "moving.gif"))
	exiftool(t, "-overwrite_original", "-q", "-Comment=KENARI", "-XMP-dc:Creator=KENARI", filepath.Join(dir, "d.gif"))

	for _, name := range []string{"a.jpg", "b.png", "c.webp", "d.gif"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !holds(raw, "KENARI") {
			t.Fatalf("%s: nothing was planted", name)
		}
		clean := mustStrip(t, raw)
		if holds(clean.Body, "KENARI") || holds(clean.Thumbnail, "KENARI") {
			t.Errorf("%s: a canary lives", name)
		}
		if name == "d.gif" {
			continue
		}
		f := clean.Facts
		if want := time.Date(2024, 5, 5, 22, 8, 9, 0, time.UTC); !f.TakenAt.Equal(want) || !f.Camera || !f.Edited || !f.Generated {
			t.Errorf("%s: %+v", name, f)
		}
		if f.Latitude == nil || math.Abs(*f.Latitude+6.2088) > 1e-6 || math.Abs(*f.Longitude-106.8456) > 1e-6 {
			t.Errorf("%s: place %v %v", name, f.Latitude, f.Longitude)
		}
	}
}

// What exiftool may find in a clean file: how it is built, its size and its colours. Times are those of the file in the directory.
var structural = []string{
	"SourceFile", "ExifTool:ExifToolVersion", "System:", "File:FileType", "File:FileTypeExtension", "File:MIMEType", "File:ImageWidth", "File:ImageHeight",
	"File:EncodingProcess", "File:BitsPerSample", "File:ColorComponents", "File:YCbCrSubSampling",
	"PNG:ImageWidth", "PNG:ImageHeight", "PNG:BitDepth", "PNG:ColorType", "PNG:Compression", "PNG:Filter", "PNG:Interlace",
	"Composite:ImageSize", "Composite:Megapixels", "Composite:AvgBitrate", "Composite:Rotation",
}

// Values of films that are numbers of its structure; any value that is not one of these must be empty or zero.
var filmStructure = []string{
	"MajorBrand", "MinorVersion", "CompatibleBrands", "MediaDataSize", "MediaDataOffset", "MovieHeaderVersion", "TimeScale", "Duration", "PreferredRate", "PreferredVolume",
	"MatrixStructure", "NextTrackID", "TrackHeaderVersion", "TrackID", "TrackDuration", "TrackLayer", "TrackVolume", "ImageWidth", "ImageHeight", "MediaHeaderVersion",
	"MediaTimeScale", "MediaDuration", "MediaLanguageCode", "HandlerClass", "HandlerType", "GraphicsMode", "OpColor", "CompressorID", "SourceImageWidth", "SourceImageHeight",
	"XResolution", "YResolution", "BitDepth", "AVCConfiguration", "Unknown_hvcC", "Unknown_av1C", "Unknown_esds", "Unknown_btrt", "Unknown_edts", "Unknown_mp4a", "PixelAspectRatio", "BufferSize", "MaxBitrate",
	"AverageBitrate", "VideoFrameRate", "VideoFieldOrder", "SyncSampleTable", "CompositionTimeToSample", "SampleToChunk", "SampleSizes", "ChunkOffset", "TimeToSampleTable",
	"Balance", "AudioFormat", "AudioChannels", "AudioBitsPerSample", "AudioSampleRate", "PurchaseFileFormat", "LayoutFlags", "ColorProfiles", "ColorPrimaries",
	"TransferCharacteristics", "MatrixCoefficients", "VideoFullRangeFlag", "MediaData", "Free", "Unknown_free", "Unknown_chan", "QuickTime_ChannelLayout_0x0008", "QuickTime_ChannelLayout_0x000c",
	"MovieFragmentSequence", "Unknown_tfhd", "Unknown_tfdt", "Unknown_trun", "Unknown_mvex",
}

func TestExiftoolFindsStructureAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, path := range fixtures(t) {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".heif" {
			continue
		}
		clean := mustStrip(t, raw)
		write(t, dir, filepath.Base(path), clean.Body)
		if clean.Thumbnail != nil {
			write(t, dir, "thumbnail-"+filepath.Base(path)+".jpg", clean.Thumbnail)
		}
	}
	var files []map[string]any
	if err := json.Unmarshal(exiftool(t, "-json", "-a", "-G1", "-ee", "-U", "-b", dir), &files); err != nil {
		t.Fatal(err)
	}
	if len(files) < 30 {
		t.Fatalf("exiftool has looked at %d files", len(files))
	}
	for _, file := range files {
		for tag, value := range file {
			if !expected(tag, value) {
				t.Errorf("%s: %s is %v", filepath.Base(file["SourceFile"].(string)), tag, value)
			}
		}
	}
}

func expected(tag string, value any) bool {
	for _, name := range structural {
		if tag == name || strings.HasSuffix(name, ":") && strings.HasPrefix(tag, name) {
			return true
		}
	}
	group, name, _ := strings.Cut(tag, ":")
	if group != "QuickTime" && !strings.HasPrefix(group, "Track") {
		return false
	}
	switch value := value.(type) {
	case float64:
		if value == 0 {
			return true
		}
	case string:
		if value == "" || value == "0000:00:00 00:00:00" || value == "0 s" {
			return true
		}
	}
	if name == "MediaLanguageCode" {
		return value == "und"
	}
	for _, known := range filmStructure {
		if name == known {
			return true
		}
	}
	return false
}

// Nothing that is hung on to a picture survives: archives, pages, a second picture, a film.
func TestPolyglots(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 20, 20))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	m.Set(3, 3, color.RGBA{1, 2, 3, 255})
	for _, raw := range [][]byte{encodeJPEG(t, m), encodePNG(t, m), read(t, "forms", "moving.gif"), read(t, "forms", "lossy.webp")} {
		for _, tail := range []string{"PK\x03\x04KENARI", "<script>KENARI</script>", "\xff\xd8\xff\xe1KENARI", "\x00\x00\x00\x18ftypmp42KENARI"} {
			if clean := mustStrip(t, append(bytes.Clone(raw), tail...)); holds(clean.Body, "KENARI") || holds(clean.Body, "script") {
				t.Errorf("%q is still there", tail)
			}
		}
	}
}

func TestWhatMachinesMade(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 8, 8))
	plainJPEG, plainPNG := encodeJPEG(t, m), encodePNG(t, m)
	for name, c := range map[string]struct {
		raw                    []byte
		generated, credentials bool
	}{
		"nothing said":                 {plainJPEG, false, false},
		"settings of a generator":      {withChunk(plainPNG, "tEXt", []byte("parameters\x00a street, Steps: 20, Sampler: Euler")), true, false},
		"packed workflow":              {withChunk(plainPNG, "zTXt", append([]byte("workflow\x00\x00"), deflate(t, []byte("{}"))...)), true, false},
		"named in a comment":           {withSegment(plainJPEG, 0xfe, []byte("made with Stable Diffusion XL")), true, false},
		"manifest of a camera":         {withSegment(plainJPEG, 0xeb, []byte("JP\x00\x01\x00\x00\x00\x01jumbc2pa digitalCapture")), false, true},
		"manifest of a model":          {withSegment(plainJPEG, 0xeb, []byte("JP\x00\x01\x00\x00\x00\x01jumbc2pa trainedAlgorithmicMedia")), true, true},
		"manifest of a model in a PNG": {withChunk(plainPNG, "caBX", []byte("jumbc2pa compositeWithTrainedAlgorithmicMedia")), true, true},
	} {
		clean := mustStrip(t, c.raw)
		if f := clean.Facts; f.Generated != c.generated || f.ContentCredentials != c.credentials || f.Camera || f.Edited {
			t.Errorf("%s: %+v", name, f)
		}
		if again := mustStrip(t, clean.Body).Facts; again != (strip.Facts{}) {
			t.Errorf("%s: afterwards it still says %+v", name, again)
		}
	}
}

// holds looks for a word as it is, in UTF-16 of both orders, and in what PNG chunks unpack to.
func holds(raw []byte, word string) bool {
	little, big := []byte{}, []byte{}
	for _, unit := range utf16.Encode([]rune(word)) {
		little, big = binary.LittleEndian.AppendUint16(little, unit), binary.BigEndian.AppendUint16(big, unit)
	}
	for _, form := range [][]byte{[]byte(word), little, big} {
		if bytes.Contains(raw, form) {
			return true
		}
	}
	for at := 0; at+2 < len(raw); at++ { // wherever a zlib stream may begin
		if raw[at]&15 != 8 || binary.BigEndian.Uint16(raw[at:])%31 != 0 {
			continue
		}
		if r, err := zlib.NewReader(bytes.NewReader(raw[at:])); err == nil {
			if unpacked, _ := io.ReadAll(io.LimitReader(r, 1<<20)); bytes.Contains(unpacked, []byte(word)) {
				return true
			}
		}
	}
	return false
}

func write(t testing.TB, dir, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func exiftool(t testing.TB, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), "exiftool", args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("exiftool (scripts/ensure exiftool installs it): %v %s", err, stderr.String())
	}
	return out
}
