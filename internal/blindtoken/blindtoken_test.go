package blindtoken_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/blindtoken/testkey"
)

// draw gets one token signed.
func draw(t testing.TB, issuer *blindtoken.Issuer) (message, signature []byte) {
	t.Helper()
	message, err := issuer.Public().Prepare(rand.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	blinded, blinding, err := issuer.Public().Blind(rand.Reader, message)
	if err != nil {
		t.Fatal(err)
	}
	blindSignature, err := issuer.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	if signature, err = blinding.Finalize(blindSignature); err != nil {
		t.Fatal(err)
	}
	return message, signature
}

func TestATokenHoldsForItsKeyAndMessageAlone(t *testing.T) {
	t.Parallel()
	issuer := testkey.Issuer(0)
	key, err := blindtoken.ParsePublicKey(issuer.Public().DER())
	if err != nil || key.ID() != issuer.Public().ID() || len(key.ID()) != 43 {
		t.Fatal(key.ID(), err)
	}
	message, signature := draw(t, issuer)
	if err := key.Verify(message, signature); err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(signature)
	flipped[100] ^= 1
	other := bytes.Clone(message)
	other[0] ^= 1
	for name, attempt := range map[string]struct {
		key                *blindtoken.PublicKey
		message, signature []byte
	}{
		"another day's key":     {testkey.Issuer(1).Public(), message, signature},
		"another message":       {key, other, signature},
		"a flipped bit":         {key, message, flipped},
		"a short signature":     {key, message, signature[1:]},
		"a long signature":      {key, message, append([]byte{0}, signature...)},
		"no signature":          {key, message, nil},
		"all ones":              {key, message, bytes.Repeat([]byte{0xff}, blindtoken.Size)},
		"a message too short":   {key, message[1:], signature},
		"an endless message":    {key, make([]byte, blindtoken.MaxMessage+1), signature},
		"nothing whatever":      {key, nil, nil},
		"zero, which is a cube": {key, message, make([]byte, blindtoken.Size)},
	} {
		if attempt.key.Verify(attempt.message, attempt.signature) == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestOnlyWholeResiduesAreSigned(t *testing.T) {
	t.Parallel()
	issuer := testkey.Issuer(0)
	parsed, err := x509.ParsePKIXPublicKey(issuer.Public().DER())
	if err != nil {
		t.Fatal(err)
	}
	modulus := parsed.(*rsa.PublicKey).N.Bytes()
	for name, blinded := range map[string][]byte{
		"nothing": nil, "a byte too few": make([]byte, blindtoken.Size-1), "a byte too many": make([]byte, blindtoken.Size+1),
		"the modulus itself": modulus, "all ones": bytes.Repeat([]byte{0xff}, blindtoken.Size),
	} {
		if issuer.Check(blinded) == nil {
			t.Errorf("%s would be signed", name)
		}
		if _, err := issuer.Sign(blinded); err == nil {
			t.Errorf("%s was signed", name)
		}
	}
}

func TestKeysOfAnotherKindAreRefused(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&small.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, der := range map[string][]byte{"2048 bits": der, "nothing": nil, "noise": []byte("noise")} {
		if _, err := blindtoken.ParsePublicKey(der); err == nil {
			t.Errorf("%s was taken", name)
		}
		if _, err := blindtoken.ParseIssuer(der); err == nil {
			t.Errorf("%s was taken as a private key", name)
		}
	}
}

func TestAKeySurvivesItsFile(t *testing.T) {
	t.Parallel()
	der, err := testkey.Issuer(2).DER()
	if err != nil {
		t.Fatal(err)
	}
	again, err := blindtoken.ParseIssuer(der)
	if err != nil {
		t.Fatal(err)
	}
	message, signature := draw(t, again)
	if err := testkey.Issuer(2).Public().Verify(message, signature); err != nil {
		t.Error(err)
	}
}

func BenchmarkSign(b *testing.B) {
	issuer := testkey.Issuer(0)
	blinded := make([]byte, blindtoken.Size)
	blinded[blindtoken.Size-1] = 2
	for b.Loop() {
		if _, err := issuer.Sign(blinded); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	issuer := testkey.Issuer(0)
	message, signature := draw(b, issuer)
	for b.Loop() {
		if err := issuer.Public().Verify(message, signature); err != nil {
			b.Fatal(err)
		}
	}
}
