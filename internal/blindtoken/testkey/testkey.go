// Package testkey holds keys for tests, which would otherwise spend seconds on making their own. The whole world knows them.
package testkey

import (
	_ "embed"
	"encoding/pem"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

//go:embed keys.pem
var keys []byte

// Count is how many there are.
const Count = 6

// Issuer is the key number n, from 0.
func Issuer(n int) *blindtoken.Issuer {
	rest := keys
	var block *pem.Block
	for range n + 1 {
		block, rest = pem.Decode(rest)
	}
	issuer, err := blindtoken.ParseIssuer(block.Bytes)
	if err != nil {
		panic(err)
	}
	return issuer
}
