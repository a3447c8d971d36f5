// Package blindtoken is the arithmetic of anonymous tokens: a key of the day signs what it cannot see, and whoever holds the public key
// alone can tell that it did, but not for whom. Blind RSA signatures as in RFC 9474, with keys of 3,072 bits.
//
// The issuer (identity) and the redeemer (anonymizer) share nothing but public keys, and learn of those from a log that is signed and
// only grows (see Log): a key made for one person would stand in it for everybody to see. Nothing here keeps state; who may have how many
// tokens, and which have been spent, is the business of the two services.
package blindtoken

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

// Suite names the variant, as RFC 9474 (section 5) does.
const Suite = "RSABSSA-SHA384-PSS-Randomized"

const (
	keyBits = 3072
	// Size is how many bytes a blinded message, a blind signature and a signature have: those of the modulus.
	Size = keyBits / 8
	// MinMessage and MaxMessage bound a prepared message: 32 random bytes, and what the client puts after them.
	MinMessage = 32
	MaxMessage = 512
)

var (
	errKey       = errors.New("blindtoken: not an RSA key of 3072 bits with exponent 65537")
	errBlinded   = errors.New("blindtoken: a blinded message has as many bytes as the modulus and is less than it")
	errSignature = errors.New("blindtoken: the signature does not hold")
)

// PublicKey tells signatures of its private half from others. Its id is the SHA-256 of its DER form, base64url without padding.
type PublicKey struct {
	key *rsa.PublicKey
	der []byte
	id  string
}

// ParsePublicKey reads a DER SubjectPublicKeyInfo with algorithm rsaEncryption, and takes no other key than one this package makes.
func ParsePublicKey(der []byte) (*PublicKey, error) {
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errKey
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok || key.N.BitLen() != keyBits || key.E != 65537 {
		return nil, errKey
	}
	return newPublicKey(key)
}

func newPublicKey(key *rsa.PublicKey) (*PublicKey, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(der)
	return &PublicKey{key, der, base64.RawURLEncoding.EncodeToString(sum[:])}, nil
}

// ID names the key.
func (k *PublicKey) ID() string { return k.id }

// DER is the key as SubjectPublicKeyInfo.
func (k *PublicKey) DER() []byte { return k.der }

// Verify checks a finalized signature of a prepared message: ordinary RSASSA-PSS with SHA-384 and a salt of 48 bytes.
func (k *PublicKey) Verify(message, signature []byte) error {
	if len(message) < MinMessage || len(message) > MaxMessage {
		return errSignature
	}
	return k.verify(message, signature)
}

func (k *PublicKey) verify(message, signature []byte) error {
	digest := crypto.SHA384.New()
	digest.Write(message)
	options := &rsa.PSSOptions{SaltLength: crypto.SHA384.Size(), Hash: crypto.SHA384}
	if rsa.VerifyPSS(k.key, crypto.SHA384, digest.Sum(nil), signature, options) != nil {
		return errSignature
	}
	return nil
}

// Issuer is the private half.
type Issuer struct {
	private *rsa.PrivateKey
	signer  blindrsa.Signer
	public  *PublicKey
}

// Generate makes a key, which takes from half a second to several.
func Generate() (*Issuer, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	return newIssuer(private)
}

// ParseIssuer reads what DER gave.
func ParseIssuer(der []byte) (*Issuer, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errKey
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok || private.N.BitLen() != keyBits || private.E != 65537 {
		return nil, errKey
	}
	return newIssuer(private)
}

func newIssuer(private *rsa.PrivateKey) (*Issuer, error) {
	public, err := newPublicKey(&private.PublicKey)
	return &Issuer{private, blindrsa.NewSigner(private), public}, err
}

// DER is the private key in PKCS #8.
func (i *Issuer) DER() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(i.private) }

// Public is the half for everybody.
func (i *Issuer) Public() *PublicKey { return i.public }

// Check says whether blinded is something Sign signs, at no cost.
func (i *Issuer) Check(blinded []byte) error {
	if len(blinded) != i.private.Size() || new(big.Int).SetBytes(blinded).Cmp(i.private.N) >= 0 {
		return errBlinded
	}
	return nil
}

// Sign signs a blinded message. It takes about 11 ms of one core, under a random blinding of its own so that the time tells nothing of
// the key, and checks the result, so that a fault of the machine does not give the key away.
func (i *Issuer) Sign(blinded []byte) ([]byte, error) {
	if err := i.Check(blinded); err != nil {
		return nil, err
	}
	return i.signer.BlindSign(blinded)
}
