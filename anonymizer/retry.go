package anonymizer

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

// Memory is what all anonymizers remember together. Create and Spend write value unless key is there; then they return what is there,
// non-nil. Of many at once one writes.
type Memory interface {
	// Create remembers a client key for two days.
	Create(ctx context.Context, key string, value []byte) (existing []byte, err error)
	// Spend remembers a token of a day's key until Forget.
	Spend(ctx context.Context, day blindtoken.Day, key string, value []byte) (existing []byte, err error)
	// Forget forgets the tokens of all days before oldest.
	Forget(ctx context.Context, oldest blindtoken.Day) error
}

// claim is what a report is made from: a source for id, receipt and salt, and the hour it counts as filed in.
type claim struct {
	random io.Reader
	hour   time.Time
}

// claimSize is what is drawn for one report: id, receipt and salt take some 60 bytes, the names of ten pictures and their thumbnails 400.
// What is drawn later comes last, so that more of it changes nothing of what comes before.
const claimSize = 2048

// An entry is the hour (8 bytes, hours since 1970) and a hash of the content under that day's secret (32 bytes).
const entrySize = 8 + sha256.Size

// claim makes tries with the same client key safe. Everything comes from the client key and the secret of the day it was first seen
// on, so that the same client gets the same receipt again and nobody has to keep it; the entry, made before anything is sent,
// refuses the key to other content. Which day that was stands in the entry, so that a try after midnight finds the same. When the
// secret is gone, so is the answer, and the key stays refused.
func (s *Service) claim(ctx context.Context, f *filing) (claim, error) {
	now := s.cfg.Now()
	if f.clientKey == "" {
		return claim{s.cfg.Random, hourOf(now)}, nil
	}
	secret, err := s.vault.day(now, s.cfg.Zone)
	if err != nil {
		return claim{}, err
	}
	content := f.digest()
	entry := makeEntry(secret, f.clientKey, hourOf(now), content)
	name := hex.EncodeToString(derive(s.keySecret, "client key", []byte(f.clientKey)))
	existing, err := s.memory.Create(ctx, name, entry)
	if err != nil {
		return claim{}, unavailable()
	}
	hour := hourOf(now)
	if existing != nil && !bytes.Equal(existing, entry) {
		reused := civic.Conflict("client_key.reused")
		if len(existing) != entrySize {
			return claim{}, reused
		}
		hour = time.Unix(int64(binary.BigEndian.Uint64(existing))*3600, 0).UTC()
		if secret, err = s.vault.pastDay(hour, s.cfg.Zone); err != nil {
			return claim{}, err
		}
		if secret == nil || !bytes.Equal(existing, makeEntry(secret, f.clientKey, hour, content)) {
			return claim{}, reused
		}
	}
	stream, err := hkdf.Expand(sha256.New, derive(secret, "report", []byte(f.clientKey)), "id and receipt", claimSize)
	return claim{bytes.NewReader(stream), hour}, err
}

func makeEntry(secret []byte, clientKey string, hour time.Time, content []byte) []byte {
	entry := binary.BigEndian.AppendUint64(make([]byte, 0, entrySize), uint64(hour.Unix()/3600))
	return append(entry, derive(secret, "content", []byte(clientKey), []byte{0}, content)...)
}
