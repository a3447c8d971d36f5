package identity_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/identity"
	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/pgtest"
)

func TestSignUpThenSignIn(t *testing.T) {
	t.Parallel()
	c := start(t)
	up := c.signUp(t)
	in, err := c.signIn(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if up.Name != name || up.Principal.Role != civic.RoleCitizen || up.Principal.Citizen != in.Principal.Citizen || up.Principal.Session == in.Principal.Session {
		t.Errorf("signed up as %+v, in as %+v", up, in)
	}
	principal, err := c.verifier(t).Verify(t.Context(), in.AccessToken)
	if err != nil || !principal.Expires.Equal(in.ExpiresAt) || !in.ExpiresAt.Equal(c.clock.Now().Add(15*time.Minute)) {
		t.Errorf("the token is of %+v until %v, %v", principal, in.ExpiresAt, err)
	}
	principal.Expires = in.Principal.Expires // the same moment in another zone
	if principal != in.Principal {
		t.Errorf("the token says %+v, the session %+v", principal, in.Principal)
	}
	spaced := identityclient.SignInInput{NationalID: " 3273 0145 0392 0001 ", Password: password}
	if _, err := c.SignIn(t.Context(), spaced); err != nil {
		t.Errorf("with spaces: %v", err)
	}
}

func TestAccessTokenNamesNobody(t *testing.T) {
	t.Parallel()
	c := start(t, func(cfg *identity.Config) { cfg.Demo = true })
	officer, err := c.SignIn(t.Context(), identityclient.SignInInput{Email: "Petugas2.Puskesmas@demo.jagawarga.test", Password: "jagawarga-demo"})
	if err != nil {
		t.Fatal(err)
	}
	if officer.Principal.Officer.UUID != civic.NamedUUID("officer:petugas2.puskesmas@demo.jagawarga.test") ||
		officer.Principal.Department.UUID != civic.NamedUUID("department:puskesmas") || officer.Name != "Nurul Anggraini" {
		t.Errorf("signed in as %+v", officer)
	}
	for token, want := range map[string][]string{
		officer.AccessToken:     {"aud", "dep", "exp", "iat", "iss", "role", "sid", "sub"},
		c.signUp(t).AccessToken: {"aud", "exp", "iat", "iss", "role", "sid", "sub"},
	} {
		parts := strings.Split(token, ".")
		claims := decode(t, parts[1])
		if got := slices.Sorted(maps.Keys(claims)); !slices.Equal(got, want) {
			t.Errorf("claims %v, want %v", got, want)
		}
		header := decode(t, parts[0])
		if header["alg"] != "EdDSA" || header["kid"] == "" || claims["iss"] != "jagawarga" {
			t.Errorf("header %v, claims %v", header, claims)
		}
	}
}

func decode(t *testing.T, part string) (values map[string]any) {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &values); err != nil {
		t.Fatal(err)
	}
	return values
}

func TestBadInputIsRefusedByField(t *testing.T) {
	t.Parallel()
	c := start(t)
	fine := identityclient.SignUpInput{NationalID: nik, Name: name, Phone: phone, Password: password}
	cases := map[string]struct {
		change     func(*identityclient.SignUpInput)
		field, key string
	}{
		"no national id":      {func(in *identityclient.SignUpInput) { in.NationalID = "" }, "nationalId", "national_id.malformed"},
		"short":               {func(in *identityclient.SignUpInput) { in.NationalID = nik[1:] }, "nationalId", "national_id.malformed"},
		"letters":             {func(in *identityclient.SignUpInput) { in.NationalID = "32730145O3920001" }, "nationalId", "national_id.malformed"},
		"unknown province":    {func(in *identityclient.SignUpInput) { in.NationalID = "2073014503920001" }, "nationalId", "national_id.malformed"},
		"no regency":          {func(in *identityclient.SignUpInput) { in.NationalID = "3200014503920001" }, "nationalId", "national_id.malformed"},
		"no district":         {func(in *identityclient.SignUpInput) { in.NationalID = "3273004503920001" }, "nationalId", "national_id.malformed"},
		"32nd of March":       {func(in *identityclient.SignUpInput) { in.NationalID = "3273013203920001" }, "nationalId", "national_id.malformed"},
		"29 February 1997":    {func(in *identityclient.SignUpInput) { in.NationalID = "3273012902970001" }, "nationalId", "national_id.malformed"},
		"serial 0000":         {func(in *identityclient.SignUpInput) { in.NationalID = "3273014503920000" }, "nationalId", "national_id.malformed"},
		"one letter of name":  {func(in *identityclient.SignUpInput) { in.Name = "  S " }, "name", "name.length"},
		"101 letters of name": {func(in *identityclient.SignUpInput) { in.Name = strings.Repeat("é", 101) }, "name", "name.length"},
		"NUL in name":         {func(in *identityclient.SignUpInput) { in.Name = "Siti\x00" }, "name", "name.characters"},
		"name not UTF-8":      {func(in *identityclient.SignUpInput) { in.Name = "Siti\xff" }, "name", "input.malformed"},
		"short password":      {func(in *identityclient.SignUpInput) { in.Password = "123456789" }, "password", "password.length"},
		"long password":       {func(in *identityclient.SignUpInput) { in.Password = strings.Repeat("x", 129) }, "password", "password.length"},
		"NUL in password":     {func(in *identityclient.SignUpInput) { in.Password += "\x00" }, "password", "password.characters"},
		"phone":               {func(in *identityclient.SignUpInput) { in.Phone = "call me" }, "phone", "phone.malformed"},
		"another's number":    {func(in *identityclient.SignUpInput) { in.NationalID = "3273065911860012" }, "nationalId", "national_id.not_confirmed"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			in := fine
			test.change(&in)
			_, err := c.SignUp(t.Context(), in)
			if border := wantError(t, err, civic.CodeInvalidInput, test.key); border.Field != test.field {
				t.Errorf("field %q, want %q", border.Field, test.field)
			}
		})
	}
	var accounts int
	if c.query(t, "SELECT count(*) FROM accounts", &accounts); accounts != 0 {
		t.Errorf("%d accounts were stored", accounts)
	}
	for _, in := range []identityclient.SignInInput{{Password: password}, {NationalID: nik, Email: "a@b.c", Password: password}} {
		_, err := c.SignIn(t.Context(), in)
		wantError(t, err, civic.CodeInvalidInput, "sign_in.one_of")
	}
	_, err := c.SignIn(t.Context(), identityclient.SignInInput{Email: "a\x00@b.c", Password: password})
	wantError(t, err, civic.CodeInvalidInput, "email.malformed")
}

func TestOneAccountForANationalID(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.signUp(t)
	_, err := c.SignUp(t.Context(), identityclient.SignUpInput{NationalID: nik, Name: name, Password: "another password"})
	wantError(t, err, civic.CodeConflict, "sign_up.not_possible")
	if _, err := c.signIn(t.Context(), password); err != nil {
		t.Errorf("the first account suffered: %v", err)
	}
}

// What a citizen is known by is told with the session and when asked for; of officers and of nobody nothing is.
func TestWhoACitizenIs(t *testing.T) {
	t.Parallel()
	c := start(t, func(cfg *identity.Config) { cfg.Demo = true })
	up := c.signUp(t)
	want := identityclient.Person{Name: name, Phone: "+6281234567890"}
	another, err := identityclient.New(identityclient.Config{Address: c.address, Timeout: 2 * time.Minute}) // which has not seen the session opened
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = another.Close() })
	for _, client := range []*identityclient.Client{c.Client, another} {
		if got, err := client.Person(t.Context(), up.Principal.Citizen); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
	for _, nobody := range []civic.UUID{civic.NamedUUID("nobody"), civic.NamedUUID("officer:petugas2.puskesmas@demo.jagawarga.test")} {
		_, err := c.Person(t.Context(), civic.CitizenID{UUID: nobody})
		wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	}
}

// Somebody without an account and somebody with a wrong password get the same answer, and it costs one hash of a password either way, which
// is nearly all of its time. The hashes are counted: two times that were measured on a busy machine cannot be compared.
func TestNobodyLooksLikeAWrongPassword(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	c := start(t, func(cfg *identity.Config) { cfg.Demo, cfg.Registerer = true, registry })
	c.signUp(t)
	for name, in := range map[string]identityclient.SignInInput{
		"wrong password":            {NationalID: nik, Password: "not the one"},
		"short password":            {NationalID: nik, Password: "x"},
		"unknown citizen":           {NationalID: "3273014503920002", Password: password},
		"no national id":            {NationalID: "hello", Password: password},
		"wrong password of officer": {Email: "petugas2.puskesmas@demo.jagawarga.test", Password: "not the one"},
		"unknown officer":           {Email: "nobody@demo.jagawarga.test", Password: password},
		"password and NUL":          {NationalID: nik, Password: password + "\x00"},
	} {
		before := hashes(t, registry)
		_, err := c.SignIn(t.Context(), in)
		t.Log(name)
		wantError(t, err, civic.CodeUnauthenticated, "sign_in.wrong")
		if made := hashes(t, registry) - before; made != 1 {
			t.Errorf("%s: %v hashes were made", name, made)
		}
	}
}

// hashes is how many passwords were hashed so far.
func hashes(t *testing.T, registry *prometheus.Registry) float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "jagawarga_identity_password_hashes_total" {
			return family.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatal("nobody counts the hashes")
	return 0
}

func TestDemoPeopleAreLoadedOnce(t *testing.T) {
	t.Parallel()
	admin := migrated(t)
	began, registry := time.Now(), prometheus.NewRegistry()
	c := startOn(t, admin, filepath.Join(t.TempDir(), "secrets"), newClock(), func(cfg *identity.Config) { cfg.Demo, cfg.Registerer = true, registry })
	figures.Tell(t, "identity: the demo people are loaded in %v", time.Since(began).Round(time.Millisecond))
	if made := hashes(t, registry); made != 1 { // for everybody: they have the same password
		t.Errorf("%v passwords were hashed", made)
	}
	data, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	first := data.Citizens[0]
	session, err := c.SignIn(t.Context(), identityclient.SignInInput{NationalID: first.NationalID, Password: data.Password})
	if err != nil || session.Name != first.Name || session.Principal.Citizen.IsZero() {
		t.Fatalf("signed in as %+v, %v", session, err)
	}
	again := startOn(t, c.admin, c.secrets, c.clock, func(cfg *identity.Config) { cfg.Demo = true })
	var citizens, officers int
	again.query(t, "SELECT count(*) FILTER (WHERE role = 'CITIZEN'), count(*) FILTER (WHERE role <> 'CITIZEN') FROM accounts", &citizens, &officers)
	if citizens != 120 || officers != 59 {
		t.Errorf("%d citizens and %d officers", citizens, officers)
	}
	names, err := again.Names(t.Context(), []civic.CitizenID{session.Principal.Citizen, {UUID: civic.NamedUUID("nobody")}})
	if err != nil || len(names) != 1 || names[session.Principal.Citizen] != first.Name {
		t.Errorf("names %v, %v", names, err)
	}
	officer := civic.CitizenID{UUID: data.Officers[0].ID().UUID}
	if names, err := again.Names(t.Context(), []civic.CitizenID{officer}); err != nil || len(names) != 0 {
		t.Errorf("an officer passed for a citizen: %v, %v", names, err)
	}
}

// A dump of the database, and the log, tell neither national id nor phone nor password nor refresh token, in any usual spelling.
func TestNothingLiesInClear(t *testing.T) {
	t.Parallel()
	c := start(t)
	up := c.signUp(t)
	if _, err := c.signIn(t.Context(), "not the one"); err == nil {
		t.Fatal("signed in")
	}
	refreshed, err := c.Refresh(t.Context(), up.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.SignUp(t.Context(), identityclient.SignUpInput{NationalID: nik, Name: name, Phone: phone, Password: password})
	dump := strings.ToLower(dumpAll(t, c.admin) + c.logs.String())
	if !strings.Contains(dump, strings.ToLower(name)) {
		t.Fatal("the dump is empty")
	}
	for what, secret := range map[string]string{
		"national id": nik, "phone": "81234567890", "typed phone": phone, "password": password,
		"refresh token": up.RefreshToken, "second refresh token": refreshed.RefreshToken, "access token": up.AccessToken,
	} {
		raw, _ := base64.RawURLEncoding.DecodeString(secret)
		for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret)), hex.EncodeToString(raw)} {
			if form != "" && strings.Contains(dump, strings.ToLower(form)) {
				t.Errorf("the %s is in the database or the log", what)
			}
		}
	}
}

func dumpAll(t *testing.T, admin string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 5 {
		t.Fatal(tables, err)
	}
	var dump strings.Builder
	for _, table := range tables {
		if _, err := conn.PgConn().CopyTo(t.Context(), &dump, "COPY "+table+" TO STDOUT"); err != nil {
			t.Fatal(err)
		}
	}
	return dump.String()
}

func TestServiceRoleHasNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), pgtest.As(migrated(t), serviceRole, pgtest.RolePassword))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, statement := range []string{
		"UPDATE accounts SET national_id_hash = NULL", "UPDATE accounts SET created_at = now()", "DELETE FROM token_keys", "UPDATE sessions SET account_id = id", "UPDATE refresh_tokens SET session_id = session_id",
		"UPDATE key_checks SET value = value", "DROP TABLE accounts", "CREATE TABLE mine (id bigint)", "SELECT * FROM goose_db_version",
	} {
		if _, err := conn.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
