package notary_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/internal/notary"
)

func TestANoteIsCheckedWithTheVerifierKeyAlone(t *testing.T) {
	t.Parallel()
	one, err := notary.New(bytes.Repeat([]byte{1}, 32), "city")
	if err != nil {
		t.Fatal(err)
	}
	other, err := notary.New(bytes.Repeat([]byte{2}, 32), "city")
	if err != nil {
		t.Fatal(err)
	}
	signed, err := one.Sign("a statement\n")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := notary.Open(signed, one.Verifier()); err != nil || text != "a statement\n" {
		t.Errorf("%q, %v", text, err)
	}
	for name, attempt := range map[string][2]string{
		"another's key":  {signed, other.Verifier()},
		"a changed text": {strings.Replace(signed, "a ", "no ", 1), one.Verifier()},
		"no key":         {signed, ""},
	} {
		if _, err := notary.Open(attempt[0], attempt[1]); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := notary.New(make([]byte, 32), "a name with blanks"); err == nil {
		t.Error("a name that no note can carry was taken")
	}
}
