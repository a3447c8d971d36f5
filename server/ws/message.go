package ws

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// Subprotocol is the one we speak.
const Subprotocol = "graphql-transport-ws"

// The types of messages.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// maxID bounds an operation's id, which clients make up; those in use are UUIDs or small numbers.
const maxID = 128

// message is what a client sends.
type message struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// decode refuses whatever is not exactly a message, except for payloads: their shape depends on the type.
func decode(raw []byte) (message, bool) {
	var m message
	if !utf8.Valid(raw) || json.Unmarshal(raw, &m) != nil {
		return m, false
	}
	return m, len(m.ID) <= maxID
}

// isObject reports whether a payload is an object; absent and null are fine where a payload is optional.
func isObject(payload json.RawMessage) bool { return len(payload) > 0 && payload[0] == '{' }

func isAbsent(payload json.RawMessage) bool {
	return len(payload) == 0 || bytes.Equal(payload, []byte("null"))
}

// token finds the bearer token in the payload of connection_init; "" if there is none. ok is false when there is something
// that is not a bearer token.
func token(payload json.RawMessage) (bearer string, ok bool) {
	if isAbsent(payload) {
		return "", true
	}
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(payload, &fields) != nil {
		return "", false
	}
	for name, value := range fields {
		if !strings.EqualFold(name, "Authorization") || isAbsent(value) {
			continue
		}
		var header string
		if json.Unmarshal(value, &header) != nil || bearer != "" { // two of them: which one counts?
			return "", false
		}
		if header == "" {
			continue
		}
		scheme, rest, _ := strings.Cut(header, " ")
		if bearer = strings.TrimSpace(rest); bearer == "" || !strings.EqualFold(scheme, "Bearer") {
			return "", false
		}
	}
	return bearer, true
}

// params reads the payload of subscribe. Numbers keep their digits.
func params(payload json.RawMessage) (*graphql.RawParams, bool) {
	if !isObject(payload) {
		return nil, false
	}
	p := &graphql.RawParams{}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	if decoder.Decode(p) != nil {
		return nil, false
	}
	return p, p.Query != "" || p.Extensions != nil
}
