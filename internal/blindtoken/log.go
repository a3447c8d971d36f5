package blindtoken

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/internal/notary"
)

// LogOrigin is the first line of every checkpoint, and the name of the key that signs them.
const LogOrigin = "jagawarga-token-keys"

// Log is the key log as it is handed around and published: everything one needs to see that there is one key a day for everybody.
type Log struct {
	Verifier   string   // key of the checkpoint, in the form of package note
	Checkpoint string   // signed note: LogOrigin, number of entries, root of their Merkle tree (RFC 6962)
	Entries    []string // a line each, "2026-11-23 <key id>"; the leaves of the tree
	Keys       [][]byte // DER of the keys whose tokens are good or will be; each stands in Entries
}

// Entry is one day's key.
type Entry struct {
	Day   Day
	KeyID string
}

// String is the leaf.
func (e Entry) String() string { return string(e.Day) + " " + e.KeyID }

// SignLog signs the checkpoint over entries.
func SignLog(n *notary.Notary, entries []Entry) (checkpoint string, err error) {
	root, err := rootOf(entries)
	if err != nil {
		return "", err
	}
	return n.Sign(checkpointText(len(entries), root))
}

func checkpointText(size int, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", LogOrigin, size, root) // the C2SP form of a checkpoint
}

var (
	errLog      = errors.New("blindtoken: the log is not what its checkpoint says")
	errLogOrder = errors.New("blindtoken: the log does not hold one key a day, in order")
	errLogKeys  = errors.New("blindtoken: a key is not in the log")
)

// Open checks a log with a verifier key that the caller trusts; what the log says of its own verifier is not looked at. It returns the
// entries, in the order of their days, and the keys that came with them.
func (l *Log) Open(verifierKey string) ([]Entry, []*PublicKey, error) {
	text, err := notary.Open(l.Checkpoint, verifierKey)
	if err != nil {
		return nil, nil, err
	}
	entries, err := ParseEntries(l.Entries)
	if err != nil {
		return nil, nil, err
	}
	root, err := rootOf(entries)
	if err != nil {
		return nil, nil, err
	}
	if text != checkpointText(len(entries), root) {
		return nil, nil, errLog
	}
	keys := make([]*PublicKey, 0, len(l.Keys))
	for _, der := range l.Keys {
		key, err := ParsePublicKey(der)
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(entries, func(e Entry) bool { return e.KeyID == key.ID() }) {
			return nil, nil, errLogKeys
		}
		keys = append(keys, key)
	}
	return entries, keys, nil
}

// ParseEntries reads the lines of a log: one key a day, later days after earlier ones, no key twice.
func ParseEntries(lines []string) ([]Entry, error) {
	entries := make([]Entry, 0, len(lines))
	known := make(map[string]bool, len(lines))
	for _, line := range lines {
		date, id, _ := strings.Cut(line, " ")
		day, err := ParseDay(date)
		sum, idErr := base64.RawURLEncoding.DecodeString(id)
		if err != nil || idErr != nil || len(sum) != tlog.HashSize || base64.RawURLEncoding.EncodeToString(sum) != id { // one form alone
			return nil, errLogOrder
		}
		if n := len(entries); n > 0 && entries[n-1].Day >= day || known[id] {
			return nil, errLogOrder
		}
		known[id] = true
		entries = append(entries, Entry{day, id})
	}
	return entries, nil
}

// rootOf is the root of the tree whose leaves are the entries.
func rootOf(entries []Entry) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("blindtoken: no hash " + strconv.FormatInt(index, 10))
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(n), []byte(entry.String()), reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(entries)), reader)
}
