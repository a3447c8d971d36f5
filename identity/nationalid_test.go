package identity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/identity"
)

var today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestBirthDates(t *testing.T) {
	t.Parallel()
	for digits, sound := range map[string]bool{
		"290200": true,  // 2000 was a leap year
		"690200": true,  // a woman, the same day
		"290296": true,  // 1996
		"290226": false, // neither 1926 nor 2026
		"310492": false, // April has 30 days
		"000192": false,
		"010092": false,
		"011392": false,
		"320192": false,
		"400192": false, // between men's days and women's
		"720192": false,
		"221126": true, // born yesterday
		"241126": true, // a hundred years ago: the other century
	} {
		if _, err := identity.ParseNationalID("327301"+digits+"0001", today); (err == nil) != sound {
			t.Errorf("born %s: %v", digits, err)
		}
	}
}

// Every number made from an existing date is sound; changing it to a day that no month has makes it unsound.
func TestStructureHoldsForAnyDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 35_000).Draw(t, "days"))
		woman := rapid.IntRange(0, 1).Draw(t, "woman") * 40
		serial := rapid.IntRange(1, 9999).Draw(t, "serial")
		digits := fmt.Sprintf("3273%02d%02d%02d%02d%04d", rapid.IntRange(1, 99).Draw(t, "district"), born.Day()+woman, born.Month(), born.Year()%100, serial)
		if _, err := identity.ParseNationalID(digits, today); err != nil {
			t.Fatalf("%s: %v", digits, err)
		}
		if _, err := identity.ParseNationalID(digits[:6]+"32"+digits[8:], today); err == nil {
			t.Fatalf("the 32nd was taken")
		}
	})
}

func TestNationalIDDoesNotPrint(t *testing.T) {
	t.Parallel()
	id, err := identity.ParseNationalID(nik, today)
	if err != nil || id.Digits() != nik {
		t.Fatal(err)
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "id", id, "in", struct{ ID identity.NationalID }{id})
	asJSON, err := json.Marshal(map[string]any{"id": id})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%v %+v %#v %s %q %s", id, id, id, id, id, asJSON)
	if strings.Contains(out.String(), nik[:6]) || !strings.Contains(out.String(), "[redacted]") {
		t.Errorf("printed %s", out.String())
	}
}
