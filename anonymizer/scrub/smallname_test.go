package scrub_test

import (
	"strings"
	"testing"
)

// Own names in small letters, which neither the gazetteer nor a capital gives away, and what stands in the same places and is no name.
func TestSmallNames(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string][][2]string{
		"name": {
			{"Saya babu kemu, silakan telepon kalau perlu bukti.", "babu kemu"},
			{"saya, waskira turo, mau tanya soal bansos", "waskira turo"},
			{"aku lastijo, mau lapor got mampet di depan pasar", "lastijo"},
			{"Ini dorkasi, yang kemarin melapor lampu mati.", "dorkasi"},
			{"Selokan depan balai RW mampet. salam, wergul", "wergul"},
			{"Selokan depan balai RW mampet. dari mundiro kasgo", "mundiro kasgo"},
			{"Selokan depan balai RW mampet, an. mundiro kasgo", "mundiro kasgo"},
			{"Selokan depan balai RW mampet - mundiro kasgo", "mundiro kasgo"},
			{"I am Zorvane Kettil, a tenant here since March.", "Zorvane Kettil"},
		},
		"no name": {
			{"saya bingung, ini harus lapor ke siapa", "bingung"},
			{"aku heran, kok lampu taman dibiarkan mati", "heran"},
			{"Saya kecewa berat, sudah tiga kali melapor.", "kecewa berat"},
			{"Lampu mati sejak kemarin - gelap sekali", "gelap sekali"},
			{"Ini parah, tolong cepat ditangani.", "parah"},
		},
	} {
		for _, text := range texts {
			gone := !strings.Contains(scrubber.Scrub(text[0], nil).Text, text[1])
			if gone != (name == "name") {
				t.Errorf("%s: %q: %q", name, text[0], scrubber.Scrub(text[0], nil).Text)
			}
		}
	}
}
