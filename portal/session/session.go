// Package session keeps who is signed in, in a cookie that is sealed: the browser holds it and can read nothing of it, and the portal keeps
// nothing, so that any of several portals may answer. A citizen's cookie goes to paths under Path alone, an officer's to the rooms. Public pages
// and the pages of anonymous cases lie elsewhere, and so never learn whether anybody is signed in: the browser does not tell.
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

// Path is where citizens are signed in.
const Path = "/saya"

// The rooms are where officers are signed in: the department's desk, the head authority's room, the administrator's office.
const (
	Department = "/department"
	Authority  = "/authority"
	Admin      = "/admin"
)

// Kind is whose sessions they are.
type Kind struct {
	cookie string
	paths  []string
}

// Citizens and officers have cookies of their own: an officer who reports as a citizen is two people to us.
var (
	Citizen = Kind{"jagawarga-session", []string{Path}}
	Officer = Kind{"jagawarga-officer", []string{Department, Authority, Admin}}
)

// secure begins a name that a browser refuses from anywhere but a secure page; without TLS (a developer's machine) it cannot.
const secure = "__Secure-"

// Session is what a sign-in gave.
type Session struct {
	Access  string    `json:"a"`
	Refresh string    `json:"r"`
	Expires time.Time `json:"e"` // of Access
	Name    string    `json:"n"`
	// Role and Department (its id) are an officer's.
	Role       string `json:"o,omitempty"`
	Department string `json:"d,omitempty"`
}

// Keeper seals and opens.
type Keeper struct {
	kind   Kind
	seal   cipher.AEAD
	secure bool
}

// KeySize is how many bytes a key has.
const KeySize = 32

// NewKeeper keeps sessions of a kind under a key, which may be the same for all kinds; tls is false only where there is none.
func NewKeeper(kind Kind, key []byte, tls bool) (*Keeper, error) {
	if len(key) != KeySize {
		return nil, errors.New("session: the key must have 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	return &Keeper{kind, seal, tls}, err
}

func (k *Keeper) name() string {
	if k.secure {
		return secure + k.kind.cookie
	}
	return k.kind.cookie
}

// Set hands the browser a session, for as long as its refresh token may live.
func (k *Keeper) Set(w http.ResponseWriter, s Session) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	k.set(w, base64.RawURLEncoding.EncodeToString(k.seal.Seal(nil, nil, raw, []byte(k.kind.cookie))), 30*24*60*60)
	return nil
}

// Clear takes it back.
func (k *Keeper) Clear(w http.ResponseWriter) { k.set(w, "", -1) }

func (k *Keeper) set(w http.ResponseWriter, value string, age int) {
	for _, path := range k.kind.paths {
		http.SetCookie(w, &http.Cookie{Name: k.name(), Value: value, Path: path, MaxAge: age, HttpOnly: true, Secure: k.secure, SameSite: http.SameSiteLaxMode})
	}
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
	raw, err := k.seal.Open(nil, nil, sealed, []byte(k.kind.cookie))
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
