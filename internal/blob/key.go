package blob

import (
	"crypto/hkdf"
	"crypto/sha256"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/secretdata"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/streamingaead/aesgcmhkdf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/jagawarga/jagawarga/internal/process"
)

const keySize = 32

// segmentSize is what is sealed at a time: small, because each open reader holds one.
const segmentSize = 16 << 10

func openKeys(file string) (tink.StreamingAEAD, error) {
	raw, err := readKey(file)
	if err != nil {
		return nil, err
	}
	parameters, err := aesgcmhkdf.NewParameters(aesgcmhkdf.ParametersOpts{
		KeySizeInBytes: keySize, DerivedKeySizeInBytes: keySize, HKDFHashType: aesgcmhkdf.SHA256, SegmentSizeInBytes: segmentSize,
	})
	if err != nil {
		return nil, err
	}
	key, err := aesgcmhkdf.NewKey(parameters, secretdata.NewBytesFromData(raw, insecuresecretdataaccess.Token{}))
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
	return streamingaead.New(handle)
}

// Derive makes another key from the one in the file, for a purpose of its own.
func Derive(keyFile, purpose string) ([]byte, error) {
	raw, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	return hkdf.Expand(sha256.New, raw, "jagawarga "+purpose, sha256.Size)
}

func readKey(file string) ([]byte, error) {
	return process.Secret(filepath.Dir(file), filepath.Base(file), keySize)
}
