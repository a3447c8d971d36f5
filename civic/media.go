package civic

import (
	"log/slog"
	"strconv"
)

// MaxMedia is how many pictures and films a report may come with.
const MaxMedia = 10

// MediaKind is a picture or a film.
type MediaKind string

// The kinds of the public contract.
const (
	Image MediaKind = "IMAGE"
	Video MediaKind = "VIDEO"
)

// MediaPurpose is what a picture or a film was sent for.
type MediaPurpose string

// The purposes.
const (
	MediaOfReport     MediaPurpose = "REPORT"     // came with the report
	MediaOfResolution MediaPurpose = "RESOLUTION" // the department's proof that it is done
	MediaAttached     MediaPurpose = "ATTACHMENT" // came later
)

// MediaRef is a picture or a film that has been cleaned and is kept. It stands in submissions as it is written here; add fields, never
// change what one means.
type MediaRef struct {
	ID          MediaID   `json:"id"`
	Kind        MediaKind `json:"kind"`
	ContentType string    `json:"contentType"`
	Width       int       `json:"width"`
	Height      int       `json:"height"`
	ByteSize    int       `json:"byteSize"`
	// Blob and Thumbnail are names in the store of blobs. A film has no thumbnail.
	Blob      string `json:"blob"`
	Thumbnail string `json:"thumbnail,omitempty"`
	// Facts are what the file said of itself before it was cleaned, and Print what a picture is known again by (package fingerprint). They
	// are taken of a proof of resolution alone, and never travel.
	Facts *PhotoFacts `json:"-"`
	Print []byte      `json:"-"`
}

// Media is a picture or a film of a report.
type Media struct {
	MediaRef
	Report   ReportID
	Purpose  MediaPurpose
	Position int // among the report's of the same purpose, from 0
	// Resolution is the one that it proves; zero for all other purposes.
	Resolution UUID
}

// NameMedia gives the pictures and films that come with a report their ids: the same for the same report, always, so that a retry
// names the same ones.
func NameMedia(report ReportID, refs []MediaRef) {
	for i := range refs {
		refs[i].ID = MediaID{NamedUUID("media:" + report.UUIDString() + ":" + strconv.Itoa(i))}
	}
}

// media are a submission's pictures and films as they will hang on the report.
func (s *Submission) media() []*Media {
	var all []*Media
	for i, ref := range s.Media {
		all = append(all, &Media{MediaRef: ref, Report: s.Report, Purpose: MediaOfReport, Position: i})
	}
	return all
}

// Upload is a file as somebody sent it: nobody has looked at it, let alone cleaned it, and what it tells of its maker is not for
// others. It prints as [redacted] wherever it is printed, logged or encoded. Its name is not kept: names of files name people.
type Upload struct{ content []byte }

// NewUpload wraps content, which must not be changed any more.
func NewUpload(content []byte) Upload { return Upload{content} }

// Reveal opens it. The bytes must not be changed.
func (u Upload) Reveal() []byte { return u.content }

// Size is in bytes.
func (u Upload) Size() int { return len(u.content) }

func (u Upload) String() string               { return redacted }
func (u Upload) GoString() string             { return redacted }
func (u Upload) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (u Upload) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (u Upload) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// CheckUploads refuses more files than a report may have, for field.
func CheckUploads(field string, uploads []Upload) error {
	if len(uploads) > MaxMedia {
		return Invalid(field, "media.too_many", "max", strconv.Itoa(MaxMedia))
	}
	return nil
}
