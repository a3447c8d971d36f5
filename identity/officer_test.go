package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/identity"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

const officerPassword = "kata sandi panjang"

var dewi = civic.Officer{Name: "Dewi Lestari", Department: demo.DepartmentID("jalan"), Role: civic.RoleDepartmentHead}

// hire makes an officer's account and signs in.
func (c *city) hire(t *testing.T) (civic.Officer, identityclient.Session) {
	t.Helper()
	id, known, err := c.SaveOfficer(t.Context(), dewi, "Dewi@kota.test", officerPassword)
	if err != nil || known {
		t.Fatal(known, err)
	}
	officer := dewi
	officer.ID = id
	session, err := c.SignIn(t.Context(), identityclient.SignInInput{Email: "dewi@kota.test", Password: officerPassword})
	if err != nil || session.Principal.Officer != id || session.Principal.Role != officer.Role || session.Principal.Department != officer.Department {
		t.Fatalf("%+v, %v", session.Principal, err)
	}
	return officer, session
}

// revoking is a verifier that knows what is revoked, like a server's.
func (c *city) revoking(t *testing.T, client *identityclient.Client) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(auth.VerifierConfig{Keys: client.Keys, Now: c.clock.Now, Revoked: client.Revoked})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOfficersAccounts(t *testing.T) {
	t.Parallel()
	c := start(t)
	officer, _ := c.hire(t)
	id, known, err := c.SaveOfficer(t.Context(), dewi, "dewi@kota.test", officerPassword)
	if err != nil || !known || id != officer.ID {
		t.Errorf("the address again: %v %v %v", id, known, err)
	}
	other, _, err := c.SaveOfficer(t.Context(), dewi, "other@kota.test", officerPassword)
	if err != nil {
		t.Fatal(err)
	}
	taken := dewi
	taken.ID = other
	_, _, err = c.SaveOfficer(t.Context(), taken, "dewi@kota.test", "")
	wantError(t, err, civic.CodeConflict, "officer.email_taken")
	for what, bad := range map[string]struct{ email, password, key string }{
		"no password": {"a@kota.test", "", "password.length"}, "a short one": {"a@kota.test", "short", "password.length"},
		"the own address": {"dewi.lestari@kota.test", "dewi.lestari", "password.own_name"}, "the own name": {"a@kota.test", "dewi lestari", "password.own_name"},
		"no address": {"kota.test", officerPassword, "email.malformed"}, "two addresses": {"a@x.test,b@x.test", officerPassword, "email.malformed"},
	} {
		if _, _, err := c.SaveOfficer(t.Context(), dewi, bad.email, bad.password); err == nil {
			t.Errorf("%s is taken", what)
		} else {
			wantError(t, err, civic.CodeInvalidInput, bad.key)
		}
	}
	nobody := dewi
	nobody.ID.UUID = civic.NamedUUID("nobody")
	_, _, err = c.SaveOfficer(t.Context(), nobody, "n@kota.test", "")
	wantError(t, err, civic.CodeNotFound, "officer.not_found")
}

// A right that is taken away is gone at once on the server that took it, and on others as soon as they look, for remembered tokens, too.
func TestATakenRightIsGone(t *testing.T) {
	t.Parallel()
	c := start(t)
	elsewhere, err := identityclient.New(identityclient.Config{Address: c.address, Timeout: 2 * time.Minute, Now: c.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = elsewhere.Close() })
	go func() { _ = elsewhere.Run(t.Context()) }()
	here, there := c.revoking(t, c.Client), c.revoking(t, elsewhere)
	officer, session := c.hire(t)
	ended := make(chan struct{})
	defer elsewhere.OnRevoked(session.Principal.Session, func() { close(ended) })()
	for _, v := range []*auth.Verifier{here, there} {
		if _, err := v.Verify(t.Context(), session.AccessToken); err != nil {
			t.Fatal(err)
		}
	}
	officer.Name = "Dewi L." // another name takes nothing away
	save := func(password string) {
		t.Helper()
		if _, _, err := c.SaveOfficer(t.Context(), officer, "dewi@kota.test", password); err != nil {
			t.Fatal(err)
		}
	}
	save("")
	if _, err := here.Verify(t.Context(), session.AccessToken); err != nil {
		t.Error("a new name signs out")
	}
	officer.Role = civic.RoleOfficer
	save("")
	_, err = here.Verify(t.Context(), session.AccessToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	<-ended
	_, err = there.Verify(t.Context(), session.AccessToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	_, err = c.Refresh(t.Context(), session.RefreshToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	called := false
	elsewhere.OnRevoked(session.Principal.Session, func() { called = true })()
	if !called {
		t.Error("who comes late is not told")
	}

	signIn := func(password string) (identityclient.Session, error) {
		return c.SignIn(t.Context(), identityclient.SignInInput{Email: "dewi@kota.test", Password: password})
	}
	session, err = signIn(officerPassword)
	if err != nil || session.Principal.Role != civic.RoleOfficer {
		t.Fatal(session.Principal, err)
	}
	save("sandi yang lain sama sekali")
	if _, err := here.Verify(t.Context(), session.AccessToken); err == nil {
		t.Error("another password leaves sessions open")
	}
	if session, err = signIn("sandi yang lain sama sekali"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.RetireOfficer(t.Context(), officer.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := here.Verify(t.Context(), session.AccessToken); err == nil {
		t.Error("who left still has access")
	}
	_, err = signIn("sandi yang lain sama sekali")
	wantError(t, err, civic.CodeUnauthenticated, "sign_in.wrong")
	_, _, err = c.SaveOfficer(t.Context(), officer, "dewi@kota.test", "")
	wantError(t, err, civic.CodeConflict, "office.retired")
	if err := c.RetireOfficer(t.Context(), civic.OfficerID{UUID: civic.NamedUUID("nobody")}); err != nil {
		t.Error(err)
	}
}

// An account that is deleted is gone with all that hung on it, whenever that is asked.
func TestACitizenGoes(t *testing.T) {
	t.Parallel()
	c := start(t)
	session := c.signUp(t)
	citizen := session.Principal.Citizen
	key, err := c.TokenKey(t.Context(), &citizen)
	if err != nil {
		t.Fatal(err)
	}
	_, blinded := blind(t, key.Public, 2)
	if _, err := c.IssueTokens(t.Context(), citizen, blinded); err != nil {
		t.Fatal(err)
	}
	wantError(t, c.CheckPassword(t.Context(), citizen, "salah sekali"), civic.CodeUnauthenticated, "password.wrong")
	if err := c.CheckPassword(t.Context(), citizen, password); err != nil {
		t.Fatal(err)
	}
	held, err := c.Dossier(t.Context(), citizen)
	if err != nil || held.Name != name || held.NationalID != nik || held.Phone != "+6281234567890" || len(held.Sessions) != 1 || len(held.Tokens) != 1 ||
		held.Tokens[0].Issued != 2 || !held.CreatedAt.Equal(c.clock.Now()) {
		t.Errorf("%+v, %v", held, err)
	}
	verifier := c.revoking(t, c.Client)
	for range 2 {
		if err := c.DeleteCitizen(t.Context(), citizen); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := verifier.Verify(t.Context(), session.AccessToken); err == nil {
		t.Error("the access token lives")
	}
	_, err = c.Refresh(t.Context(), session.RefreshToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	wantError(t, c.CheckPassword(t.Context(), citizen, password), civic.CodeUnauthenticated, "session.ended")
	_, err = c.Dossier(t.Context(), citizen)
	wantError(t, err, civic.CodeNotFound, "account.not_found")
	dump := dumpAll(t, c.admin)
	for what, trace := range map[string]string{"id": citizen.UUIDString(), "name": name, "national id": nik} {
		if strings.Contains(dump, trace) {
			t.Errorf("the database holds the %s", what)
		}
	}
	var n int
	c.query(t, "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM refresh_tokens) + (SELECT count(*) FROM failures) + (SELECT count(*) FROM token_counts)", &n)
	if n != 0 {
		t.Errorf("%d rows are left", n)
	}
	again := c.signUp(t) // a new start
	if again.Principal.Citizen == citizen {
		t.Error("the same id")
	}
}

// Wrong passwords count together with those at sign-in.
func TestPasswordChecksAreCounted(t *testing.T) {
	t.Parallel()
	c := start(t)
	citizen := c.signUp(t).Principal.Citizen
	for range 5 {
		wantError(t, c.CheckPassword(t.Context(), citizen, "salah sekali"), civic.CodeUnauthenticated, "password.wrong")
	}
	wantError(t, c.CheckPassword(t.Context(), citizen, password), civic.CodeRateLimited, "sign_in.locked")
	_, err := c.signIn(t.Context(), password)
	wantError(t, err, civic.CodeRateLimited, "sign_in.locked")
	c.clock.pass(time.Second)
	if err := c.CheckPassword(t.Context(), citizen, password); err != nil {
		t.Error(err)
	}
}

// The demo people come once: who has gone does not come back at the next start.
func TestWhoLeftTheDemoStaysAway(t *testing.T) {
	t.Parallel()
	demonstrating := func(cfg *identity.Config) { cfg.Demo = true }
	c := start(t, demonstrating)
	data, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	in := identityclient.SignInInput{NationalID: data.Citizens[0].NationalID, Password: data.Password}
	session, err := c.SignIn(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteCitizen(t.Context(), session.Principal.Citizen); err != nil {
		t.Fatal(err)
	}
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	c = startOn(t, c.admin, c.secrets, c.clock, demonstrating)
	_, err = c.SignIn(t.Context(), in)
	wantError(t, err, civic.CodeUnauthenticated, "sign_in.wrong")
}
