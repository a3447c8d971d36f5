package anonymizer

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// MaxKeep is how many stretches a reporter may want left in.
const MaxKeep = 100

// filing is a request that has been checked; its texts are still raw.
type filing struct {
	clientKey     string
	title, body   civic.Raw
	keep          []string
	category      civic.CategoryID
	department    civic.DepartmentID
	place         *civic.Place
	address       civic.Raw
	exact         bool
	questions     []string
	answers       []civic.Raw
	responseDue   time.Time
	resolutionDue time.Time
}

// readFiling checks everything again that the server has checked: this is the last door before the stream.
func readFiling(r *anonymizerrpc.SubmitRequest) (*filing, error) {
	f := &filing{
		clientKey: r.GetClientKey(), title: civic.NewRaw(r.GetTitle()), body: civic.NewRaw(r.GetBody()),
		keep: r.GetKeep(), exact: r.GetExactLocation(),
		responseDue: time.Unix(r.GetResponseDue(), 0), resolutionDue: time.Unix(r.GetResolutionDue(), 0),
	}
	if err := checkText("title", r.GetTitle(), civic.MaxTitle, true); err != nil {
		return nil, err
	}
	if err := checkText("body", r.GetBody(), civic.MaxBody, true); err != nil {
		return nil, err
	}
	if err := checkText("clientKey", r.GetClientKey(), civic.MaxClientID, false); err != nil {
		return nil, err
	}
	if err := checkKeep(r.GetKeep()); err != nil {
		return nil, err
	}
	if len(r.GetCategory()) != len(civic.UUID{}) || len(r.GetDepartment()) != len(civic.UUID{}) {
		return nil, civic.Invalid("category", "id.malformed")
	}
	f.category = civic.CategoryID{UUID: civic.UUID(r.GetCategory())}
	f.department = civic.DepartmentID{UUID: civic.UUID(r.GetDepartment())}
	if err := f.readPlace(r.GetPlace()); err != nil {
		return nil, err
	}
	return f, f.readAnswers(r.GetAnswers())
}

func (f *filing) readPlace(p *anonymizerrpc.Place) error {
	if p == nil {
		return nil
	}
	if !(math.Abs(p.GetLatitude()) <= 90 && math.Abs(p.GetLongitude()) <= 180) { // written so that NaN fails
		return civic.Invalid("location", "location.malformed")
	}
	if err := checkText("location.address", p.GetAddress(), civic.MaxAddress, false); err != nil {
		return err
	}
	f.place = &civic.Place{Latitude: p.GetLatitude(), Longitude: p.GetLongitude()}
	f.address = civic.NewRaw(p.GetAddress())
	if district := p.GetDistrict(); len(district) == len(civic.UUID{}) {
		f.place.District = &civic.DistrictID{UUID: civic.UUID(district)}
	}
	return nil
}

func (f *filing) readAnswers(answers []*anonymizerrpc.Answer) error {
	if len(answers) > civic.MaxAnswers {
		return civic.Invalid("answers", "answers.too_many")
	}
	for _, a := range answers {
		if err := checkText("answers", a.GetQuestion(), civic.MaxClientID, true); err != nil {
			return err
		}
		if err := checkText("answers", a.GetAnswer(), civic.MaxComment, false); err != nil {
			return err
		}
		f.questions = append(f.questions, a.GetQuestion())
		f.answers = append(f.answers, civic.NewRaw(a.GetAnswer()))
	}
	return nil
}

func checkKeep(keep []string) error {
	if len(keep) > MaxKeep {
		return civic.Invalid("keep", "keep.too_many")
	}
	for _, stretch := range keep {
		if err := checkText("keep", stretch, civic.MaxBody, false); err != nil {
			return err
		}
	}
	return nil
}

// checkText refuses what no report may hold. limit is in code points. A text of blanks and invisible characters is no text.
func checkText(field, text string, limit int, required bool) error {
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return civic.Invalid(field, "text.malformed")
	case utf8.RuneCountInString(text) > limit:
		return civic.Invalid(field, "text.too_long")
	case required && !strings.ContainsFunc(text, visible):
		return civic.Invalid(field, "text.missing")
	}
	return nil
}

func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u2800' && r != '\u3164'
}

// digest is the same for the same content, whatever the client key and the moment. Due times stay out: the server works them out anew
// when a client tries again.
func (f *filing) digest() []byte {
	sum := sha256.New()
	parts := []string{f.title.Reveal(), f.body.Reveal()}
	count := func(n int) { _ = binary.Write(sum, binary.BigEndian, uint64(n)) }
	for _, part := range parts {
		writePart(sum, part)
	}
	count(len(f.keep))
	for _, stretch := range f.keep {
		writePart(sum, stretch)
	}
	sum.Write(f.category.UUID[:])
	if f.place != nil {
		_ = binary.Write(sum, binary.BigEndian, [2]float64{f.place.Latitude, f.place.Longitude})
		writePart(sum, f.address.Reveal())
	}
	_ = binary.Write(sum, binary.BigEndian, [2]bool{f.place != nil, f.exact})
	count(len(f.answers))
	for i, answer := range f.answers {
		writePart(sum, f.questions[i])
		writePart(sum, answer.Reveal())
	}
	return sum.Sum(nil)
}

// writePart writes the length first, so that no two lists of parts run together.
func writePart(sum hash.Hash, part string) {
	_ = binary.Write(sum, binary.BigEndian, uint64(len(part)))
	sum.Write([]byte(part))
}
