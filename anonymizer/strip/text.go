package strip

import (
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"io"
	"strings"
)

// inflate unpacks at most 2 MB of a whole file, however much is promised; what is damaged is read as far as it goes.
func (m *metadata) inflate(packed []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil || m.inflated >= 2<<20 {
		return nil
	}
	unpacked, _ := io.ReadAll(io.LimitReader(r, int64(2<<20-m.inflated)))
	m.inflated += len(unpacked)
	return unpacked
}

// xmp is what an XMP packet says about how a picture came about.
type xmp struct {
	generated, edited bool
}

// parse reads attributes and elements alike: RDF allows a property to be written either way. Source types are the terms of
// http://cv.iptc.org/newscodes/digitalsourcetype/.
func (x *xmp) parse(packet []byte) {
	if len(packet) > 1<<20 {
		packet = packet[:1<<20]
	}
	decoder := xml.NewDecoder(bytes.NewReader(packet))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var inside string
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			for _, attribute := range token.Attr {
				name := attribute.Name.Local
				if name == "resource" { // the value of the element as a reference
					name = inside
				}
				x.property(name, attribute.Value)
			}
		case xml.CharData:
			x.property(inside, string(token))
		case xml.EndElement:
			inside = ""
		}
	}
}

func (x *xmp) property(name, value string) {
	switch strings.ToLower(name) {
	case "digitalsourcetype", "digitalsourcefiletype":
		x.generated = x.generated || strings.Contains(value, "rainedAlgorithmicMedia")
	case "creatortool", "softwareagent", "software":
		x.edited = x.edited || editorNamed(value)
		x.generated = x.generated || generatorNamed(value)
	}
}

// Cameras and phones write the version of their own software into the same fields, so only names that are known say something.
var (
	editors = []string{
		"photoshop", "lightroom", "gimp", "snapseed", "picsart", "canva", "pixelmator", "affinity photo", "paint.net", "photopea", "picasa", "vsco",
		"facetune", "meitu", "beautyplus", "remini", "pixlr", "polarr", "darktable", "rawtherapee", "capture one", "acdsee", "paintshop", "corel",
		"photodirector", "luminar", "capcut", "inshot", "kinemaster", "premiere", "final cut", "davinci", "imovie", "filmora",
	}
	generators = []string{
		"midjourney", "dall-e", "dall·e", "stable diffusion", "novelai", "comfyui", "invokeai", "adobe firefly", "imagen", "made with google ai",
		"openai", "leonardo.ai", "ideogram", "flux.1",
	}
)

func editorNamed(text string) bool { return namesOne(text, editors) }

// generatorNamed knows names, and the line of settings that is written by the tools that run models at home.
func generatorNamed(texts ...string) bool {
	for _, text := range texts {
		if namesOne(text, generators) || strings.Contains(text, "Steps: ") && strings.Contains(text, "Sampler: ") {
			return true
		}
	}
	return false
}

func namesOne(text string, names []string) bool {
	text = strings.ToLower(text)
	for _, name := range names {
		if strings.Contains(text, name) {
			return true
		}
	}
	return false
}
