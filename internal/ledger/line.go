package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/civic"
)

// Line is a row of the audit, as the database keeps it.
type Line struct {
	ID     civic.UUID
	At     time.Time
	Actor  string
	Action string
	Report *civic.UUID
	Detail []byte // JSON
}

// lineTitle begins the canonical form and names its version.
const lineTitle = "JagaWarga audit line 1\n"

// Canonical is the one form of a line that is hashed: the title, then id, microseconds since 1970, actor, action, report (empty for none)
// and detail, each with its length in front as 4 bytes, numbers big-endian. The detail is JSON with sorted keys, no blanks and no
// escapes but those JSON demands, so that it does not matter how a database keeps it.
func (l *Line) Canonical() ([]byte, error) {
	detail, err := canonicalJSON(l.Detail)
	if err != nil {
		return nil, fmt.Errorf("detail of audit line %s: %w", l.ID.UUIDString(), err)
	}
	var report []byte
	if l.Report != nil {
		report = l.Report[:]
	}
	at := binary.BigEndian.AppendUint64(nil, uint64(l.At.UnixMicro()))
	out := append(make([]byte, 0, 256+len(detail)), lineTitle...)
	for _, part := range [][]byte{l.ID[:], at, []byte(l.Actor), []byte(l.Action), report, detail} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out, nil
}

func canonicalJSON(raw []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // maps are written in the order of their keys
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Filing is the commitment to a text that the line holds; nil for most lines.
func (l *Line) Filing() *civic.Filing {
	var detail struct {
		Filing *civic.Filing `json:"filing"`
	}
	if json.Unmarshal(l.Detail, &detail) != nil {
		return nil
	}
	return detail.Filing
}

// Leaf is a line's place in the tree. Number and Record are a filing's: what everybody may know.
type Leaf struct {
	Index  int64
	Hash   tlog.Hash
	Audit  civic.UUID
	Number *string
	Record *string
}

// leafOf works out a line's leaf. The hash is over the canonical form or, for a line that holds a commitment, over its record, which has
// the hash of the canonical form in it: so a filing can be shown without showing who filed it.
func leafOf(index int64, l *Line) (Leaf, error) {
	canonical, err := l.Canonical()
	if err != nil {
		return Leaf{}, err
	}
	filing := l.Filing()
	if filing == nil {
		return Leaf{Index: index, Hash: tlog.RecordHash(canonical), Audit: l.ID}, nil
	}
	record := Statement{Filing: *filing, Line: sha256.Sum256(canonical)}.Record()
	return Leaf{Index: index, Hash: tlog.RecordHash([]byte(record)), Audit: l.ID, Number: &filing.Number, Record: &record}, nil
}
