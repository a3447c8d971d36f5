package integration

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	signUp  = `mutation($input:SignUpInput!){signUp(input:$input){accessToken refreshToken expiresAt viewer{... on Citizen{id name}}}}`
	refresh = `mutation($t:String!){refreshSession(refreshToken:$t){accessToken refreshToken}}`
)

// newcomer is a sound national id that nobody of the demo city has.
const (
	newcomer      = "3273016505950991"
	newcomerPhone = "081298765432"
	newPassword   = "rahasia-kenari-baru"
	oneMore       = "3273014107990992"
)

func aNewCitizenSignsUp(t *testing.T, city *System) {
	input := Vars{"nationalId": newcomer, "name": "Kartini Sukma", "phone": newcomerPhone, "password": newPassword}
	session := city.Stranger().Must(t, signUp, Vars{"input": input}).At("signUp")
	if session.At("viewer.name").Text() != "Kartini Sukma" {
		t.Errorf("signed up as %v", session.At("viewer"))
	}
	newcomer := &Caller{System: city, Token: session.At("accessToken").Text()}
	newcomer.Submits(t, Draft{})
	city.Stranger().Refused(t, "CONFLICT", "", signUp, Vars{"input": input})
	for field, change := range map[string]Vars{
		"nationalId": {"nationalId": "3273016513950991"}, // there is no thirteenth month
		"password":   {"password": "pendek"},
		"name":       {"name": " "},
		"phone":      {"phone": "12"},
	} {
		wrong := Vars{"nationalId": oneMore, "name": "Dewi Lestari", "password": newPassword}
		for name, value := range change {
			wrong[name] = value
		}
		city.Stranger().Refused(t, "INVALID_INPUT", field, signUp, Vars{"input": wrong})
	}
	// Somebody of the city with another's name, and a new password for an old account: both are refused.
	known := people(t).Citizens[0]
	city.Stranger().Refused(t, "INVALID_INPUT", "nationalId", signUp, Vars{"input": Vars{"nationalId": known.NationalID, "name": "Bukan Dia", "password": newPassword}})
	city.Stranger().Refused(t, "CONFLICT", "", signUp, Vars{"input": Vars{"nationalId": known.NationalID, "name": known.Name, "password": newPassword}})
}

func aSessionGoesOnAndEnds(t *testing.T, city *System) {
	who := Vars{"input": Vars{"nationalId": people(t).Citizens[5].NationalID, "password": people(t).Password}}
	stranger := city.Stranger()
	if viewer := stranger.Must(t, `{viewer{__typename}}`, nil).At("viewer"); !viewer.Null() {
		t.Errorf("a stranger is %v", viewer)
	}
	stranger.Refused(t, "UNAUTHENTICATED", "", `mutation{signOut}`, nil)

	first := stranger.Must(t, signIn, who).At("signIn")
	second := stranger.Must(t, refresh, Vars{"t": first.At("refreshToken").Text()}).At("refreshSession")
	caller := &Caller{System: city, Token: second.At("accessToken").Text()}
	if viewer := caller.Must(t, `{viewer{... on Citizen{name}}}`, nil); viewer.At("viewer.name").Text() != people(t).Citizens[5].Name {
		t.Errorf("the viewer is %v", viewer)
	}
	// The first token a second time: somebody has stolen one of them, so both are worth nothing now.
	stranger.Refused(t, "UNAUTHENTICATED", "", refresh, Vars{"t": first.At("refreshToken").Text()})
	stranger.Refused(t, "UNAUTHENTICATED", "", refresh, Vars{"t": second.At("refreshToken").Text()})
	stranger.Refused(t, "UNAUTHENTICATED", "", refresh, Vars{"t": "nonsense"})

	third := stranger.Must(t, signIn, who).At("signIn")
	caller = &Caller{System: city, Token: third.At("accessToken").Text()}
	if !caller.Must(t, `mutation{signOut}`, nil).At("signOut").True() {
		t.Error("signing out says nothing")
	}
	stranger.Refused(t, "UNAUTHENTICATED", "", refresh, Vars{"t": third.At("refreshToken").Text()})
}

func wrongPasswordsLockTheDoor(t *testing.T, city *System) {
	right, wrong := people(t).Password, "kenari-salah-sandi"
	try := func(citizen int, password string) Answer {
		return city.Stranger().Ask(t, signIn, Vars{"input": Vars{"nationalId": people(t).Citizens[citizen].NationalID, "password": password}})
	}
	for i := range 5 {
		if code := try(6, wrong).code(); code != "UNAUTHENTICATED" {
			t.Errorf("wrong password %d: %s", i+1, code)
		}
	}
	// From now on each costs a wait, twice as long as the last, until it is long enough to be noticed for certain: after two more, on a machine
	// that is not very busy. A right one that was let in has opened the door, and it begins anew.
	refused := false
	for wait := 2; !refused && wait <= 5; wait++ {
		for more := 0; more < wait; {
			switch code := try(6, wrong).code(); code {
			case "UNAUTHENTICATED":
				more++
			case "RATE_LIMITED":
				time.Sleep(20 * time.Millisecond)
			default:
				t.Fatalf("a wrong password: %q", code)
			}
		}
		code := try(6, right).code()
		if refused = code == "RATE_LIMITED"; refused {
			break
		}
		t.Logf("the right password after %d wrong ones: %q", 5+wait, code)
		for range 5 {
			try(6, wrong)
		}
	}
	if !refused {
		t.Error("the right password is always let in at once")
	}
	if code := try(7, right).code(); code != "" {
		t.Errorf("somebody else meanwhile: %s", code)
	}
	eventually(t, "the door opens again", func() error {
		if try(6, right).code() != "" {
			return errNotYet
		}
		return nil
	})
	// Whether an account is there at all is not told.
	unknown := city.Stranger().Refused(t, "UNAUTHENTICATED", "", signIn, Vars{"input": Vars{"nationalId": oneMore, "password": right}})
	if known := try(8, wrong); len(known.Errors) == 0 || known.Errors[0].Message != unknown.Message {
		t.Errorf("%v differs from %v", known.Errors, unknown)
	}
	for _, input := range []Vars{{"password": right}, {"password": right, "email": "a@b.id", "nationalId": oneMore}} {
		city.Stranger().Refused(t, "INVALID_INPUT", "", signIn, Vars{"input": input})
	}
}

func anybodyCanCheckAToken(t *testing.T, city *System) {
	status, document := city.Get(t, city.URL+"/.well-known/jwks.json")
	var set struct {
		Keys []struct{ Kty, Crv, X, Kid, Alg string }
	}
	if err := json.Unmarshal([]byte(document), &set); err != nil || status != 200 {
		t.Fatalf("%d %s: %v", status, document, err)
	}
	keys := map[string]ed25519.PublicKey{}
	for _, key := range set.Keys {
		raw, err := base64.RawURLEncoding.DecodeString(key.X)
		if err != nil || key.Kty != "OKP" || key.Crv != "Ed25519" || key.Alg != "EdDSA" {
			t.Fatalf("key %v: %v", key, err)
		}
		keys[key.Kid] = raw
	}
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(city.Officer(t, "jalan").Token, claims, func(token *jwt.Token) (any, error) {
		return keys[token.Header["kid"].(string)], nil
	}, jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithExpirationRequired())
	if err != nil || !token.Valid {
		t.Fatal(err)
	}
	expires, err := claims.GetExpirationTime()
	if left := time.Until(expires.Time); err != nil || left > 15*time.Minute || left < 10*time.Minute {
		t.Errorf("it ends in %v: %v", left, err)
	}
	if claims["role"] != "OFFICER" {
		t.Errorf("it says %v", claims)
	}
}
