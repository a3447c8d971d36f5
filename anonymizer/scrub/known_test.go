package scrub_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
)

var budi = scrub.Known{Name: "Budi Agus Santoso, S.H.", Phone: "+6281234567890"}

// through goes the whole way of a text: blanked by who knows its writer, scrubbed by who does not.
func through(known scrub.Known, text string, keep []string) (blanked scrub.Blanked, result scrub.Result) {
	blanked = known.Blank(text, keep)
	result = scrub.New(scrub.Config{}).Scrub(blanked.Text, keep)
	for i, span := range result.Removed {
		result.Removed[i].Start, result.Removed[i].End, result.Removed[i].Text = blanked.Original(span.Start, span.End)
	}
	return blanked, result
}

func TestWhatIsKnownOfTheWriter(t *testing.T) {
	t.Parallel()
	const name, phone = "[nama pelapor dihapus]", "[telepon dihapus]"
	for what, c := range map[string]struct{ text, want string }{
		"nothing of it":            {"Lampu jalan mati di RW 05.", "Lampu jalan mati di RW 05."},
		"without any cue":          {"Waktu itu Budi Agus Santoso ditagih lagi.", "Waktu itu " + name + " ditagih lagi."},
		"in capitals":              {"KEMARIN BUDI AGUS SANTOSO DITAGIH.", "KEMARIN " + name + " DITAGIH."},
		"in small letters":         {"kemarin budi agus santoso ditagih", "kemarin " + name + " ditagih"},
		"in another order":         {"Berkas Santoso, Budi Agus hilang.", "Berkas " + name + " hilang."},
		"as one word":              {"Berkas budiagussantoso hilang.", "Berkas " + name + " hilang."},
		"in look-alikes":           {"Berkas Вudi Аgus Sаntоso hilang.", "Berkas " + name + " hilang."},
		"between zero widths":      {"Berkas B\u200bud\u200bi Agus Santoso hilang.", "Berkas " + name + " hilang."},
		"full width":               {"Berkas Ｂｕｄｉ Agus Santoso hilang.", "Berkas " + name + " hilang."},
		"beside others":            {"Budi Agus Santoso dan Lurah Hartono bertengkar.", name + " dan Lurah Hartono bertengkar."},
		"two parts":                {"Lalu kata Agus Santoso tidak.", "Lalu kata " + name + " tidak."},
		"one part":                 {"Kata dia: Santoso, kamu harus bayar.", "Kata dia: " + name + ", kamu harus bayar."},
		"the accused's longer":     {"Pak Budi Hartono meminta uang.", "Pak Budi Hartono meminta uang."},
		"an office and a part":     {"Lurah Budi meminta uang.", "Lurah Budi meminta uang."},
		"a street":                 {"Lubang di Jalan Santoso besar sekali.", "Lubang di Jalan Santoso besar sekali."},
		"a firm":                   {"PT Santoso Jaya membuang limbah.", "PT Santoso Jaya membuang limbah."},
		"part of a word":           {"Budidaya lele di Agustus.", "Budidaya lele di Agustus."},
		"what stands beside it":    {"Jalan rusak.\n\nHormat saya,\nBudi Agus Santoso\nJl. Melati No. 5\n0812-3456-7890", "Jalan rusak.\n\nHormat saya,\n" + name + "\n[alamat rumah dihapus]\n" + phone},
		"introduced":               {"Nama saya Budi Agus Santoso, NIK 3273011708900003.", "Nama saya " + name + ", NIK [NIK dihapus]."},
		"phone":                    {"Hubungi 0812-3456-7890 ya.", "Hubungi " + phone + " ya."},
		"phone in brackets":        {"Hubungi (+62)812-3456-7890 ya.", "Hubungi " + phone + " ya."},
		"phone between words":      {"dia tulis 0812 lalu 3456 lalu 7890 begitu.", "dia tulis " + phone + " begitu."},
		"phone, half of it":        {"Sisanya 3456 lalu 7890 begitu.", "Sisanya 3456 lalu 7890 begitu."},
		"phone behind a letter":    {"dia tulis i0812 lalu 3456 lalu 7890 begitu.", "dia tulis i" + phone + " begitu."},
		"phone abroad":             {"dia tulis 62 dan 812 dan 34567890 begitu.", "dia tulis " + phone + " begitu."},
		"a blank of the writer's":  {"Kata [\ufdd0] begitu.", "Kata " + name + " begitu."},
		"between references":       {"&amp; Budi Agus Santoso &amp;", "&amp; " + name + " &amp;"},
		"encoded twice":            {"Surat &amp;#98;udi Agus Santoso &lt;baru", "Surat " + name + " &lt;baru"},
		"middles without brackets": {"Kata \ufdd0 dan \ufdd1 begitu.", "Kata \ufdd0 dan \ufdd1 begitu."},
	} {
		blanked, result := through(budi, c.text, nil)
		if result.Text != c.want {
			t.Errorf("%s:\n got %q\nwant %q (blanked %q)", what, result.Text, c.want, blanked.Text)
		}
		checkSpans(t, c.text, result)
	}
	for what, c := range map[string]struct{ name, text, want string }{
		"an everyday word":       {"Bagus Jujur", "Pelayanan bagus sekali. Bagus, kan?", "Pelayanan bagus sekali. Bagus, kan?"},
		"signs":                  {"Bagus Wirawan", "Jalan rusak di depan pasar.\nBagus", "Jalan rusak di depan pasar.\n" + name},
		"a title in a name":      {"H. Dadang", "Dadang dimarahi.", name + " dimarahi."},
		"short words":            {"I Gede Oka", "Gede Oka dimarahi. I Gede Oka pulang.", name + " dimarahi. I " + name + " pulang."},
		"nothing":                {"", "Pelayanan baik.", "Pelayanan baik."},
		"a name that is a month": {"Mei Lestari", "Pada bulan Mei jalan rusak.", "Pada bulan Mei jalan rusak."},
	} {
		if _, result := through(scrub.Known{Name: c.name}, c.text, nil); result.Text != c.want {
			t.Errorf("%s: %q, want %q", what, result.Text, c.want)
		}
	}
}

// What the writer keeps stays, and what is left of the name beside it is still taken out.
func TestOwnNameMayBeKept(t *testing.T) {
	t.Parallel()
	text := "Budi Agus Santoso ditagih. Budi Agus Santoso marah. dia tulis 0812 lalu 3456 lalu 7890."
	for _, c := range []struct {
		keep []string
		want string
	}{
		{[]string{"Budi Agus Santoso marah"}, "[nama pelapor dihapus] ditagih. Budi Agus Santoso marah. dia tulis [telepon dihapus]."},
		{[]string{"Budi Agus Santoso", "0812 lalu 3456 lalu 7890"}, text},
		{[]string{"Agus Santoso ditagih"}, "[nama pelapor dihapus]Agus Santoso ditagih. [nama pelapor dihapus] marah. dia tulis [telepon dihapus]."},
	} {
		_, result := through(budi, text, c.keep)
		if result.Text != c.want {
			t.Errorf("%q: %q, want %q", c.keep, result.Text, c.want)
		}
		checkSpans(t, text, result)
	}
}

// checkSpans puts the result together from the original and the spans: their offsets, texts and marks are right if that works.
func checkSpans(t interface {
	Errorf(string, ...any)
	Helper()
}, text string, result scrub.Result) {
	t.Helper()
	points := []rune(text)
	var out strings.Builder
	at := 0
	for _, span := range result.Removed {
		if span.Start < at || span.End <= span.Start || span.End > len(points) || string(points[span.Start:span.End]) != span.Text {
			t.Errorf("%q: %+v after %d", text, span, at)
			return
		}
		out.WriteString(string(points[at:span.Start]) + span.Replacement)
		at = span.End
	}
	out.WriteString(string(points[at:]))
	if out.String() != result.Text {
		t.Errorf("%q: the spans make %q, the text is %q", text, out.String(), result.Text)
	}
}

// Whatever the text, the two steps together say truly what they have taken out, the text grows in neither direction that a limit would
// notice, and the whole name is gone.
func TestBlanksAreComposed(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"Budi Agus Santoso", "budi agus santoso", "Santoso", "BUDI", "Вudi Аgus Santoso", "B\u200budi Agus San\u00adtoso", "Agus", "Pak", "lurah",
		"saya", "nama", "istri saya", "Siti", "0812 lalu 3456 lalu 7890", "081234567890", "+62 812-3456-7890", "3273011708900003",
		"Jl. Melati No. 5", "Hormat saya,", "budi.agus@gmail.com", "😀", "é", "\n", ",", ".", "[", "]", "[\ufdd0]", "\ufdd1", "<b>", "&amp;",
	}
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 24).Draw(t, "pieces")
		text := strings.Join(drawn, rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "between"))
		var keep []string
		if len(drawn) > 2 && rapid.Bool().Draw(t, "keeps") {
			keep = append(keep, rapid.SampledFrom([]string{"Agus", "Budi Agus", "Siti", "lalu 3456", "di Agus S"}).Draw(t, "keep"))
		}
		blanked, result := through(budi, text, keep)
		if utf8.RuneCountInString(blanked.Text) > utf8.RuneCountInString(text) {
			t.Errorf("%q has grown to %q", text, blanked.Text)
		}
		checkSpans(t, text, result)
		if keep == nil && (strings.Contains(blanked.Text, " Budi Agus Santoso ") || strings.Contains(blanked.Text, " 081234567890 ")) {
			t.Errorf("%q still names the writer: %q", text, blanked.Text)
		}
	})
}
