package media

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
)

// Path begins every link.
const Path = "/media/"

// extensions say what a link gives, so that nobody has to look it up.
var extensions = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "video/mp4": ".mp4", "video/quicktime": ".mov", paperType: ".pdf"}

// thumbnailType is what every thumbnail is.
const thumbnailType = "image/jpeg"

// linkStep is how long a signed link is good at least. All links made within a step are the same, so that browsers keep what they have
// fetched; so one is good for two steps at most.
const linkStep = 15 * time.Minute

// Links makes links and checks them.
type Links struct {
	key []byte
	now func() time.Time
}

// NewLinks makes links that are signed under key, which all servers share. now nil is time.Now.
func NewLinks(key []byte, now func() time.Time) *Links {
	if now == nil {
		now = time.Now
	}
	return &Links{key, now}
}

// LinkKey is the key of links that goes with a key of blobs.
func LinkKey(blobKeyFile string) ([]byte, error) { return blob.Derive(blobKeyFile, "media links") }

// Of is where a medium and its thumbnail are: for everybody a link that lasts, otherwise one that is signed and soon over.
func (l *Links) Of(m *civic.Media, everybody bool) (url, thumbnail string) {
	url = l.to(m.Blob+extensions[m.ContentType], everybody)
	if m.Thumbnail == "" {
		return url, Path + filmStill
	}
	return url, l.to(m.Thumbnail+extensions[thumbnailType], everybody)
}

func (l *Links) to(file string, everybody bool) string {
	if everybody {
		return Path + file
	}
	until := l.now().Truncate(linkStep).Add(2 * linkStep).Unix()
	return Path + file + "?" + url.Values{"until": {strconv.FormatInt(until, 10)}, "signature": {l.sign(file, until)}}.Encode()
}

func (l *Links) sign(file string, until int64) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(file + "\n" + strconv.FormatInt(until, 10)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// signed tells until when a request's signature lets a file be seen; the zero time: it does not.
func (l *Links) signed(file string, query url.Values) time.Time {
	until, err := strconv.ParseInt(query.Get("until"), 10, 64)
	if err != nil || !hmac.Equal([]byte(l.sign(file, until)), []byte(query.Get("signature"))) || !l.now().Before(time.Unix(until, 0)) {
		return time.Time{}
	}
	return time.Unix(until, 0)
}

// parse takes a file's name apart; ok is false for what no link of ours names.
func parse(file string) (name, contentType string, ok bool) {
	dot := strings.IndexByte(file, '.')
	if dot < 0 || !blob.IsName(file[:dot]) {
		return "", "", false
	}
	for contentType, extension := range extensions {
		if file[dot:] == extension {
			return file[:dot], contentType, true
		}
	}
	return "", "", false
}
