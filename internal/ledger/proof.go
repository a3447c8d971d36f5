package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that a filing stands in the ledger. Written out it is a C2SP tlog-proof whose extra data is the filing's record and, for
// those who may read the report, one line more with the salt.
type Proof struct {
	Index      int64
	Record     string
	Salt       []byte // nil: the proof does not open the commitment
	Path       tlog.RecordProof
	Checkpoint string // signed
}

const proofTitle = "c2sp.org/tlog-proof@v1"

// String is the proof as people keep it.
func (p Proof) String() string {
	extra := p.Record
	if p.Salt != nil {
		extra += base64.StdEncoding.EncodeToString(p.Salt) + "\n"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s\nextra %s\nindex %d\n", proofTitle, base64.StdEncoding.EncodeToString([]byte(extra)), p.Index)
	for _, hash := range p.Path {
		text.WriteString(hash.String() + "\n")
	}
	return text.String() + "\n" + p.Checkpoint
}

var errProof = errors.New("no proof of a filing (" + proofTitle + ")")

// ParseProof reads what String writes. It checks nothing but the form.
func ParseProof(text string) (Proof, error) {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != proofTitle {
		return Proof{}, errProof
	}
	encoded, hasExtra := strings.CutPrefix(lines[1], "extra ")
	number, hasIndex := strings.CutPrefix(lines[2], "index ")
	extra, extraErr := base64.StdEncoding.DecodeString(encoded)
	index, indexErr := strconv.ParseInt(number, 10, 64)
	if !hasExtra || !hasIndex || errors.Join(extraErr, indexErr) != nil || index < 0 {
		return Proof{}, errProof
	}
	p := Proof{Index: index, Checkpoint: checkpoint}
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return Proof{}, errProof
		}
		p.Path = append(p.Path, hash)
	}
	parts := strings.SplitAfterN(string(extra), "\n", 6) // five lines of the record, then the salt or nothing
	if len(parts) != 6 {
		return Proof{}, errProof
	}
	p.Record = strings.Join(parts[:5], "")
	if parts[5] != "" {
		salt, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(parts[5], "\n"))
		if err != nil {
			return Proof{}, errProof
		}
		p.Salt = salt
	}
	return p, nil
}

// Check holds the proof against the ledger's verifier key, and returns what it shows and the state of the ledger it was shown in.
func (p Proof) Check(verifierKey string) (Statement, Checkpoint, error) {
	checkpoint, err := OpenCheckpoint(p.Checkpoint, verifierKey)
	if err != nil {
		return Statement{}, Checkpoint{}, fmt.Errorf("the proof's checkpoint: %w", err)
	}
	if p.Index >= checkpoint.Size {
		return Statement{}, Checkpoint{}, errProof
	}
	if err := tlog.CheckRecord(p.Path, checkpoint.Size, checkpoint.Root, p.Index, tlog.RecordHash([]byte(p.Record))); err != nil {
		return Statement{}, Checkpoint{}, fmt.Errorf("the filing does not stand in the ledger of that checkpoint: %w", err)
	}
	statement, err := parseStatement(p.Record)
	return statement, checkpoint, err
}
