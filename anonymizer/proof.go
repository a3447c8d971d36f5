package anonymizer

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/notary"
)

// filingTitle is the first line of every proof; it keeps the key from signing anything that could pass for something else.
const filingTitle = "JagaWarga filing"

// DefaultFilingKeyName names the key in proofs when Config gives no other name. A name has neither blanks nor plus signs.
const DefaultFilingKeyName = "jagawarga-filing"

// prove states what the ledger will state: number, hour and commitment. It holds the salt too, so that the reporter, with the text, can
// open the commitment without asking anybody.
func prove(n *notary.Notary, f civic.Filing, salt []byte) (string, error) {
	return n.Sign(strings.Join([]string{
		filingTitle, f.Number, f.Hour.Format(time.RFC3339), f.Commitment.String(), base64.StdEncoding.EncodeToString(salt), "",
	}, "\n"))
}

var errProof = errors.New("no proof of a filing")

// ReadProof checks a proof with the verifier key and returns what it states, and the salt. Filing.Fits tells whether a text is the one
// that was filed; the ledger's own proof of the number (internal/ledger) states the same filing.
func ReadProof(proof, verifierKey string) (civic.Filing, []byte, error) {
	text, err := notary.Open(proof, verifierKey)
	if err != nil {
		return civic.Filing{}, nil, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 6 || lines[0] != filingTitle || lines[5] != "" {
		return civic.Filing{}, nil, errProof
	}
	filing := civic.Filing{Number: lines[1]}
	hour, hourErr := time.Parse(time.RFC3339, lines[2])
	salt, saltErr := base64.StdEncoding.DecodeString(lines[4])
	if errors.Join(hourErr, saltErr, filing.Commitment.UnmarshalText([]byte(lines[3]))) != nil {
		return civic.Filing{}, nil, errProof
	}
	filing.Hour = hour.UTC()
	return filing, salt, nil
}
