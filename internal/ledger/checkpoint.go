package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/internal/notary"
)

// Origin is the first line of every checkpoint, and the name of the key that signs them.
const Origin = "jagawarga-ledger"

// KeyFile is the secret file with the key's seed, KeySize its length.
const (
	KeyFile = "ledger.key"
	KeySize = 32
)

// Checkpoint is a state of the tree.
type Checkpoint struct {
	Size int64
	Root tlog.Hash
}

// Text is the C2SP form: origin, size, root.
func (c Checkpoint) Text() string { return fmt.Sprintf("%s\n%d\n%s\n", Origin, c.Size, c.Root) }

var errCheckpoint = errors.New("no checkpoint of this ledger")

// OpenCheckpoint checks a signed checkpoint with a verifier key.
func OpenCheckpoint(signed, verifierKey string) (Checkpoint, error) {
	text, err := notary.Open(signed, verifierKey)
	if err != nil {
		return Checkpoint{}, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, errCheckpoint
	}
	size, sizeErr := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := tlog.ParseHash(lines[2])
	c := Checkpoint{size, root}
	if sizeErr != nil || rootErr != nil || size < 0 || c.Text() != text {
		return Checkpoint{}, errCheckpoint
	}
	return c, nil
}
