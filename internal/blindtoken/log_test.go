package blindtoken_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/blindtoken/testkey"
	"github.com/jagawarga/jagawarga/internal/notary"
)

func scribe(t *testing.T, seed byte) *notary.Notary {
	t.Helper()
	n, err := notary.New(bytes.Repeat([]byte{seed}, 32), blindtoken.LogOrigin)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// logOf signs a log of the test keys, one a day.
func logOf(t *testing.T, n *notary.Notary, days ...blindtoken.Day) *blindtoken.Log {
	t.Helper()
	log := &blindtoken.Log{Verifier: n.Verifier()}
	var entries []blindtoken.Entry
	for i, day := range days {
		key := testkey.Issuer(i).Public()
		entries = append(entries, blindtoken.Entry{Day: day, KeyID: key.ID()})
		log.Entries = append(log.Entries, entries[i].String())
		log.Keys = append(log.Keys, key.DER())
	}
	var err error
	if log.Checkpoint, err = blindtoken.SignLog(n, entries); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestALogIsWhatItsCheckpointSays(t *testing.T) {
	t.Parallel()
	n := scribe(t, 1)
	days := []blindtoken.Day{"2026-11-21", "2026-11-23", "2026-11-24"} // a day without a key is no fault
	for count := range len(days) + 1 {
		log := logOf(t, n, days[:count]...)
		entries, keys, err := log.Open(n.Verifier())
		if err != nil || len(entries) != count || len(keys) != count {
			t.Fatalf("%d entries: %v, %v", count, entries, err)
		}
	}
	stranger := testkey.Issuer(2).Public()
	for name, spoil := range map[string]func(*blindtoken.Log){
		"an entry less":        func(l *blindtoken.Log) { l.Entries, l.Keys = l.Entries[:1], l.Keys[:1] },
		"another order":        func(l *blindtoken.Log) { slices.Reverse(l.Entries) },
		"another day":          func(l *blindtoken.Log) { l.Entries[1] = "2026-11-24" + l.Entries[1][10:] },
		"a second key a day":   func(l *blindtoken.Log) { l.Entries = append(l.Entries, "2026-11-23 "+stranger.ID()) },
		"an entry more":        func(l *blindtoken.Log) { l.Entries = append(l.Entries, "2026-11-25 "+stranger.ID()) },
		"a line of noise":      func(l *blindtoken.Log) { l.Entries[0] = "noise" },
		"a broken line":        func(l *blindtoken.Log) { l.Entries[1] += "\n" },
		"a key of another":     func(l *blindtoken.Log) { l.Keys[0] = stranger.DER() },
		"another's checkpoint": func(l *blindtoken.Log) { l.Checkpoint = logOf(t, scribe(t, 2), days[:2]...).Checkpoint },
		"no checkpoint":        func(l *blindtoken.Log) { l.Checkpoint = "" },
	} {
		log := logOf(t, n, days[:2]...)
		spoil(log)
		if _, _, err := log.Open(n.Verifier()); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
