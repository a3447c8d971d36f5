package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"
)

// A person carries canaries: values that nobody else has and that no honest part of the system would make by chance.
type person struct {
	// As the account knows them.
	name, nik, phone, password string
	// As each request of theirs tells, whether it wants to or not.
	address, agent, cookie, requestID, traceID string
	// What they say of themselves in the report: the name in small letters, which the account does not have.
	told, email string
	// What hides in their picture, and what it is called.
	camera, file string
	// Where they stood, to the centimetre.
	latitude, longitude float64
	// A word of the report that stays: by it the report is theirs for certain.
	witness string

	byToken bool     // files with a token, otherwise signed in
	secrets []secret // what came up on the way
	account []secret // what the rows of the account hold
	filed   filed
}

// A secret is a value that is this person's alone.
type secret struct{ kind, value string }

// filed is what the anonymous reporter got.
type filed struct{ receipt, words, number string }

func (p *person) keep(kind, value string) { p.secrets = append(p.secrets, secret{kind, value}) }

const consonants, vowels, open = "bcdfghjklmnprstvwz", "aiueo", "aou"

// invent makes a word that can be spoken and that nobody has. It begins with an open vowel, because an unknown word in me-, pe-, ber- or
// di- reads as a verb in Indonesian, and how well the scrubber tells such names from verbs is measured where it is tested.
func invent(random *rand.Rand, syllables int) string {
	var word strings.Builder
	for n := range syllables {
		choice := vowels
		if n == 0 {
			choice = open
		}
		word.WriteByte(consonants[random.IntN(len(consonants))])
		word.WriteByte(choice[random.IntN(len(choice))])
	}
	return word.String()
}

func titled(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func newPerson(random *rand.Rand, number int) *person {
	first, last := invent(random, 5), invent(random, 5)
	bits := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	p := &person{
		name: titled(first) + " " + titled(last), told: first + " " + last, email: first + "." + last + "@contoh.id",
		nik:      fmt.Sprintf("327301%02d%02d%02d%04d", 1+random.IntN(28), 1+random.IntN(12), 60+random.IntN(40), 1000+number),
		phone:    fmt.Sprintf("0812%08d", 10_000_000+random.IntN(89_999_999)),
		password: "sandi-" + hex.EncodeToString(bits(8)),
		agent:    "Peramban/" + hex.EncodeToString(bits(8)), cookie: "kue=" + hex.EncodeToString(bits(12)),
		requestID: "permintaan-" + hex.EncodeToString(bits(12)), traceID: hex.EncodeToString(bits(16)),
		camera: "Kamera-" + hex.EncodeToString(bits(8)), file: "foto-" + hex.EncodeToString(bits(8)) + ".jpg",
		latitude: toTheCentimetre(-6.95 + random.Float64()*0.08), longitude: toTheCentimetre(107.58 + random.Float64()*0.08),
		witness: "saksi" + invent(random, 7), byToken: number%2 == 0,
	}
	ip := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	copy(ip[4:], bits(12))
	p.address = netip.AddrFrom16(ip).String()
	return p
}

func toTheCentimetre(degrees float64) float64 { return math.Round(degrees*1e7) / 1e7 }

// body is what the person writes: all about themselves, and the one word that may stay.
func (p *person) body() string {
	return fmt.Sprintf("Nama saya %s, NIK saya %s, nomor HP saya %s, email saya %s. Petugas loket meminta uang lima puluh ribu. Kata kuncinya %s.",
		p.told, p.nik, p.phone, p.email, p.witness)
}

// reply is what they answer later, by receipt.
func (p *person) reply() string {
	return fmt.Sprintf("Saya %s, silakan telepon %s atau surel %s. Kejadiannya pukul sepuluh.", p.told, p.phone, p.email)
}

// canaries are what must not be found. Of the account's own values some are known to the identity database, which is what it is for.
func (p *person) canaries() []canary {
	ip, _ := netip.ParseAddr(p.address)
	raw := ip.As16()
	cs := []canary{
		{kind: "name, as in the account", value: p.name, identityMay: true},
		{kind: "name, as told", value: p.told},
		{kind: "national id", value: p.nik, digits: true},
		{kind: "telephone", value: p.phone[1:], digits: true},
		{kind: "password", value: p.password},
		{kind: "e-mail", value: p.email},
		{kind: "client address", value: p.address},
		{kind: "client address", value: string(raw[:])},
		{kind: "user agent", value: p.agent},
		{kind: "cookie", value: p.cookie},
		{kind: "request id", value: p.requestID},
		{kind: "trace id", value: p.traceID},
		{kind: "picture's metadata", value: p.camera},
		{kind: "picture's file name", value: p.file},
		{kind: "place, to the centimetre", value: fmt.Sprintf("%.7f", p.latitude)},
		{kind: "place, to the centimetre", value: fmt.Sprintf("%.7f", p.longitude)},
		{kind: "receipt", value: p.filed.receipt, digits: true},
		{kind: "receipt in words", value: p.filed.words},
	}
	if raw, err := hex.DecodeString(p.traceID); err == nil {
		cs = append(cs, canary{kind: "trace id", value: string(raw)})
	}
	for _, s := range p.secrets {
		cs = append(cs, canary{kind: s.kind, value: s.value})
		if raw, err := base64.RawURLEncoding.DecodeString(s.value); err == nil && len(raw) >= shortest {
			cs = append(cs, canary{kind: s.kind, value: string(raw)})
		}
	}
	return cs
}
