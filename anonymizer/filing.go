package anonymizer

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// MaxKeep is how many stretches a reporter may want left in.
const MaxKeep = 100

// filing is a request that has been checked; its texts are still raw.
type filing struct {
	clientKey     string
	token         *token // nil: the server vouches for the citizen
	title, body   civic.Raw
	keep          []string
	category      civic.CategoryID
	department    civic.DepartmentID
	place         *civic.Place
	address       civic.Raw
	exact         bool
	questions     []string
	answers       []civic.Raw
	media         []civic.Upload
	responseDue   time.Time
	resolutionDue time.Time
}

// readFiling checks everything again that the server has checked: this is the last door before the stream.
func readFiling(r *anonymizerrpc.SubmitRequest) (*filing, error) {
	f := &filing{
		keep: r.GetKeep(), exact: r.GetExactLocation(),
		responseDue: time.Unix(r.GetResponseDue(), 0), resolutionDue: time.Unix(r.GetResolutionDue(), 0),
	}
	title, err := civic.CheckText("title", r.GetTitle(), civic.MaxTitle)
	if err != nil {
		return nil, err
	}
	body, err := civic.CheckText("body", r.GetBody(), civic.MaxBody)
	if err != nil {
		return nil, err
	}
	f.title, f.body = civic.NewRaw(title), civic.NewRaw(body)
	if f.clientKey, err = civic.CheckOptionalText("clientKey", r.GetClientKey(), civic.MaxClientID); err != nil {
		return nil, err
	}
	if f.token, err = readToken(r.GetToken()); err != nil {
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
	for _, file := range r.GetMedia() {
		f.media = append(f.media, civic.NewUpload(file))
	}
	if err := civic.CheckUploads("media", f.media); err != nil {
		return nil, err
	}
	return f, f.readAnswers(r.GetAnswers())
}

func (f *filing) readPlace(p *anonymizerrpc.Place) error {
	if p == nil {
		return nil
	}
	if !(math.Abs(p.GetLatitude()) <= 90 && math.Abs(p.GetLongitude()) <= 180) { // written so that NaN fails
		return civic.Invalid("location", "location.not_a_number")
	}
	address, err := civic.CheckOptionalText("location.address", p.GetAddress(), civic.MaxAddress)
	if err != nil {
		return err
	}
	f.place = &civic.Place{Latitude: p.GetLatitude(), Longitude: p.GetLongitude()}
	f.address = civic.NewRaw(address)
	if district := p.GetDistrict(); len(district) == len(civic.UUID{}) {
		f.place.District = &civic.DistrictID{UUID: civic.UUID(district)}
	}
	return nil
}

func (f *filing) readAnswers(answers []*anonymizerrpc.Answer) error {
	if len(answers) > civic.MaxAnswers {
		return civic.Invalid("answers", "answers.too_many", "max", strconv.Itoa(civic.MaxAnswers))
	}
	for _, a := range answers {
		question, err := civic.CheckText("answers", a.GetQuestion(), civic.MaxClientID)
		if err != nil {
			return err
		}
		answer, err := civic.CheckOptionalText("answers", a.GetAnswer(), civic.MaxComment)
		if err != nil {
			return err
		}
		f.questions = append(f.questions, question)
		f.answers = append(f.answers, civic.NewRaw(answer))
	}
	return nil
}

func checkKeep(keep []string) error {
	if len(keep) > MaxKeep {
		return civic.Invalid("keep", "keep.too_many", "max", strconv.Itoa(MaxKeep))
	}
	for _, stretch := range keep {
		if _, err := civic.CheckOptionalText("keep", stretch, civic.MaxBody); err != nil {
			return err
		}
	}
	return nil
}

// digest is the same for the same content, whatever the client key, the token and the moment. Due times stay out: the server works them out anew
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
	for _, file := range f.media {
		count(file.Size())
		sum.Write(file.Reveal())
	}
	return sum.Sum(nil)
}

// writePart writes the length first, so that no two lists of parts run together.
func writePart(sum hash.Hash, part string) {
	_ = binary.Write(sum, binary.BigEndian, uint64(len(part)))
	sum.Write([]byte(part))
}
