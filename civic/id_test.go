package civic_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
)

func TestIDsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		u := civic.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "uuid"))
		id := civic.ReportID{UUID: u}
		if back, err := civic.ParseReportID("report", id.String()); err != nil || back != id {
			r.Fatalf("%s came back as %s, %v", id, back, err)
		}
		if back, ok := civic.ParseUUID(u.UUIDString()); !ok || back != u {
			r.Fatalf("%s came back as %s", u.UUIDString(), back.UUIDString())
		}
		encoded, err := json.Marshal(map[civic.ReportID]*civic.ReportID{id: &id})
		if err != nil {
			r.Fatal(err)
		}
		var decoded map[civic.ReportID]*civic.ReportID
		if err := json.Unmarshal(encoded, &decoded); err != nil || *decoded[id] != id {
			r.Fatalf("%s: %v", encoded, err)
		}
	})
}

func TestEachKindOfIDHasItsPrefix(t *testing.T) {
	t.Parallel()
	u := civic.NamedUUID("somebody")
	texts := []fmt.Stringer{
		civic.ReportID{UUID: u}, civic.DepartmentID{UUID: u}, civic.CategoryID{UUID: u}, civic.DistrictID{UUID: u}, civic.CitizenID{UUID: u},
		civic.OfficerID{UUID: u}, civic.CommentID{UUID: u}, civic.NoteID{UUID: u}, civic.SessionID{UUID: u}, civic.MediaID{UUID: u},
	}
	parsers := []func(string) (civic.UUID, error){
		func(s string) (civic.UUID, error) { id, err := civic.ParseReportID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseDepartmentID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseCategoryID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseDistrictID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseCitizenID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseOfficerID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseCommentID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseNoteID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseSessionID("x", s); return id.UUID, err },
		func(s string) (civic.UUID, error) { id, err := civic.ParseMediaID("x", s); return id.UUID, err },
	}
	for i, parse := range parsers {
		for j, text := range texts {
			got, err := parse(text.String())
			if i == j && (err != nil || got != u) {
				t.Errorf("%s: %v", text, err)
			}
			if i != j {
				wantInvalid(t, text.String(), err, "x", "id.malformed")
			}
		}
	}
}

func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	good := civic.ReportID{UUID: civic.NamedUUID("r")}.String()
	last := good[len(good)-1:]
	bent := good[:len(good)-1] + string(rune(last[0]+1)) // bits beyond the sixteen bytes: a second spelling of the same id
	for _, text := range []string{
		"", "report_", good[:len(good)-1], good + "A", " " + good, strings.ToUpper(good), strings.Replace(good, "report_", "dept_", 1),
		"report_" + strings.Repeat("=", 22), "report_" + strings.Repeat("\n", 22), "report_\x00" + good[8:], bent,
	} {
		if _, err := civic.ParseReportID("report", text); err == nil {
			t.Errorf("%q is an id", text)
		}
	}
	for _, text := range []string{"", "0", strings.Repeat("-", 36), strings.Repeat("g", 36), "0123456789abcdef0123456789abcdef0123"} {
		if _, ok := civic.ParseUUID(text); ok {
			t.Errorf("%q is a UUID", text)
		}
	}
	var id civic.ReportID
	if err := json.Unmarshal([]byte(`"nonsense"`), &id); err == nil {
		t.Error("nonsense was read from JSON")
	}
}

func TestUUIDVersions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	v7, later := civic.NewUUIDv7(now, rand.Reader), civic.NewUUIDv7(now.Add(time.Millisecond), rand.Reader)
	v4, named := civic.NewUUIDv4(rand.Reader), civic.NamedUUID("name")
	for version, id := range map[byte]civic.UUID{7: v7, 4: v4, 8: named} {
		if id[6]>>4 != version || id[8]>>6 != 0b10 || id.IsZero() {
			t.Errorf("%s is not of version %d", id.UUIDString(), version)
		}
	}
	if bytes.Compare(v7[:], later[:]) >= 0 {
		t.Error("version 7 does not follow time")
	}
	if civic.NamedUUID("name") != named || civic.NamedUUID("other") == named {
		t.Error("a name has not its own id")
	}
	defer func() {
		if recover() == nil {
			t.Error("an id was made without randomness")
		}
	}()
	civic.NewUUIDv4(iotest.ErrReader(errors.New("no randomness")))
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"JW-7KQ4-M2XD": "JW-7KQ4-M2XD", "jw7kq4m2xd": "JW-7KQ4-M2XD", " jw 7kq4 m2xd ": "JW-7KQ4-M2XD", "JW-OIL0-1111": "JW-0110-1111",
		"jw-oil0-1111": "JW-0110-1111",
	} {
		if got, err := civic.ParseNumber("number", text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "JW", "7KQ4-M2XD", "JW-7KQ4-M2X", "JW-7KQ4-M2XDX", "JW-UUUU-UUUU", "JW-7KQ4-M2X\x00", "JW-７KQ4-M2XD", "WJ-7KQ4-M2XD"} {
		_, err := civic.ParseNumber("number", text)
		wantInvalid(t, text, err, "number", "number.malformed")
		if err == nil {
			t.Errorf("%q is a number", text)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		number := civic.NumberFrom(rapid.SliceOf(rapid.Byte()).Draw(r, "seed"))
		if back, err := civic.ParseNumber("number", strings.ToLower(strings.ReplaceAll(number, "-", " "))); err != nil || back != number {
			r.Fatalf("%s came back as %s, %v", number, back, err)
		}
	})
}

func TestEventCursors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sequence := rapid.Uint64().Draw(r, "sequence")
		if back, err := civic.ParseEventCursor(civic.EventCursor(sequence)); err != nil || back != sequence {
			r.Fatalf("%d came back as %d, %v", sequence, back, err)
		}
	})
	for _, cursor := range []string{"", "e1", "ZQ", "ZTE=", "Zi0x", "ZSsx", "ZXp6enp6enp6enp6enp6enp6eg", "\x00", "🕳"} {
		_, err := civic.ParseEventCursor(cursor)
		wantInvalid(t, cursor, err, "after", "cursor.malformed")
		if err == nil {
			t.Errorf("%q is a cursor", cursor)
		}
	}
}

func TestRawTextIsNeverPrinted(t *testing.T) {
	t.Parallel()
	raw := civic.NewRaw("nama saya Budi")
	encoded, err := json.Marshal(map[string]any{"raw": raw, "pointer": &raw})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("text", "raw", raw, "pointer", &raw, "list", []civic.Raw{raw})
	shown := fmt.Sprintf("%v %+v %#v %s %q %x %v %v", raw, raw, raw, raw, raw, raw, []civic.Raw{raw}, &raw) + string(encoded) + log.String()
	if strings.Contains(shown, "Budi") || strings.Contains(shown, "42756469") || !strings.Contains(shown, "[redacted]") {
		t.Errorf("printed: %s", shown)
	}
	if raw.Reveal() != "nama saya Budi" {
		t.Error("the text is lost")
	}
}

func TestErrorsSayNothingThatWasTyped(t *testing.T) {
	t.Parallel()
	err := civic.Invalid("title", "text.too_long", "max", "120")
	if err.Error() != "INVALID_INPUT title text.too_long" || err.Args["max"] != "120" {
		t.Errorf("%v %v", err, err.Args)
	}
}
