package integration

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"net/http"
	"slices"
	"testing"
)

const resolutionOf = `query($r:ID!){report(id:$r){media{id} resolution{message confirmed department{code} photos{id url}}}}`

// A resolution is not believed without its proof, everybody sees the proof, and a proof that is used twice is shown to those above.
func resolvedMeansResolved(t *testing.T, city *System) {
	citizen, officer, stranger := city.Citizen(t, 36), city.Officer(t, "drainase"), city.Stranger()
	feed := city.Officer(t, "walikota").Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "drainase"), "after": city.Dawn(t)})
	report := citizen.Submits(t, Draft{}).At("id").Text()
	officer.Moves(t, report, "IN_PROGRESS", "")
	officer.Refused(t, "INVALID_INPUT", "photos", `mutation($r:ID!){changeStatus(report:$r,to:RESOLVED,message:"selesai"){id}}`, Vars{"r": report})
	for what, photos := range map[string][][]byte{"nothing": nil, "no picture": {[]byte("x")}, "a film": {film(t)}} {
		answer, err := officer.ProvesOrNot(t.Context(), report, "selesai", photos...)
		if err != nil || answer.code() != "INVALID_INPUT" || answer.Errors[0].Extensions.Field != "photos" {
			t.Errorf("%s as a proof: %v %v", what, err, answer.Errors)
		}
	}
	photo := evidence(t)
	if resolved := officer.Proves(t, report, "Saluran sudah dikeruk.", photo); resolved.At("status").Text() != "RESOLVED" {
		t.Errorf("%v", resolved)
	}
	shown := stranger.Must(t, resolutionOf, Vars{"r": report}).At("report")
	if shown.At("resolution.message").Text() != "Saluran sudah dikeruk." || len(shown.At("media").Items()) != 0 || !shown.At("resolution.confirmed").Null() {
		t.Errorf("%v", shown)
	}
	response, content := city.Fetch(t, shown.At("resolution.photos.0.url").Text())
	if response.StatusCode != http.StatusOK || bytes.Contains(content, []byte(photographer)) {
		t.Errorf("the proof: %d, it tells who took it: %v", response.StatusCode, bytes.Contains(content, []byte(photographer)))
	}
	flags := `query($r:ID!){report(id:$r){resolution{flags}}}`
	stranger.Refused(t, "UNAUTHENTICATED", "", flags, Vars{"r": report})
	citizen.Refused(t, "FORBIDDEN", "", flags, Vars{"r": report})
	if raised := officer.Must(t, flags, Vars{"r": report}).At("report.resolution.flags").Items(); len(raised) != 0 {
		t.Errorf("a good proof raises %v", raised)
	}
	if told := goesOn(feed, report, "RESOLVED"); told.Text("message") != "Saluran sudah dikeruk." {
		t.Errorf("%v", told)
	}
	if fault, err := officer.ProvesOrNot(t.Context(), report, "sekali lagi", evidence(t)); err != nil || fault.code() != "CONFLICT" {
		t.Errorf("%v %v", err, fault.Errors)
	}

	again := citizen.Submits(t, Draft{}).At("id").Text()
	officer.Moves(t, again, "VERIFIED", "")
	officer.Proves(t, again, "Sudah.", mirrored(t, photo))
	goesOn(feed, again, "FLAGGED")
	raised := city.Officer(t, "walikota").Must(t, flags, Vars{"r": again}).At("report.resolution.flags")
	var names []string
	for _, flag := range raised.Items() {
		names = append(names, flag.Text())
	}
	if !slices.Equal(names, []string{"REUSED_PHOTO", "NO_CAPTURE_DATA"}) {
		t.Errorf("a photo in a mirror raises %v", raised)
	}
}

// goesOn reads a feed up to what happens to a report.
func goesOn(feed *Stream, report, kind string) Happening {
	for {
		if told := feed.Tells(report); told.Text("kind") == kind {
			return told
		}
	}
}

// mirrored is a picture in a mirror, cropped and saved anew: nothing of what its file said is left.
func mirrored(t testing.TB, content []byte) []byte {
	t.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	flat := image.NewRGBA(picture.Bounds())
	draw.Draw(flat, flat.Bounds(), picture, image.Point{}, draw.Src)
	out := image.NewRGBA(image.Rect(0, 0, w*9/10, h*9/10))
	for y := range h * 9 / 10 {
		for x := range w * 9 / 10 {
			out.SetRGBA(x, y, flat.RGBAAt(w-1-x, y))
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, out, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
