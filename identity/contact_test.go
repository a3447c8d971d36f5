package identity_test

import (
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

// An address is kept sealed, told to who asks for that one account, and gone with it.
func TestWhereACitizenGetsMail(t *testing.T) {
	t.Parallel()
	c := start(t)
	citizen := c.signUp(t).Principal.Citizen
	address := func() string {
		t.Helper()
		email, err := c.Contact(t.Context(), citizen.UUID)
		if err != nil {
			t.Fatal(err)
		}
		return email
	}
	if got := address(); got != "" {
		t.Errorf("before any was given: %q", got)
	}
	for _, malformed := range []string{"budi", "budi@", "budi@kota", "Budi <budi@kota.test>", "a@kota.test, b@kota.test", "budi@kota.test\r\nBcc: x@y.z"} {
		wantError(t, c.SaveContact(t.Context(), citizen, malformed), civic.CodeInvalidInput, "email.malformed")
	}
	if err := c.SaveContact(t.Context(), citizen, " budi@Kota.Test "); err != nil {
		t.Fatal(err)
	}
	if got := address(); got != "budi@kota.test" {
		t.Errorf("the address is %q", got)
	}
	var kept string
	c.query(t, "SELECT encode(email_cipher, 'escape') FROM contacts", &kept)
	if kept == "" || strings.Contains(kept, "kota.test") {
		t.Errorf("the database has %q", kept)
	}
	if held, err := c.Dossier(t.Context(), citizen); err != nil || held.Email != "budi@kota.test" {
		t.Errorf("the dossier has %v, %v", held, err)
	}
	if err := c.DeleteCitizen(t.Context(), citizen); err != nil {
		t.Fatal(err)
	}
	if got := address(); got != "" {
		t.Errorf("after the account is gone: %q", got)
	}
	if err := c.SaveContact(t.Context(), citizen, "budi@kota.test"); err == nil {
		t.Error("an address is kept for nobody")
	}
	officer, _ := c.hire(t)
	if got, err := c.Contact(t.Context(), officer.ID.UUID); err != nil || got != "dewi@kota.test" {
		t.Errorf("an officer gets mail at %q, %v", got, err)
	}
}
