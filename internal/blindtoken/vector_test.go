package blindtoken

import (
	"bytes"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/big"
	"os"
	"strings"
	"testing"
)

// TestPublishedVector runs RFC 9474, appendix A.1. Its key has 4,096 bits, so the keys are put together here and not parsed.
func TestPublishedVector(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/rfc9474.json")
	if err != nil {
		t.Fatal(err)
	}
	var vector map[string]any
	if err := json.Unmarshal(content, &vector); err != nil {
		t.Fatal(err)
	}
	raw := func(name string) []byte {
		decoded, err := hex.DecodeString(strings.TrimPrefix(vector[name].(string), "0x"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return decoded
	}
	number := func(name string) *big.Int { return new(big.Int).SetBytes(raw(name)) }

	private := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: number("n"), E: int(number("e").Int64())},
		D:         number("d"), Primes: []*big.Int{number("p"), number("q")},
	}
	issuer, err := newIssuer(private)
	if err != nil {
		t.Fatal(err)
	}
	key := issuer.Public()
	message, err := key.Prepare(bytes.NewReader(raw("msg_prefix")), raw("msg"))
	if err != nil || !bytes.Equal(message, raw("input_msg")) {
		t.Fatalf("prepared %x, %v", message, err)
	}
	r := new(big.Int).ModInverse(number("inv"), private.N)
	random := io.MultiReader(bytes.NewReader(raw("salt")), bytes.NewReader(r.FillBytes(make([]byte, private.Size()))))
	blinded, blinding, err := key.Blind(random, message)
	if err != nil || !bytes.Equal(blinded, raw("blinded_msg")) {
		t.Fatalf("blinded %x, %v", blinded, err)
	}
	blindSignature, err := issuer.Sign(blinded)
	if err != nil || !bytes.Equal(blindSignature, raw("blind_sig")) {
		t.Fatalf("signed %x, %v", blindSignature, err)
	}
	signature, err := blinding.Finalize(blindSignature)
	if err != nil || !bytes.Equal(signature, raw("sig")) {
		t.Fatalf("finalized %x, %v", signature, err)
	}
	if err := key.verify(message, signature); err != nil {
		t.Error(err)
	}
}
