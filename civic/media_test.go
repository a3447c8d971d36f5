package civic_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

func TestUploadsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	upload := civic.NewUpload([]byte("GPS 6.9 S 107.6 E, Budi's phone"))
	encoded, err := json.Marshal(map[string]any{"file": upload, "files": []civic.Upload{upload}, "pointer": &upload})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("file", "file", upload, "pointer", &upload, "list", []civic.Upload{upload})
	shown := fmt.Sprintf("%v %+v %#v %s %q %v %v", upload, upload, upload, upload, upload, []civic.Upload{upload}, &upload) + string(encoded) + log.String()
	if strings.Contains(shown, "Budi") || strings.Contains(shown, "66 117 100") || !strings.Contains(shown, "[redacted]") {
		t.Errorf("shown: %s", shown)
	}
	if upload.Size() != 31 || !bytes.HasPrefix(upload.Reveal(), []byte("GPS")) {
		t.Errorf("%d bytes, %q", upload.Size(), upload.Reveal())
	}
}

// Pictures travel with the submission, without what the files said of themselves; a retry of the same report names them the same.
func TestMediaOfASubmission(t *testing.T) {
	t.Parallel()
	report, other := civic.ReportID{UUID: civic.NamedUUID("a")}, civic.ReportID{UUID: civic.NamedUUID("b")}
	refs := func(report civic.ReportID) []civic.MediaRef {
		all := []civic.MediaRef{
			{Kind: civic.Image, ContentType: "image/jpeg", Width: 4, Height: 3, ByteSize: 12, Blob: "x", Thumbnail: "y", Facts: &civic.PhotoFacts{Edited: true}, Print: []byte("Budi")},
			{Kind: civic.Video, ContentType: "video/mp4", Width: 4, Height: 3, ByteSize: 13, Blob: "z"},
		}
		civic.NameMedia(report, all)
		return all
	}
	first, again, elsewhere := refs(report), refs(report), refs(other)
	ids := []civic.MediaID{first[0].ID, first[1].ID, elsewhere[0].ID, elsewhere[1].ID}
	slices.SortFunc(ids, func(a, b civic.MediaID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	if first[0].ID != again[0].ID || first[1].ID != again[1].ID || len(slices.Compact(ids)) != 4 {
		t.Errorf("%v, then %v, elsewhere %v", first, again, elsewhere)
	}
	encoded, err := json.Marshal(civic.Submission{Report: report, Media: first})
	if err != nil || bytes.Contains(encoded, []byte("edited")) || bytes.Contains(encoded, []byte("rint")) {
		t.Errorf("%s, %v", encoded, err)
	}
	var decoded civic.Submission
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	media := decoded.AsReport().Media
	if len(media) != 2 || media[1].Position != 1 || media[1].Report != report || media[1].Purpose != civic.MediaOfReport || media[1].ID != first[1].ID || media[0].Thumbnail != "y" {
		t.Errorf("%+v", media)
	}
}
