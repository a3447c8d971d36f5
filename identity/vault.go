package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/xchacha20poly1305"
	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/secretdata"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/process"
)

// The secret files of the vault, 32 random bytes each. Without hash.key nobody is found any more; without fields.key no ciphertext opens.
const (
	hashKeyFile   = "hash.key"
	fieldsKeyFile = "fields.key"
)

// What is hashed begins with what it is, and a ciphertext is bound to its row and column: neither can pass for the other, nor for
// another person's.
const (
	fieldNationalID = "national_id"
	fieldEmail      = "email"
	fieldPhone      = "phone"
	fieldContact    = "contact"
)

// vault keeps personal data from everybody who has the database alone.
type vault struct {
	hashKey []byte
	fields  tink.AEAD
}

func openVault(secrets string) (*vault, error) {
	hashKey, err := process.Secret(secrets, hashKeyFile, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	fieldsKey, err := process.Secret(secrets, fieldsKeyFile, 32)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	fields, err := fieldCipher(fieldsKey)
	if err != nil {
		return nil, fmt.Errorf("identity: fields key: %w", err)
	}
	return &vault{hashKey: hashKey, fields: fields}, nil
}

// fieldCipher is XChaCha20-Poly1305 in Tink's format, in which a ciphertext names its key: a second key can be added some day.
func fieldCipher(raw []byte) (tink.AEAD, error) {
	parameters, err := xchacha20poly1305.NewParameters(xchacha20poly1305.VariantTink)
	if err != nil {
		return nil, err
	}
	const firstKey = 1
	key, err := xchacha20poly1305.NewKey(secretdata.NewBytesFromData(raw, insecuresecretdataaccess.Token{}), firstKey, parameters)
	if err != nil {
		return nil, err
	}
	manager := keyset.NewManager()
	id, err := manager.AddKey(key)
	if err != nil {
		return nil, err
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, err
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, err
	}
	return aead.New(handle)
}

// hash is the same for the same value, and tells nothing to whoever lacks the key.
func (v *vault) hash(field, value string) []byte {
	mac := hmac.New(sha256.New, v.hashKey)
	mac.Write([]byte(field + ":" + value))
	return mac.Sum(nil)
}

func (v *vault) seal(account civic.UUID, field, value string) ([]byte, error) {
	return v.fields.Encrypt([]byte(value), boundTo(account, field))
}

func (v *vault) open(account civic.UUID, field string, sealed []byte) (string, error) {
	value, err := v.fields.Decrypt(sealed, boundTo(account, field))
	return string(value), err
}

func boundTo(account civic.UUID, field string) []byte {
	return []byte(field + ":" + account.UUIDString())
}
