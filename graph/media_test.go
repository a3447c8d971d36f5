package graph_test

import (
	"bytes"
	"crypto/rand"
	"image"
	"image/png"
	"log/slog"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/media"
)

var links = media.NewLinks([]byte("key"), nil)

// onePicture gives a submission a picture that nobody has uploaded.
func onePicture(t *testing.T) func(*civic.Submission) {
	return func(s *civic.Submission) {
		name, err := blob.NewName(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s.Media = []civic.MediaRef{{Kind: civic.Image, ContentType: "image/png", Width: 4, Height: 3, ByteSize: 99, Blob: name, Thumbnail: name[16:] + name[:16]}}
		civic.NameMedia(s.Report, s.Media)
	}
}

func drawn(t *testing.T) civic.Upload {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 64, 48))); err != nil {
		t.Fatal(err)
	}
	return civic.NewUpload(out.Bytes())
}

// keeper cleans and keeps for real, in memory.
func keeper(t *testing.T) casework.Media {
	t.Helper()
	blobs, err := blob.Open(t.Context(), blob.Config{URL: "mem://", KeyFile: t.TempDir() + "/key"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	return media.NewKeeper(media.Config{Log: slog.New(slog.DiscardHandler)}, blobs)
}

const submitWithMedia = `mutation($in: SubmitReportInput!) { submitReport(input: $in) { state report { media { id kind width height url thumbnailUrl } } } }`

// A queued report shows its pictures, by links that work without the database; a retry names the same ones.
func TestAQueuedReportShowsItsPictures(t *testing.T) {
	t.Parallel()
	f := newFace(t, coretest.New(t), plan{intake: newDoor(t), media: keeper(t)})
	file := func(visibility string) answer {
		return f.ask(t, coretest.Citizen("budi"), submitWithMedia, map[string]any{"in": map[string]any{
			"title": "Lubang", "body": "Ada lubang di jalan", "visibility": visibility, "clientKey": "k" + visibility, "media": []any{drawn(t), drawn(t)},
		}}).fine()
	}
	for _, visibility := range []string{"PUBLIC", "PRIVATE"} {
		got, again := file(visibility), file(visibility)
		shown, _ := got.at("submitReport.report.media").([]any)
		repeated, _ := again.at("submitReport.report.media").([]any)
		if len(shown) != 2 || len(repeated) != 2 {
			t.Fatalf("%v", got.Data)
		}
		for i := range shown {
			first, second := shown[i].(map[string]any), repeated[i].(map[string]any)
			if first["kind"] != "IMAGE" || first["width"] != 64.0 || !strings.Contains(first["url"].(string), "signature=") || first["id"] != second["id"] {
				t.Errorf("%s: %v, then %v", visibility, first, second)
			}
		}
	}
	if sent := f.queries.take(); len(sent) != 0 {
		t.Errorf("%d queries were sent: %s", len(sent), sent)
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	t.Parallel()
	f := newFace(t, coretest.New(t), plan{intake: newDoor(t), media: keeper(t)})
	many := make([]any, 11)
	for i := range many {
		many[i] = drawn(t)
	}
	for what, files := range map[string][]any{"text": {"a name"}, "damaged": {drawn(t), civic.NewUpload([]byte("x"))}, "null": {nil}, "many": many} {
		got := f.ask(t, coretest.Citizen("budi"), submitWithMedia, map[string]any{"in": map[string]any{
			"title": "Lubang", "body": "Ada lubang di jalan", "visibility": "PUBLIC", "media": files,
		}})
		if len(got.Errors) == 0 || got.at("submitReport.state") != nil {
			t.Errorf("%s: %v", what, got.Data)
		}
	}
	// What is wrong with the words is told before anybody works on pictures.
	got := f.ask(t, coretest.Citizen("budi"), submitWithMedia, map[string]any{"in": map[string]any{
		"title": "", "body": "x", "visibility": "PUBLIC", "media": []any{civic.NewUpload([]byte("x"))},
	}})
	if _, field := got.refusal(); field != "title" {
		t.Errorf("%v", got.Errors)
	}
}

// Plain links for what everybody may see, signed ones for the rest, and for strangers none.
func TestLinksByWhoAsks(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	budi, siti, jalan := coretest.Citizen("budi"), coretest.Citizen("siti"), c.Officer("jalan")
	public, hidden := c.File(onePicture(t)), c.File(onePicture(t))
	private := c.File(onePicture(t), coretest.Visibility(civic.Private))
	anonymous := c.File(onePicture(t), coretest.Visibility(civic.Anonymous))
	c.Exec("UPDATE reports SET hidden = true WHERE id = $1", hidden.ID.Bytes())
	const none, plainLink, signedLink = "none", "plain", "signed"
	link := func(who civic.Principal, document, path, id string) string {
		got := f.ask(t, who, document, map[string]any{"id": id})
		if code, _ := got.refusal(); code == "NOT_FOUND" {
			return none
		}
		value := got.fine().at(path)
		if list, ok := value.([]any); ok && len(list) == 1 {
			value = list[0].(map[string]any)["url"]
		}
		switch url, _ := value.(string); {
		case strings.Contains(url, "signature="):
			return signedLink
		case strings.HasPrefix(url, media.Path):
			return plainLink
		}
		t.Fatalf("%s of %s: %v", path, id, got.Data)
		return ""
	}
	for _, report := range []struct {
		*civic.Report
		stranger, another, reporter, department string
	}{
		{public, plainLink, plainLink, plainLink, plainLink},
		{hidden, none, none, signedLink, signedLink},
		{private, none, none, signedLink, signedLink},
		{anonymous, none, none, none, signedLink},
	} {
		for name, c := range map[string]struct {
			who  civic.Principal
			want string
		}{
			"a stranger": {civic.Principal{}, report.stranger}, "another": {siti, report.another},
			"budi": {budi, report.reporter}, "the department": {jalan, report.department},
		} {
			if got := link(c.who, `query($id: ID!) { report(id: $id) { media { url } } }`, "report.media", report.ID.String()); got != c.want {
				t.Errorf("%s, a %s report: %s, want %s", name, report.Visibility, got, c.want)
			}
			if got := link(c.who, `query($id: ID!) { node(id: $id) { ... on Media { url } } }`, "node.url", report.Media[0].ID.String()); got != c.want {
				t.Errorf("%s, the node of a %s report: %s, want %s", name, report.Visibility, got, c.want)
			}
		}
	}
}
