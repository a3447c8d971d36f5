package integration

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// resolveReport shows what was done; the variables are the report, the message and the photos.
const resolveReport = `mutation($r:ID!,$m:String!,$p:[Upload!]){resolveReport(report:$r,message:$m,photos:$p){...Everything dueAt assignee{name}}} ` + everything

// Proves resolves a report; without a message it says something.
func (c *Caller) Proves(t testing.TB, report, message string, photos ...[]byte) Value {
	t.Helper()
	if message == "" {
		message = "Selesai."
	}
	answer, err := c.ProvesOrNot(t.Context(), report, message, photos...)
	if err != nil || len(answer.Errors) > 0 {
		t.Fatalf("the proof is refused: %v %v", err, answer.Errors)
	}
	return answer.Data.At("resolveReport")
}

// ProvesOrNot tries to.
func (c *Caller) ProvesOrNot(ctx context.Context, report, message string, photos ...[]byte) (Answer, error) {
	return c.uploads(ctx, resolveReport, Vars{"r": report, "m": message, "p": make([]any, len(photos))}, "p", photos...)
}

// evidence is a photo that no other looks like, with what a camera says of it: just now, and by whom.
func evidence(t testing.TB) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 480, 360))
	for range 150 {
		x, y := rand.IntN(480), rand.IntN(360)
		block := image.Rect(x, y, x+10+rand.IntN(60), y+10+rand.IntN(60))
		tone := color.RGBA{byte(rand.IntN(256)), byte(rand.IntN(256)), byte(rand.IntN(256)), 255}
		draw.Draw(picture, block, image.NewUniform(tone), image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Format("2006:01:02 15:04:05")
	told, err := exec.CommandContext(t.Context(), "exiftool", "-q", "-overwrite_original", "-EXIF:Make=Kamera", "-EXIF:Artist="+photographer,
		"-EXIF:DateTimeOriginal="+now, "-EXIF:OffsetTimeOriginal=+00:00", file).CombinedOutput()
	if err != nil {
		t.Fatalf("exiftool (scripts/ensure exiftool installs it): %v %s", err, told)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
