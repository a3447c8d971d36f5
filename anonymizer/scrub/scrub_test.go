package scrub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
	"github.com/jagawarga/jagawarga/internal/figures"
)

var scrubber = scrub.New(scrub.Config{})

// check holds what is true of every result, whatever the text was.
func check(t testing.TB, text string, result scrub.Result) {
	t.Helper()
	runes := []rune(text)
	var rebuilt strings.Builder
	at := 0
	for _, span := range result.Removed {
		if span.Start < at || span.End <= span.Start || span.End > len(runes) {
			t.Fatalf("span %d to %d behind %d in a text of %d", span.Start, span.End, at, len(runes))
		}
		if utf8.ValidString(text) && string(runes[span.Start:span.End]) != span.Text {
			t.Fatalf("span %d to %d is %q, not %q", span.Start, span.End, string(runes[span.Start:span.End]), span.Text)
		}
		if span.Kind == "" || span.Replacement == "" {
			t.Fatalf("a span without kind or mark: %+v", span)
		}
		rebuilt.WriteString(string(runes[at:span.Start]))
		rebuilt.WriteString(span.Replacement)
		at = span.End
	}
	rebuilt.WriteString(string(runes[at:]))
	if utf8.ValidString(text) && rebuilt.String() != result.Text {
		t.Fatalf("the text is %q, its parts make %q", result.Text, rebuilt.String())
	}
}

func TestDisguisesAreSeenThrough(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":             "hubungi 081234567890 ya",
		"full width":        "hubungi ０８１２３４５６７８９０ ya",
		"mathematical":      "hubungi 𝟎𝟖𝟏𝟐 𝟑𝟒𝟓𝟔 𝟕𝟖𝟗𝟎 ya",
		"arabic-indic":      "hubungi ٠٨١٢٣٤٥٦٧٨٩٠ ya",
		"zero width":        "hubungi 0812\u200b3456\u200d7890 ya",
		"soft hyphens":      "hubungi 0812\u00ad3456\u00ad7890 ya",
		"no-break spaces":   "hubungi 0812\u00a03456\u00a07890 ya",
		"en dashes":         "hubungi 0812–3456–7890 ya",
		"entities":          "hubungi 0812&nbsp;3456&#45;7890 ya",
		"entities twice":    "hubungi 0812&amp;#51;4567890 ya",
		"tags":              "hubungi 0812<b>3456</b>7890 ya",
		"comments":          "hubungi 0812<!-- x -->34567890 ya",
		"letters":           "hubungi o8l2-3456-789o ya",
		"words":             "hubungi nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol ya",
		"words and figures": "hubungi nol8 satu2 345 678 90 ya",
		"single digits":     "hubungi 0 8 1 2 3 4 5 6 7 8 9 0 ya",
		"keycaps":           "hubungi 0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣0️⃣ ya",
		"over lines":        "hubungi 0812-\n3456-\n7890 ya",
	} {
		result := scrubber.Scrub(text, nil)
		check(t, text, result)
		if result.Text != "hubungi [telepon dihapus] ya" {
			t.Errorf("%s: %q", name, result.Text)
		}
	}
}

func TestWhatIsTakenAndWhatStays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Nama saya Rudiansyah Pohan.":                    "Nama saya [nama pelapor dihapus].",
		"Istri saya, Maimunah Siregar, ditipu Bambang.":  "Istri saya, [nama dihapus], ditipu Bambang.",
		"Atasan saya, Ir. Suhartono, minta Rp 5.000.000": "Atasan saya, Ir. Suhartono, minta Rp 5.000.000",
		"Saya tinggal di Jl. Melur No. 12 RT 3.":         "Saya tinggal di [alamat rumah dihapus].",
		"Jalan rusak di Jl. Melur No. 12 RT 3.":          "Jalan rusak di Jl. Melur No. 12 RT 3.",
		"Motor saya AB 2341 KL ditabrak truk BK 8899 XY": "Motor saya [pelat dihapus] ditabrak truk BK 8899 XY",
		"Hotline 1500-600, 112 dan 0800 1234567":         "Hotline 1500-600, 112 dan 0800 1234567",
		"rapat 08-12-2023 10.30, jam 08.00-16.30":        "rapat 08-12-2023 10.30, jam 08.00-16.30",
		"anggaran Rp 12.345.678.901 kode 5.1.02.01.0026": "anggaran Rp 12.345.678.901 kode 5.1.02.01.0026",
		"NIK 3273015005980001":                           "NIK [NIK dihapus]",
		"surel budi [at] proton [dot] me":                "surel [surel dihapus]",
		"<a href=\"mailto:a.b@c.id\">kirim</a>":          "<a href=\"mailto:[surel dihapus]\">kirim</a>",
	} {
		result := scrubber.Scrub(text, nil)
		check(t, text, result)
		if result.Text != want {
			t.Errorf("%q became %q", text, result.Text)
		}
	}
}

func TestKeepPutsBackWhatIsListed(t *testing.T) {
	t.Parallel()
	const text = "Nama saya Rudiansyah Pohan, hp 081234567890, istri saya Maimunah."
	result := scrubber.Scrub(text, []string{"Rudiansyah Pohan", "nowhere", ""})
	check(t, text, result)
	if want := "Nama saya Rudiansyah Pohan, hp [telepon dihapus], istri saya [nama dihapus]."; result.Text != want {
		t.Errorf("%q", result.Text)
	}
	if all := scrubber.Scrub(text, []string{text}); all.Text != text || len(all.Removed) != 0 {
		t.Errorf("%+v", all)
	}
}

func TestNumbersAloneLeaveNames(t *testing.T) {
	t.Parallel()
	const text = "Rumah Pak Budi, Jl. Dago 5, hub 081234567890"
	if got := scrubber.Numbers(text).Text; got != "Rumah Pak Budi, Jl. Dago 5, hub [telepon dihapus]" {
		t.Errorf("%q", got)
	}
}

func TestWarningsSayWhatNoRuleCatches(t *testing.T) {
	t.Parallel()
	result := scrubber.Scrub("Hanya saya yang tahu, karena atasan saya bercerita.", nil)
	if strings.Join(result.Warnings, " ") != scrub.WarnOnlyYou+" "+scrub.WarnWorkplace {
		t.Errorf("%v", result.Warnings)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	in := "{\"id\":\"a\",\"text\":\"é hp 081234567890 <ok>\"}\n\n{\"id\":\"b\",\"text\":\"\"}\n"
	var out bytes.Buffer
	if err := scrub.Command(t.Context(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"a","text":"é hp [telepon dihapus] <ok>","removed":[{"kind":"PHONE","start":5,"end":17,"text":"081234567890"}]}` + "\n" +
		`{"id":"b","text":"","removed":[]}` + "\n"
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
	err := scrub.Command(t.Context(), strings.NewReader("{\"id\":\"a\"}\nrahasia"), &out)
	if err == nil || !strings.Contains(err.Error(), "line 2") || strings.Contains(err.Error(), "rahasia") {
		t.Errorf("%v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := scrub.Command(stopped, strings.NewReader(in), &out); err == nil {
		t.Error("it went on although it was told to stop")
	}
}

// hostile texts are what each bounded look-back or look-ahead would turn quadratic without its bound: separators and digits without end,
// disguises, and the words that wake the rules over and over.
var hostile = []string{
	"0", "1 ", "0812-", "nol ", "a@", "a.", "Budi ", "saya ", "nama saya ", "istri saya Budi, ", "Jl. ", "RT 1 ", "<a", "&amp", "&#", ":", "1.1.",
	"(", "\n", "Saya, ", "dan ", "ig @a ", "\u200b", "rumah saya di ", "motor saya ", "- Budi, ", "<!--", "lahir ", "saksi: ", "%40", "at ", "pada gmail ",
	"Budi Santoso 0812345678901, ", "saya tinggal di dekat ", "saya tinggal di Jl. A No. 1, ", "anak saya dan ", "ibunya Budi, Ani, ", "a.n. Budi, ",
	"hubungi Budi ", "alias Budi ", "nomor pegawai: ", "rekening ", "DM a.b.c ", "B 1234 XY milik ", "motor ", "nama saya Budi Budi ", "ini dengan ", "::1 ",
	"Budi Ani ", "ﷺ", "é", "𝟎", "S.Pd., ", "melaporkan ", "Budi, melaporkan ", "kepala keluarga: ", "saya Aca bcd 1 ", "istri saya zorva, jl. B no 2 ", "1. Budi, ", "bertanda\n1. Budi Ani ", "o8l2 ", "-- a ",
	"anak, ", "saya anak (", "suami di ", "almarhum bapak ", "Budi (12345), ", "Budi, 1-1-1990, ", "Budi / Jl. A No. 1 / ", "NIM 11 22 ", "tinggal di Budi ",
	"teman satu ", "nasabah a.n. ", "dekat ", "Jl. A, dekat ", "saya ibu ibu ", "Kota ", "saya di Serda ", "bisa ", "oto ", "mama Budi, ", "ID A-123 ",
}

// repeated is unit over and over, length characters of it.
func repeated(unit string, length int) string {
	return string([]rune(strings.Repeat(unit, length/utf8.RuneCountInString(unit)+1))[:length])
}

// The longest report is 10,000 characters. It shall take 20 ms; that is told, as it depends on the machine, and what is far beyond fails.
func TestHostileReportsTakeMilliseconds(t *testing.T) {
	const longest, tries, bound = 10_000, 3, 2 * time.Second
	slowest, by := time.Duration(0), ""
	for _, unit := range hostile {
		text := repeated(unit, longest)
		best := time.Hour
		for range tries {
			best = min(best, figures.CPU(t, func() { scrubber.Scrub(text, nil) }))
		}
		if best > slowest {
			slowest, by = best, unit
		}
		if best > bound {
			t.Errorf("%q repeated: %s of a processor", unit, best)
		}
	}
	figures.Tell(t, "scrub: the slowest of %d hostile reports, %q repeated: %s", len(hostile), by, slowest)
}

func TestHostileTextsTakeLinearTime(t *testing.T) {
	t.Parallel()
	const long = 100_000 // ten times the longest report
	for _, unit := range hostile {
		text := repeated(unit, long)
		took := figures.CPU(t, func() { check(t, text, scrubber.Scrub(text, nil)) })
		if took > 30*time.Second { // well under a second here; a quadratic scan takes minutes
			t.Errorf("%q repeated: %s of a processor", unit, took)
		}
	}
}

func FuzzScrub(f *testing.F) {
	for _, a := range examples(f) {
		f.Add(a.Text, "")
	}
	for _, unit := range hostile {
		f.Add(strings.Repeat(unit, 50), unit)
	}
	f.Fuzz(func(t *testing.T, text, keep string) {
		check(t, text, scrubber.Scrub(text, nil))
		check(t, text, scrubber.Scrub(text, []string{keep}))
		check(t, text, scrubber.Numbers(text))
	})
}

func BenchmarkCommandLine(b *testing.B) {
	line, err := json.Marshal(map[string]string{"id": "a", "text": examples(b)[0].Text})
	if err != nil {
		b.Fatal(err)
	}
	in := strings.Repeat(string(line)+"\n", 1000)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if err := scrub.Command(b.Context(), strings.NewReader(in), &bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
