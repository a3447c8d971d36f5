package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
)

// picture is a photograph that tells who took it, everywhere a photograph can: in EXIF, in XMP, in a comment and after its end.
func (p *person) picture() ([]byte, error) {
	canvas := image.NewYCbCr(image.Rect(0, 0, 320, 240), image.YCbCrSubsampleRatio420)
	shade := color.GrayModel.Convert(color.Gray{Y: p.camera[len(p.camera)-1]}).(color.Gray).Y
	for i := range canvas.Y {
		canvas.Y[i] = shade + byte(i%320/4)
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, canvas, nil); err != nil {
		return nil, err
	}
	start, rest := plain.Bytes()[:2], plain.Bytes()[2:]
	told := bytes.Join([][]byte{
		start,
		segment(0xE1, "Exif\x00\x00"+exif(p.camera)),
		segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x='adobe:ns:meta/'>"+p.camera+"</x:xmpmeta>"),
		segment(0xED, "Photoshop 3.0\x00"+p.camera),
		segment(0xFE, p.camera),
		rest,
		[]byte(p.camera),
	}, nil)
	return told, nil
}

func segment(marker byte, content string) []byte {
	head := []byte{0xFF, marker, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(content)+2))
	return append(head, content...)
}

// exif is a TIFF directory with one entry, the artist.
func exif(artist string) string {
	const ascii, artistTag, firstDirectory, afterDirectory = 2, 0x013B, 8, 26
	b := []byte("II*\x00")
	b = binary.LittleEndian.AppendUint32(b, firstDirectory)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint16(b, artistTag)
	b = binary.LittleEndian.AppendUint16(b, ascii)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(artist)+1))
	b = binary.LittleEndian.AppendUint32(b, afterDirectory)
	b = binary.LittleEndian.AppendUint32(b, 0)
	return string(b) + artist + "\x00"
}
