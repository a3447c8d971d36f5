// Package session keeps who is signed in, in a cookie that is sealed: the browser holds it and can read nothing of it, and the portal keeps
// nothing, so that any of several portals may answer. The cookie goes to paths under Path alone. Public pages and the pages of anonymous
// cases lie elsewhere, and so never learn whether anybody is signed in: the browser does not tell.
package session

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// Path is where people are signed in.
const Path = "/saya"

// name begins with what makes a browser refuse the cookie from anywhere but a secure page; without TLS (a developer's machine) it cannot.
const (
	name       = "jagawarga-session"
	secureName = "__Secure-" + name
)

// Session is what a sign-in gave.
type Session struct {
	Access  string    `json:"a"`
	Refresh string    `json:"r"`
	Expires time.Time `json:"e"` // of Access
	Name    string    `json:"n"`
}

// Keeper seals and opens.
type Keeper struct {
	seal   cipher.AEAD
	secure bool
}

// KeySize is how many bytes a key has.
const KeySize = 32

// NewKeeper keeps sessions under a key; secure is false only where there is no TLS.
func NewKeeper(key []byte, secure bool) (*Keeper, error) {
	if len(key) != KeySize {
		return nil, errors.New("session: the key must have 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	return &Keeper{seal, secure}, err
}

func (k *Keeper) name() string {
	if k.secure {
		return secureName
	}
	return name
}

// Set hands the browser a session, for as long as its refresh token may live.
func (k *Keeper) Set(w http.ResponseWriter, s Session) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	http.SetCookie(w, k.cookie(base64.RawURLEncoding.EncodeToString(k.seal.Seal(nil, nil, raw, []byte(name))), 30*24*60*60))
	return nil
}

// Clear takes it back.
func (k *Keeper) Clear(w http.ResponseWriter) { http.SetCookie(w, k.cookie("", -1)) }

func (k *Keeper) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: k.name(), Value: value, Path: Path, MaxAge: age, HttpOnly: true, Secure: k.secure, SameSite: http.SameSiteLaxMode}
}

// Of is the session of a request, or nil: none, one that was tampered with, or one sealed under another key.
func (k *Keeper) Of(r *http.Request) *Session {
	cookie, err := r.Cookie(k.name())
	if err != nil {
		return nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return nil
	}
	raw, err := k.seal.Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return nil
	}
	s := &Session{}
	if json.Unmarshal(raw, s) != nil {
		return nil
	}
	return s
}

// Secure reports whether cookies go over TLS alone.
func (k *Keeper) Secure() bool { return k.secure }
