package anonymizer

import (
	"errors"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/internal/notary"
)

// filingTitle is the first line of every proof; it keeps the key from signing anything that could pass for something else.
const filingTitle = "JagaWarga filing"

// DefaultFilingKeyName names the key in proofs when Config gives no other name. A name has neither blanks nor plus signs.
const DefaultFilingKeyName = "jagawarga-filing"

// prove states number and hour, and nothing else.
func prove(n *notary.Notary, number string, hour time.Time) (string, error) {
	return n.Sign(filingTitle + "\n" + number + "\n" + hour.UTC().Format(time.RFC3339) + "\n")
}

// Filing is what a proof states.
type Filing struct {
	Number string
	Hour   time.Time
}

var errProof = errors.New("no proof of a filing")

// ReadProof checks a proof with the verifier key and returns what it states.
func ReadProof(proof, verifierKey string) (Filing, error) {
	text, err := notary.Open(proof, verifierKey)
	if err != nil {
		return Filing{}, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != filingTitle || lines[3] != "" {
		return Filing{}, errProof
	}
	hour, err := time.Parse(time.RFC3339, lines[2])
	if err != nil {
		return Filing{}, errProof
	}
	return Filing{lines[1], hour}, nil
}
