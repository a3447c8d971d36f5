package push

import (
	"encoding/json"
	"fmt"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/jagawarga/jagawarga/internal/process"
)

// Key is what push services know this city by (RFC 8292). With another one every browser would have to subscribe anew.
type Key struct {
	Private string `json:"private"` // base64url, as is Public
	Public  string `json:"public"`
}

// LoadKey reads the key from the directory of secrets, and makes it on first use.
func LoadKey(secrets string) (key Key, err error) {
	content, err := process.File(secrets, "vapid.json", func() ([]byte, error) {
		private, public, err := webpush.GenerateVAPIDKeys()
		if err != nil {
			return nil, err
		}
		return json.Marshal(Key{private, public})
	})
	if err == nil {
		err = json.Unmarshal(content, &key)
	}
	if err == nil && (key.Private == "" || key.Public == "") {
		err = fmt.Errorf("the key of push messages is not whole")
	}
	return key, err
}
