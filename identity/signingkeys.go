package identity

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/process"
)

// signingFolder holds one file for each key, the 32 bytes of an Ed25519 seed, named for the unix second in which it was made. Deleting
// a file takes the trust away from what that key signed, within rotateEvery; when none is left a key is made.
const signingFolder = "signing"

// publishAhead is how long a key is published before it signs, so that every process has it by then. The first one signs at once.
const publishAhead = 2 * rotateEvery

// signingKeys signs with the newest key that has been published for long enough, and publishes each until the last token it signed is
// dead.
type signingKeys struct {
	cfg  Config
	mu   sync.RWMutex
	keys []signingKey // newest first, never empty
	jwks []byte
}

type signingKey struct {
	since   time.Time // when it was made
	private ed25519.PrivateKey
	id      string
}

func openSigningKeys(cfg Config) (*signingKeys, error) {
	k := &signingKeys{cfg: cfg}
	return k, k.rotate()
}

// rotate reads the folder anew, so that several processes may share it, makes a key when the newest has grown old, and deletes those
// that no living token needs.
func (k *signingKeys) rotate() error {
	now := k.cfg.Now()
	keys, err := readSigningKeys(k.cfg.Secrets)
	if err != nil {
		return err
	}
	if len(keys) == 0 || now.Sub(keys[0].since) >= k.cfg.KeyLifetime {
		fresh, err := readSigningKey(k.cfg.Secrets, now)
		if err != nil {
			return err
		}
		keys = slices.Insert(keys, 0, fresh)
	}
	for i := 1; i < len(keys); i++ {
		if lastSigned := keys[i-1].since.Add(publishAhead); now.Sub(lastSigned) > k.cfg.AccessLifetime {
			for _, dead := range keys[i:] {
				if err := os.Remove(signingPath(k.cfg.Secrets, dead.since)); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("identity: signing key: %w", err)
				}
			}
			keys = keys[:i]
		}
	}
	public := make([]ed25519.PublicKey, 0, len(keys))
	for _, key := range keys {
		public = append(public, key.private.Public().(ed25519.PublicKey))
	}
	jwks, err := auth.EncodeKeySet(public)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.jwks = keys, jwks
	return nil
}

// published is the JSON Web Key Set of all keys.
func (k *signingKeys) published() []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.jwks
}

// sign makes an access token for principal, good until principal.Expires.
func (k *signingKeys) sign(principal civic.Principal) (string, error) {
	now := k.cfg.Now()
	key := k.signer(now)
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, auth.NewClaims(principal, jwt.NewNumericDate(now)))
	token.Header["kid"] = key.id
	return token.SignedString(key.private)
}

func (k *signingKeys) signer(now time.Time) signingKey {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, key := range k.keys {
		if now.Sub(key.since) >= publishAhead {
			return key
		}
	}
	return k.keys[len(k.keys)-1]
}

// readSigningKeys returns what the folder holds, newest first.
func readSigningKeys(secrets string) ([]signingKey, error) {
	entries, err := os.ReadDir(filepath.Join(secrets, signingFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("identity: signing keys: %w", err)
	}
	var keys []signingKey
	for _, entry := range entries {
		name, found := strings.CutSuffix(entry.Name(), ".key")
		second, err := strconv.ParseInt(name, 10, 64)
		if !found || err != nil {
			continue // a draft that a crash left behind
		}
		key, err := readSigningKey(secrets, time.Unix(second, 0))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b signingKey) int { return b.since.Compare(a.since) })
	return keys, nil
}

// readSigningKey makes the key of that second if there is none.
func readSigningKey(secrets string, since time.Time) (signingKey, error) {
	seed, err := process.Secret(secrets, signingName(since), ed25519.SeedSize)
	if err != nil {
		return signingKey{}, fmt.Errorf("identity: signing key: %w", err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	return signingKey{since: since.Truncate(time.Second), private: private, id: auth.KeyID(private.Public().(ed25519.PublicKey))}, nil
}

func signingName(since time.Time) string {
	return fmt.Sprintf("%s/%d.key", signingFolder, since.Unix())
}

func signingPath(secrets string, since time.Time) string {
	return filepath.Join(secrets, filepath.FromSlash(signingName(since)))
}
