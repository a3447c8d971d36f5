package integration

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// photographer stands in every picture that these tests send in, and in the names of their files: it must never be seen again.
const photographer = "fotografer-kenari-51d8"

// photo is a picture that tells who took it: in a comment, in a segment of EXIF, and behind its end.
func photo(t testing.TB, width, height int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			picture.Set(x, y, color.RGBA{byte(x * 3), byte(y * 5), byte(x * y), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, content string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(content))), content...)
	}
	return slices.Concat(out.Bytes()[:2], segment(0xe1, "Exif\x00\x00"+photographer), segment(0xfe, photographer), out.Bytes()[2:], []byte(photographer))
}

// film is a short one.
func film(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "anonymizer", "strip", "testdata", "films", "phone.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// uploading is an operation with files, as curl -F sends it: a list of nulls at that place of the variables waits for them.
func uploading(query string, variables Vars, place string, files ...[]byte) (contentType string, body []byte, err error) {
	places := map[string][]string{}
	for i := range files {
		places[fmt.Sprint(i)] = []string{fmt.Sprintf("variables.%s.%d", place, i)}
	}
	operations, err1 := json.Marshal(map[string]any{"query": query, "variables": variables})
	fileMap, err2 := json.Marshal(places)
	if err1 != nil || err2 != nil {
		return "", nil, fmt.Errorf("%w %w", err1, err2)
	}
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	_ = form.WriteField("operations", string(operations)) // a buffer takes everything
	_ = form.WriteField("map", string(fileMap))
	for i, file := range files {
		part, err := form.CreateFormFile(fmt.Sprint(i), photographer+".jpg")
		if err != nil {
			return "", nil, err
		}
		_, _ = part.Write(file)
	}
	err = form.Close() // it writes the end
	return form.FormDataContentType(), out.Bytes(), err
}

// Uploads asks with files that come with an input, as its media.
func (c *Caller) Uploads(ctx context.Context, query string, input Vars, files ...[]byte) (Answer, error) {
	input["media"] = make([]any, len(files))
	return c.uploads(ctx, query, Vars{"input": input}, "input.media", files...)
}

func (c *Caller) uploads(ctx context.Context, query string, variables Vars, place string, files ...[]byte) (Answer, error) {
	contentType, body, err := uploading(query, variables, place, files...)
	if err != nil {
		return Answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.System.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	request.Header.Set("Content-Type", contentType)
	c.sign(request.Header)
	response, err := outside.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, err
	}
	return readAnswer(raw)
}

// MustUpload asks with files what has to be answered without error.
func (c *Caller) MustUpload(t testing.TB, query string, input Vars, files ...[]byte) Value {
	t.Helper()
	answer, err := c.Uploads(t.Context(), query, input, files...)
	if err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%s is refused: %v %v", query, err, answer.Errors)
	}
	return answer.Data
}

// Fetch follows a link as somebody without an account, with header name, value pairs.
func (s *System) Fetch(t testing.TB, link string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	if !strings.HasPrefix(link, "/media/") {
		t.Fatalf("no link: %q", link)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+link, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := outside.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, content
}
