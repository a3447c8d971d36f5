package ledger

import (
	"errors"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/civic"
)

// Statement is what a filing's leaf says.
type Statement struct {
	civic.Filing
	// Line is the hash of the audit line's canonical form. The line's random id is in it, so it tells nothing of the line.
	Line tlog.Hash
}

const statementTitle = "JagaWarga ledger filing 1"

// Record is the text that is hashed into the leaf: title, number, hour, commitment and the line's hash, one a line.
func (s Statement) Record() string {
	return strings.Join([]string{statementTitle, s.Number, s.Hour.UTC().Format(time.RFC3339), s.Commitment.String(), s.Line.String(), ""}, "\n")
}

var errStatement = errors.New("no statement of a filing")

func parseStatement(record string) (Statement, error) {
	lines := strings.Split(record, "\n")
	if len(lines) != 6 || lines[0] != statementTitle {
		return Statement{}, errStatement
	}
	s := Statement{Filing: civic.Filing{Number: lines[1]}}
	var hourErr, lineErr error
	s.Hour, hourErr = time.Parse(time.RFC3339, lines[2])
	s.Line, lineErr = tlog.ParseHash(lines[4])
	if errors.Join(hourErr, lineErr, s.Commitment.UnmarshalText([]byte(lines[3]))) != nil || s.Record() != record {
		return Statement{}, errStatement
	}
	s.Hour = s.Hour.UTC()
	return s, nil
}
