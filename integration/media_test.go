package integration

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	mediaFields         = `media{id kind contentType width height byteSize url thumbnailUrl}`
	submitWithMedia     = `mutation($input:SubmitReportInput!){submitReport(input:$input){state report{id ` + mediaFields + `}}}`
	submitMediaSecretly = `mutation($input:SubmitAnonymousReportInput!){submitAnonymousReport(input:$input){receipt number state}}`
	mediaOf             = `query($r:ID!){report(id:$r){` + mediaFields + `}}`
	linkOf              = `query($m:ID!){node(id:$m){...on Media{url}}}`
)

func picturesOfAPublicReport(t *testing.T, city *System) {
	citizen := city.Citizen(t, 30)
	filed := citizen.MustUpload(t, submitWithMedia, Draft{}.input(t, city), photo(t, 900, 600), photo(t, 300, 500), film(t)).At("submitReport.report")
	accepted := filed.At("media").Items()
	if len(accepted) != 3 {
		t.Fatalf("%v", filed)
	}
	for _, medium := range accepted { // the reporter sees them at once, stored or queued
		if response, _ := city.Fetch(t, medium.At("url").Text()); response.StatusCode != http.StatusOK {
			t.Errorf("%v: %d", medium, response.StatusCode)
		}
	}
	id := filed.At("id").Text()
	citizen.Stored(t, id)
	media := city.Stranger().Must(t, mediaOf, Vars{"r": id}).At("report.media")
	for i, want := range []string{"IMAGE image/jpeg 900 600", "IMAGE image/jpeg 300 500", "VIDEO video/mp4"} {
		medium := media.At(fmt.Sprint(i))
		got := fmt.Sprint(medium.At("kind").Text(), " ", medium.At("contentType").Text(), " ", medium.At("width").Number(), " ", medium.At("height").Number())
		if !strings.HasPrefix(got, want) || medium.At("id").Text() != accepted[i].At("id").Text() {
			t.Errorf("%s, want %s", got, want)
		}
		link := medium.At("url").Text()
		if strings.Contains(link, "?") {
			t.Errorf("a picture that everybody may see has the link %s", link)
		}
		response, content := city.Fetch(t, link)
		if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != medium.At("contentType").Text() ||
			len(content) != int(medium.At("byteSize").Number()) || response.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(response.Header.Get("Content-Security-Policy"), "sandbox") || response.Header.Get("ETag") == "" {
			t.Errorf("%s: %d, %d bytes, %v", link, response.StatusCode, len(content), response.Header)
		}
		if bytes.Contains(content, []byte(photographer)) {
			t.Errorf("%s tells who took it", link)
		}
		part, end := city.Fetch(t, link, "Range", "bytes=-10")
		if part.StatusCode != http.StatusPartialContent || !bytes.Equal(end, content[len(content)-10:]) {
			t.Errorf("the end of %s: %d, %d bytes", link, part.StatusCode, len(end))
		}
		if small, _ := city.Fetch(t, medium.At("thumbnailUrl").Text()); small.StatusCode != http.StatusOK {
			t.Errorf("the thumbnail of %s: %d", link, small.StatusCode)
		}
	}
	if _, content := city.Fetch(t, media.At("0.url").Text()); len(content) > 0 {
		if picture, err := jpeg.DecodeConfig(bytes.NewReader(content)); err != nil || picture.Width != 900 {
			t.Errorf("%+v, %v", picture, err)
		}
	}
	listed := city.Stranger().Must(t, `{publicReports(first:100){nodes{id `+mediaFields+`}}}`, nil).At("publicReports.nodes")
	for _, report := range listed.Items() {
		if report.At("id").Text() == id && report.At("media").String() != media.String() {
			t.Errorf("in the list: %v, alone: %v", report.At("media"), media)
		}
	}
}

func picturesOfAPrivateReport(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 31), city.Officer(t, "drainase")
	filed := citizen.MustUpload(t, submitWithMedia, Draft{Visibility: "PRIVATE"}.input(t, city), photo(t, 200, 100)).At("submitReport.report")
	id, medium := filed.At("id").Text(), filed.At("media.0.id").Text()
	citizen.Stored(t, id)
	for _, outsider := range []*Caller{city.Stranger(), city.Citizen(t, 32), city.Officer(t, "jalan")} {
		outsider.Refused(t, "NOT_FOUND", "", mediaOf, Vars{"r": id})
		outsider.Refused(t, "NOT_FOUND", "", linkOf, Vars{"m": medium})
	}
	for _, insider := range []*Caller{citizen, officer} {
		link := insider.Must(t, mediaOf, Vars{"r": id}).At("report.media.0.url").Text()
		if again := insider.Must(t, linkOf, Vars{"m": medium}).At("node.url").Text(); again != link && !strings.Contains(again, "signature=") {
			t.Errorf("%s, then %s", link, again)
		}
		response, _ := city.Fetch(t, link)
		if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Cache-Control"), "private, ") {
			t.Errorf("%s: %d, %v", link, response.StatusCode, response.Header)
		}
		plain, query, _ := strings.Cut(link, "?")
		for what, wrong := range map[string]string{
			"without a signature": plain, "an empty signature": plain + "?signature=&until=9999999999",
			"a signature of another time": strings.Replace(link, "until=1", "until=2", 1),
			"a changed signature":         plain + "?" + strings.Replace(query, "signature=", "signature=x", 1),
			"an expired one":              plain + "?" + strings.Replace(query, "until=1", "until=0", 1),
			"another picture's":           "/media/0000000000000000000000000000000a.jpg?" + query,
		} {
			if response, _ := city.Fetch(t, wrong); response.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %s: %d", what, wrong, response.StatusCode)
			}
		}
	}
}

func picturesOfAnAnonymousReport(t *testing.T, city *System) {
	citizen, officer, stranger := city.Citizen(t, 33), city.Officer(t, "inspektorat"), city.Stranger()
	input := anonymousDraft(t, city, canary+" Petugas loket 3 meminta uang, lihat foto.")
	input["clientKey"] = "kunci-dengan-foto"
	files := [][]byte{photo(t, 800, 500), film(t)}
	filed := citizen.MustUpload(t, submitMediaSecretly, input, files...).At("submitAnonymousReport")
	again := citizen.MustUpload(t, submitMediaSecretly, input, files...).At("submitAnonymousReport")
	if again.At("receipt").Text() != filed.At("receipt").Text() {
		t.Errorf("%v, then %v", filed, again)
	}
	var media Value
	eventually(t, "the department has the report", func() error {
		answer, err := officer.Try(t.Context(), `query($n:String!){report(number:$n){`+mediaFields+`}}`, Vars{"n": filed.At("number").Text()})
		if media = answer.Data.At("report.media"); err == nil && answer.code() != "" {
			err = errNotYet
		}
		return err
	})
	mine := stranger.Must(t, `query($r:String!){anonymousReport(receipt:$r){report{`+mediaFields+`}}}`, Vars{"r": filed.At("receipt").Text()}).At("anonymousReport.report.media")
	if len(media.Items()) != 2 || len(mine.Items()) != 2 {
		t.Fatalf("%v, %v", media, mine)
	}
	for i := range media.Items() {
		for _, medium := range []Value{media.At(fmt.Sprint(i)), mine.At(fmt.Sprint(i))} {
			for _, link := range []string{medium.At("url").Text(), medium.At("thumbnailUrl").Text()} {
				response, content := city.Fetch(t, link)
				if response.StatusCode != http.StatusOK || bytes.Contains(content, []byte(photographer)) {
					t.Errorf("%s: %d; it tells who took it: %v", link, response.StatusCode, bytes.Contains(content, []byte(photographer)))
				}
			}
			plain, _, _ := strings.Cut(medium.At("url").Text(), "?")
			if response, _ := city.Fetch(t, plain); response.StatusCode != http.StatusNotFound {
				t.Errorf("without a signature: %d", response.StatusCode)
			}
		}
	}
	for _, outsider := range []*Caller{stranger, citizen, city.Officer(t, "jalan")} {
		outsider.Refused(t, "NOT_FOUND", "", linkOf, Vars{"m": media.At("0.id").Text()})
	}
}

func picturesThatAreRefused(t *testing.T, city *System) {
	citizen := city.Citizen(t, 34)
	good := photo(t, 100, 80)
	for what, files := range map[string][][]byte{
		"a cut picture":      {good, good[:len(good)/2]},
		"an empty file":      {nil},
		"no picture at all":  {[]byte("#!/bin/sh\nrm -rf /\n")},
		"a page":             {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")},
		"a cut film":         {film(t)[:200]},
		"a picture too many": {good, good, good, good, good, good, good, good, good, good, good},
		"a large picture":    {append(photo(t, 100, 80), make([]byte, 21<<20)...)},
	} {
		for name, query := range map[string]string{"a report": submitWithMedia, "an anonymous report": submitMediaSecretly} {
			input := Draft{}.input(t, city)
			if query == submitMediaSecretly {
				input = anonymousDraft(t, city, canary)
			}
			answer, err := citizen.Uploads(t.Context(), query, input, files...)
			if err != nil || answer.code() != "INVALID_INPUT" || answer.Errors[0].Extensions.Field != "media" {
				t.Errorf("%s with %s: %v %v %v", name, what, err, answer.Data, answer.Errors)
			}
		}
	}
	answer, err := city.Stranger().Uploads(t.Context(), submitWithMedia, Draft{}.input(t, city), good)
	if err != nil || answer.code() != "UNAUTHENTICATED" {
		t.Errorf("a stranger: %v %v", err, answer.Errors)
	}
}

func manyPicturesAtOnce(t *testing.T, city *System) {
	citizen := city.Citizen(t, 35)
	file := photo(t, 1200, 900)
	var all sync.WaitGroup
	for i := range 8 {
		input, query := Draft{}.input(t, city), submitWithMedia
		if i%2 == 1 {
			input, query = anonymousDraft(t, city, canary), submitMediaSecretly
		}
		all.Go(func() {
			answer, err := citizen.Uploads(t.Context(), query, input, file, file)
			for began := time.Now(); answer.code() == "UNAVAILABLE" && time.Since(began) < patience; { // few are cleaned at once, and a busy machine takes its time
				answer, err = citizen.Uploads(t.Context(), query, input, file, file)
			}
			if err != nil || len(answer.Errors) > 0 {
				t.Errorf("%v %v", err, answer.Errors)
			}
		})
	}
	all.Wait()
}

// picturesPassBetweenServers: what one server keeps, another gives out by the links of either.
func picturesPassBetweenServers(t *testing.T, city, other *System) {
	citizen := city.Citizen(t, 92)
	filed := citizen.MustUpload(t, submitWithMedia, Draft{Visibility: "PRIVATE"}.input(t, city), photo(t, 50, 40)).At("submitReport.report.media.0.url").Text()
	for _, server := range []*System{city, other} {
		if response, _ := server.Fetch(t, filed); response.StatusCode != http.StatusOK {
			t.Errorf("%d", response.StatusCode)
		}
	}
}
