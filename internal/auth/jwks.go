package auth

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// publicKey is a JSON Web Key for Ed25519 (RFC 8037).
type publicKey struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	ID    string `json:"kid"`
	Use   string `json:"use,omitempty"`
	Alg   string `json:"alg,omitempty"`
}

type keySet struct {
	Keys []publicKey `json:"keys"`
}

// KeyID is the thumbprint of a key (RFC 7638), which tokens carry as kid.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":"Ed25519","kty":"OKP","x":"%s"}`, base64.RawURLEncoding.EncodeToString(key)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// EncodeKeySet writes keys as a JSON Web Key Set (RFC 7517), in the order given.
func EncodeKeySet(keys []ed25519.PublicKey) ([]byte, error) {
	set := keySet{Keys: make([]publicKey, 0, len(keys))}
	for _, key := range keys {
		set.Keys = append(set.Keys, publicKey{
			Type: "OKP", Curve: "Ed25519", X: base64.RawURLEncoding.EncodeToString(key), ID: KeyID(key), Use: "sig", Alg: "EdDSA",
		})
	}
	return json.Marshal(set)
}

// decodeKeySet keeps the Ed25519 keys and passes over those of other kinds.
func decodeKeySet(document []byte) (map[string]ed25519.PublicKey, error) {
	var set keySet
	if err := json.Unmarshal(document, &set); err != nil {
		return nil, fmt.Errorf("auth: key set: %w", err)
	}
	keys := map[string]ed25519.PublicKey{}
	for _, key := range set.Keys {
		if key.Type != "OKP" || key.Curve != "Ed25519" {
			continue
		}
		raw, err := base64.RawURLEncoding.DecodeString(key.X)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("auth: key set: key %q is malformed", key.ID)
		}
		keys[key.ID] = raw
	}
	return keys, nil
}
