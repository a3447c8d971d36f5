package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/media"
)

// prover is an office whose reports take proof, with a real keeper of pictures.
type prover struct {
	office
	blobs *blob.Store
	media *media.Keeper
}

func newProver(t *testing.T) *prover {
	t.Helper()
	p := &prover{office: newOffice(t)}
	p.AskForProof("jalan-rusak")
	p.AskForProof("banjir")
	p.blobs = done[*blob.Store](t)(blob.Open(t.Context(), blob.Config{URL: "mem://", KeyFile: t.TempDir() + "/key"}))
	t.Cleanup(func() { _ = p.blobs.Close() })
	p.media = media.NewKeeper(media.Config{}, p.blobs)
	p.desk = p.deskOn(records.Of{Store: p.rows})
	return p
}

func (p *prover) deskOn(rows casework.Records) *casework.Desk {
	return casework.New(casework.Config{Now: func() time.Time { return coretest.Monday.Add(3 * time.Hour) }}, casework.Ports{
		City: func() *civic.City { return p.City }, Records: rows, Media: p.media,
	})
}

var market = civic.Place{Latitude: -6.9, Longitude: 107.6}

// begun files a report at the market that its department works on.
func (p *prover) begun(t *testing.T, changes ...func(*civic.Submission)) civic.ReportID {
	t.Helper()
	id := p.File(append([]func(*civic.Submission){func(s *civic.Submission) { s.Place = &market }}, changes...)...).ID
	p.Exec("UPDATE reports SET status = 'IN_PROGRESS' WHERE id = $1", id.Bytes())
	return id
}

// kept are pictures that a report comes with.
func (p *prover) kept(t *testing.T, pictures ...civic.Upload) func(*civic.Submission) {
	t.Helper()
	return func(s *civic.Submission) {
		keep, err := p.media.Clean(t.Context(), civic.MediaOfReport, pictures)
		if err == nil {
			s.Media, err = keep(t.Context(), rand.Reader)
		}
		if err != nil {
			t.Fatal(err)
		}
		civic.NameMedia(s.Report, s.Media)
	}
}

func (p *prover) checks(t *testing.T, id civic.ReportID) []*civic.PhotoCheck {
	t.Helper()
	return done[map[civic.ReportID][]*civic.PhotoCheck](t)(p.rows.PhotoChecks(t.Context(), p.City.ScopeOf(p.Officer("walikota")), []civic.ReportID{id}))[id]
}

func (p *prover) resolution(t *testing.T, id civic.ReportID) *civic.Resolution {
	t.Helper()
	return done[map[civic.ReportID]*civic.Resolution](t)(p.rows.Resolutions(t.Context(), p.City.ScopeOf(p.Officer("walikota")), []civic.ReportID{id}))[id]
}

// left counts what a resolution leaves behind.
func (p *prover) left() [6]int {
	var left [6]int
	for i, table := range []string{"resolutions", "media", "photo_checks", "photo_prints", "timeline", "audit"} {
		left[i] = p.Count("SELECT count(*) FROM " + table)
	}
	return left
}

// raw is one of the photographs that fingerprints are tested with; they say nothing of themselves.
func raw(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "internal", "fingerprint", "testdata", name+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// snapped is a photograph with what a camera would say of it, two hours after Monday at the market; more says otherwise.
func snapped(t testing.TB, content []byte, more ...string) civic.Upload {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := append([]string{
		"-q", "-overwrite_original", "-EXIF:Make=Kamera", "-EXIF:DateTimeOriginal=2026:11:23 11:00:00", "-EXIF:OffsetTimeOriginal=+07:00",
		"-EXIF:GPSLatitude=6.9", "-EXIF:GPSLatitudeRef=S", "-EXIF:GPSLongitude=107.6004", "-EXIF:GPSLongitudeRef=E",
	}, more...)
	if out, err := exec.CommandContext(t.Context(), "exiftool", append(arguments, file)...).CombinedOutput(); err != nil {
		t.Fatalf("exiftool (scripts/ensure exiftool installs it): %v %s", err, out)
	}
	changed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return civic.NewUpload(changed)
}

// remade saves a picture anew: a part of it, perhaps in a mirror.
func remade(t testing.TB, content []byte, crop float64, mirror bool, quality int) []byte {
	t.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds()
	w, h := int(float64(size.Dx())*(1-crop)), int(float64(size.Dy())*(1-crop))
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), picture, size.Min, draw.Src)
	if mirror {
		for y := range h {
			for x := range w / 2 {
				left, right := out.RGBAAt(x, y), out.RGBAAt(w-1-x, y)
				out.SetRGBA(x, y, right)
				out.SetRGBA(w-1-x, y, left)
			}
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, out, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// A resolution with a good proof stands with its photos, is told once, and raises nothing.
func TestResolveReport(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	officer, id := p.Officer("jalan"), p.begun(t, p.kept(t, civic.NewUpload(raw(t, "bridge"))))
	proof := []civic.Upload{snapped(t, raw(t, "china")), snapped(t, raw(t, "coffee"))}
	changed := done[*civic.Report](t)(p.desk.ResolveReport(t.Context(), officer, id, " Sudah ditambal. ", proof, nil))
	if stored := p.Report(id); changed.Status != civic.Resolved || stored.Status != civic.Resolved || stored.ResolvedAt == nil {
		t.Errorf("answered %s, stored %s", changed.Status, stored.Status)
	}
	r := p.resolution(t, id)
	if r == nil || r.Message != "Sudah ditambal." || r.Department != officer.Department || r.Confirmed != nil || !r.ResolvedAt.Equal(*changed.ResolvedAt) {
		t.Fatalf("%+v", r)
	}
	all := done[map[civic.ReportID][]*civic.Media](t)(p.rows.Media(t.Context(), civic.Scope{}, []civic.ReportID{id}))[id]
	if len(all) != 3 || all[1].Resolution != r.ID || all[2].Position != 1 || all[0].Resolution != (civic.UUID{}) {
		t.Fatalf("%+v", all)
	}
	for _, photo := range all {
		if _, err := p.blobs.Open(t.Context(), photo.Blob); err != nil {
			t.Errorf("%s: %v", photo.Purpose, err)
		}
	}
	checks := p.checks(t, id)
	if len(checks) != 2 {
		t.Fatalf("%d photos were looked at", len(checks))
	}
	for _, c := range checks {
		metres, known := c.Facts.MetresFrom(&market)
		if len(c.Flags) != 0 || c.Facts.TakenAt == nil || !c.Facts.TakenAt.Equal(coretest.Monday.Add(2*time.Hour)) || !known || metres < 40 || metres > 50 || !c.Facts.Camera {
			t.Errorf("%+v, %f m", c, metres)
		}
	}
	if got := p.history(t, id); got != "SUBMITTED RESOLVED" {
		t.Errorf("history: %s", got)
	}
	if n := p.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'RESOLVED' AND event->>'previousStatus' = 'IN_PROGRESS' AND event->>'message' = 'Sudah ditambal.'"); n != 1 {
		t.Errorf("%d events", n)
	}
	if p.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'FLAGGED'") != 0 || p.Count("SELECT count(*) FROM audit WHERE action = 'resolve'") != 1 {
		t.Error("a good proof is told as a doubtful one, or not in the audit")
	}
}

// What takes proof is not resolved without, by no verb; what is refused leaves nothing.
func TestNoWayAroundTheProof(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	officer, id := p.Officer("jalan"), p.begun(t)
	before := p.left()
	resolve := func(message string, photos ...civic.Upload) error {
		_, err := p.desk.ResolveReport(t.Context(), officer, id, message, photos, nil)
		return err
	}
	good, film := civic.NewUpload(raw(t, "china")), done[[]byte](t)(os.ReadFile("../anonymizer/strip/testdata/films/phone.mp4"))
	many := slices.Repeat([]civic.Upload{good}, civic.MaxMedia+1)
	for what, refusal := range map[string]struct {
		err   error
		field string
	}{
		"without a photo":         {resolve("selesai"), "photos"},
		"without words":           {resolve(" ", good), "message"},
		"with too many words":     {resolve(strings.Repeat("a", civic.MaxResolution+1), good), "message"},
		"with too many photos":    {resolve("selesai", many...), "photos"},
		"with a film":             {resolve("selesai", good, civic.NewUpload(film)), "photos"},
		"with what is no picture": {resolve("selesai", good, civic.NewUpload([]byte("x"))), "photos"},
	} {
		refused(t, what, refusal.err, civic.CodeInvalidInput, refusal.field)
	}
	_, err := p.desk.ChangeStatus(t.Context(), officer, id, civic.Resolved, "selesai")
	refused(t, "by its status", err, civic.CodeInvalidInput, "photos")
	for _, change := range done[[]casework.StatusChange](t)(p.desk.ChangeStatuses(t.Context(), officer, []civic.ReportID{id}, civic.Resolved, "selesai")) {
		refused(t, "among many", change.Err, civic.CodeInvalidInput, "photos")
	}
	early := p.File().ID
	before[4], before[5] = before[4]+1, before[5]+1
	_, err = p.desk.ResolveReport(t.Context(), officer, early, "selesai", []civic.Upload{good}, nil)
	refused(t, "what nobody has looked at", err, civic.CodeConflict, "to")
	for _, who := range []civic.Principal{p.Officer("drainase"), coretest.Citizen("budi"), {}} {
		_, err = p.desk.ResolveReport(t.Context(), who, id, "selesai", []civic.Upload{good}, nil)
		refused(t, "by a stranger", err, civic.CodeNotFound, "")
	}
	if after := p.left(); after != before || p.Report(id).Status != civic.InProgress {
		t.Errorf("%v became %v", before, after)
	}
	if err := p.blobs.List(t.Context(), func(blob.Listed) bool { t.Error("a blob was kept"); return false }); err != nil {
		t.Error(err)
	}
	// Where no proof is asked for, there is none to get around.
	free := p.File(p.Of("trotoar")).ID
	p.Exec("UPDATE reports SET status = 'VERIFIED' WHERE id = $1", free.Bytes())
	done[*civic.Report](t)(p.desk.ChangeStatus(t.Context(), p.Officer("walikota"), free, civic.Resolved, "selesai"))
	if r := p.resolution(t, free); r == nil || r.Message != "selesai" {
		t.Errorf("%+v", r)
	}
}

func TestFlagsFromFacts(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	officer := p.Officer("jalan")
	names := []string{"china", "coffee", "astronaut", "chelsea", "rocket", "wine", "life", "camera"}
	for i, c := range []struct {
		what  string
		more  []string
		flags []civic.ResolutionFlag
	}{
		{"good", nil, nil},
		{"at 280 m", []string{"-EXIF:GPSLatitude=6.90252"}, nil},
		{"at 320 m", []string{"-EXIF:GPSLatitude=6.90288"}, []civic.ResolutionFlag{civic.FarAway}},
		{"the day before", []string{"-EXIF:DateTimeOriginal=2026:11:22 11:00:00"}, []civic.ResolutionFlag{civic.TakenBeforeReport}},
		{"the minute of the report", []string{"-EXIF:DateTimeOriginal=2026:11:23 09:00:00"}, nil},
		{"edited", []string{"-EXIF:Software=Adobe Photoshop 25.1"}, []civic.ResolutionFlag{civic.GeneratedOrEdited}},
		{"generated", []string{"-XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}, []civic.ResolutionFlag{civic.GeneratedOrEdited}},
		{"from a messenger", []string{"-all="}, []civic.ResolutionFlag{civic.NoCaptureData}},
	} {
		id := p.begun(t)
		done[*civic.Report](t)(p.desk.ResolveReport(t.Context(), officer, id, "selesai", []civic.Upload{snapped(t, raw(t, names[i]), c.more...)}, nil))
		checks := p.checks(t, id)
		if len(checks) != 1 || !slices.Equal(checks[0].Flags, c.flags) {
			t.Errorf("%s: %+v", c.what, checks[0])
		}
		line, news := p.Count("SELECT count(*) FROM audit WHERE report_id = $1 AND action = 'resolve' AND detail ? 'flags'", id.Bytes()),
			p.Count("SELECT count(*) FROM outbox WHERE event->>'report' = $1 AND event->>'kind' = 'FLAGGED'", id.String())
		if want := min(len(c.flags), 1); line != want || news != want {
			t.Errorf("%s: %d lines of the audit and %d events tell of flags", c.what, line, news)
		}
	}
}

// A photo that proved something before is found, whatever was done to it and whoever's it was; a new photo is not.
func TestAPhotoIsUsedAgain(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	jalan, drainase := p.Officer("jalan"), p.Officer("drainase")
	own := raw(t, "life")
	first := p.begun(t, p.Of("banjir"), coretest.Visibility(civic.Private))
	done[*civic.Report](t)(p.desk.ResolveReport(t.Context(), drainase, first, "kering", []civic.Upload{snapped(t, raw(t, "china")), snapped(t, raw(t, "bridge"))}, nil))
	resolve := func(id civic.ReportID, photo []byte) *civic.PhotoCheck {
		t.Helper()
		done[*civic.Report](t)(p.desk.ResolveReport(t.Context(), jalan, id, "selesai", []civic.Upload{snapped(t, photo)}, nil))
		checks := p.checks(t, id)
		return checks[len(checks)-1]
	}
	for what, photo := range map[string][]byte{
		"as it was": raw(t, "china"), "cropped and recompressed": remade(t, raw(t, "china"), 0.2, false, 40), "mirrored": remade(t, raw(t, "bridge"), 0, true, 75),
	} {
		if c := resolve(p.begun(t), photo); !slices.Equal(c.Flags, []civic.ResolutionFlag{civic.ReusedPhoto}) || c.ReusedFrom == nil {
			t.Errorf("%s: %+v", what, c)
		}
	}
	for _, visibility := range []civic.Visibility{civic.Public, civic.Anonymous} {
		id := p.begun(t, coretest.Visibility(visibility), p.kept(t, civic.NewUpload(raw(t, "wine")), civic.NewUpload(own)))
		if c := resolve(id, remade(t, own, 0.15, false, 60)); !slices.Contains(c.Flags, civic.SameAsReport) {
			t.Errorf("the picture of a %s report: %+v", visibility, c)
		}
	}
	id := p.begun(t, p.kept(t, civic.NewUpload(raw(t, "rocket"))))
	if c := resolve(id, raw(t, "coffee")); len(c.Flags) != 0 {
		t.Errorf("a new photo: %+v", c)
	}
	// The reporter does not believe it, and is shown the same photo once more.
	done[*civic.Report](t)(p.desk.Reopen(t.Context(), coretest.Citizen("budi"), id, "belum"))
	if r := p.resolution(t, id); r.Confirmed == nil || *r.Confirmed {
		t.Errorf("reopened: %+v", r)
	}
	done[*civic.Report](t)(p.desk.ResolveReport(t.Context(), jalan, id, "sungguh", []civic.Upload{snapped(t, raw(t, "coffee"))}, nil))
	again := p.resolution(t, id)
	var flagged int
	for _, c := range p.checks(t, id) {
		if c.Resolution == again.ID {
			flagged++
			if !slices.Equal(c.Flags, []civic.ResolutionFlag{civic.ReusedPhoto}) || c.ReusedFrom == nil || *c.ReusedFrom != id {
				t.Errorf("the same photo after a reopening: %+v", c)
			}
		}
	}
	if again.Message != "sungguh" || again.Confirmed != nil || flagged != 1 || p.Count("SELECT count(*) FROM resolutions WHERE report_id = $1", id.Bytes()) != 2 {
		t.Errorf("%+v, %d photos of its own", again, flagged)
	}
	done[*civic.Report](t)(p.desk.ConfirmResolution(t.Context(), coretest.Citizen("budi"), id))
	if r := p.resolution(t, id); r.Confirmed == nil || !*r.Confirmed {
		t.Errorf("confirmed: %+v", r)
	}
	if n := p.Count("SELECT count(*) FROM resolutions WHERE report_id = $1 AND NOT confirmed", id.Bytes()); n != 1 {
		t.Errorf("%d earlier answers stand", n)
	}
}

// The reporter of an anonymous report answers by receipt.
func TestAnAnonymousAnswerIsNoted(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	for _, satisfied := range []bool{true, false} {
		id := p.begun(t, coretest.Visibility(civic.Anonymous))
		done[*civic.Report](t)(p.desk.ResolveReport(t.Context(), p.Officer("jalan"), id, "selesai", []civic.Upload{snapped(t, raw(t, "china"))}, nil))
		done[*civic.Report](t)(p.desk.AnswerResolutionAsAnonymous(t.Context(), coretest.ReceiptOf(id), satisfied, "begitulah"))
		if r := p.resolution(t, id); r.Confirmed == nil || *r.Confirmed != satisfied {
			t.Errorf("%+v, want %v", r, satisfied)
		}
	}
}

// Of two officers at once one resolves the report, and the other learns where it stands.
func TestTwoResolveAtOnce(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	id, photo := p.begun(t), snapped(t, raw(t, "china"))
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, officer := range []civic.Principal{p.Officer("jalan"), p.Officer("walikota")} {
		both.Go(func() {
			_, errs[i] = p.desk.ResolveReport(t.Context(), officer, id, "selesai", []civic.Upload{photo}, nil)
		})
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v, %v", errs[0], errs[1])
	}
	var conflict *civic.Error
	if err := errors.Join(errs...); !errors.As(err, &conflict) || conflict.Code != civic.CodeConflict || conflict.State != civic.Resolved {
		t.Errorf("%+v", conflict)
	}
	if n := p.Count("SELECT count(*) FROM resolutions"); n != 1 {
		t.Errorf("%d resolutions", n)
	}
}

// One photo for two reports in the same moment: the second sees the first.
func TestAPhotoIsUsedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	photo := snapped(t, raw(t, "china"))
	ids := []civic.ReportID{p.begun(t), p.begun(t), p.begun(t)}
	var all sync.WaitGroup
	for _, id := range ids {
		all.Go(func() {
			if _, err := p.desk.ResolveReport(t.Context(), p.Officer("jalan"), id, "selesai", []civic.Upload{photo}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	flagged := 0
	for _, id := range ids {
		flagged += len(p.checks(t, id)[0].Flags)
	}
	if flagged != len(ids)-1 {
		t.Errorf("%d of %d are flagged", flagged, len(ids))
	}
}

func TestABrokenResolutionLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	id, photo := p.begun(t), snapped(t, raw(t, "china"))
	before := p.left()
	for _, broken := range []string{"timeline", "audit", "event", "save", "resolution"} {
		_, err := p.deskOn(failing{records.Of{Store: p.rows}, broken}).ResolveReport(t.Context(), p.Officer("jalan"), id, "selesai", []civic.Upload{photo}, nil)
		if !errors.Is(err, errBroken) || p.left() != before || p.Report(id).Status != civic.InProgress || p.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'RESOLVED'") != 0 {
			t.Errorf("with a broken %s: %v, %v became %v", broken, err, before, p.left())
		}
	}
}

func (f failingTx) AddResolution(ctx context.Context, r *civic.Resolution) error {
	return f.after("resolution", f.Tx.AddResolution(ctx, r))
}
