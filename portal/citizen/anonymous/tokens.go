package anonymous

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// mostBlinded bounds what a browser wants signed, in bytes; ten messages of 384 bytes are half of it.
const mostBlinded = 16 << 10

// issued is what the browser is told. The key is told under the citizen's name as well as to strangers, so that the browser sees whether it is the same.
type issued struct {
	KeyID           string   `json:"keyId"`
	BlindSignatures []string `json:"blindSignatures,omitempty"`
	Remaining       int      `json:"remaining"`
}

// refusal is why there is nothing.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

// Left tells how many tokens the citizen may still draw today.
func Left(v *page.Visit) error {
	if v.Session == nil {
		return tell(v, http.StatusUnauthorized, refusal{Code: "UNAUTHENTICATED"})
	}
	answer, err := client.TokensLeft(v.R.Context(), v.API())
	if err != nil {
		return refuse(v, err)
	}
	told := issued{KeyID: answer.AnonymousTokenKey.KeyId}
	if left := answer.AnonymousTokenKey.RemainingToday; left != nil {
		told.Remaining = *left
	}
	return tell(v, http.StatusOK, told)
}

// Sign has what the browser blinded signed. The portal cannot recognise it again: that is what blinding is for.
func Sign(v *page.Visit) error {
	if v.Session == nil {
		return tell(v, http.StatusUnauthorized, refusal{Code: "UNAUTHENTICATED"})
	}
	var asked struct {
		Blinded []string `json:"blinded"`
	}
	if json.NewDecoder(http.MaxBytesReader(v.W, v.R.Body, mostBlinded)).Decode(&asked) != nil {
		return tell(v, http.StatusBadRequest, refusal{Code: "INVALID_INPUT"})
	}
	answer, err := client.IssueTokens(v.R.Context(), v.API(), asked.Blinded)
	if err != nil {
		return refuse(v, err)
	}
	signed := answer.IssueAnonymousTokens
	if signed == nil {
		return refuse(v, &client.Fault{Code: "FORBIDDEN"})
	}
	return tell(v, http.StatusOK, issued{KeyID: signed.KeyId, BlindSignatures: signed.BlindSignatures, Remaining: signed.RemainingToday})
}

// refuse hands on what the API says; what went wrong inside goes the way of all errors.
func refuse(v *page.Visit, err error) error {
	fault := (*client.Fault)(nil)
	if !errors.As(err, &fault) {
		return err
	}
	status, known := map[string]int{
		"UNAUTHENTICATED": http.StatusUnauthorized, "FORBIDDEN": http.StatusForbidden, "INVALID_INPUT": http.StatusBadRequest,
		"RATE_LIMITED": http.StatusTooManyRequests, "UNAVAILABLE": http.StatusServiceUnavailable,
	}[fault.Code]
	if !known {
		return err
	}
	return tell(v, status, refusal{fault.Code, fault.Message})
}

func tell(v *page.Visit, status int, what any) error {
	v.W.Header().Set("Content-Type", "application/json")
	v.W.Header().Set("Cache-Control", "no-store")
	v.W.WriteHeader(status)
	_ = json.NewEncoder(v.W).Encode(what) // who has gone away needs no answer
	return nil
}
