package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"golang.org/x/crypto/blake2b"
)

// known is what an attacker may know of a person from elsewhere, in the forms it could have been hashed in.
func (p *person) known() []canary {
	cs := []canary{
		{kind: "name", value: p.name}, {kind: "name", value: strings.ToLower(p.name)}, {kind: "national id", value: p.nik},
		{kind: "telephone", value: p.phone}, {kind: "telephone", value: "+62" + p.phone[1:]}, {kind: "telephone", value: "62" + p.phone[1:]},
		{kind: "e-mail", value: p.email}, {kind: "client address", value: p.address}, {kind: "user agent", value: p.agent},
	}
	for _, s := range append(p.account, p.secrets...) {
		if s.kind != "client key" { // its hash is what makes a retry safe; nobody but the client ever had it
			cs = append(cs, canary{kind: s.kind, value: s.value})
		}
	}
	return cs
}

// hashed are the patterns that hashes of a value would leave: plain ones, and keyed with every key that was seized. Half of a hash is
// enough, so that shortened ones and ids made from hashes are found, too.
func (c *canary) hashed(owner int, keys [][]byte) []pattern {
	value := []byte(c.value)
	digests := map[string][]byte{}
	put := func(name string, digest []byte) { digests[name] = digest }
	md, s1, s2, s5, b2 := md5.Sum(value), sha1.Sum(value), sha256.Sum256(value), sha512.Sum512(value), blake2b.Sum256(value)
	put("MD5", md[:])
	put("SHA-1", s1[:])
	put("SHA-256", s2[:])
	put("SHA-512", s5[:])
	put("BLAKE2b", b2[:])
	for _, key := range keys {
		keyed := hmac.New(sha256.New, key)
		keyed.Write(value)
		put("HMAC-SHA-256 "+hex.EncodeToString(key[:4]), keyed.Sum(nil))
	}
	var ps []pattern
	for name, digest := range digests {
		half := digest[:16]
		coded := hex.EncodeToString(half)
		for encoding, text := range map[string]string{
			"raw": string(half), "hex": coded, "as an id": coded[:8] + "-" + coded[8:12],
			"base64": base64.RawStdEncoding.EncodeToString(half)[:20], "base64url": base64.RawURLEncoding.EncodeToString(half)[:20],
		} {
			ps = append(ps, pattern{c, owner, name + ", " + encoding, []byte(text)})
		}
	}
	return ps
}

// keysIn are the keys that a seized file may be: its bytes, and what they say in hex or base64.
func keysIn(content []byte) [][]byte {
	const least = 16
	var keys [][]byte
	text := strings.TrimSpace(string(content))
	for _, decode := range []func(string) ([]byte, error){
		func(s string) ([]byte, error) { return []byte(s), nil }, hex.DecodeString,
		base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if key, err := decode(text); err == nil && len(key) >= least && len(key) <= 4096 {
			keys = append(keys, key)
		}
	}
	return keys
}
