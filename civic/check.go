package civic

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckText returns text without surrounding space, or INVALID_INPUT for field: empty, longer than limit code points, not
// UTF-8, or holding control characters (a NUL byte would not fit a database text).
func CheckText(field, text string, limit int) (string, error) {
	text, err := CheckOptionalText(field, text, limit)
	if err == nil && invisible(text) {
		err = Invalid(field, "text.empty")
	}
	return text, err
}

// CheckOptionalText is CheckText for text that may be empty.
func CheckOptionalText(field, text string, limit int) (string, error) {
	if !utf8.ValidString(text) {
		return "", Invalid(field, "text.not_utf8")
	}
	if strings.ContainsFunc(text, forbiddenControl) {
		return "", Invalid(field, "text.control_character")
	}
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > limit {
		return "", Invalid(field, "text.too_long", "max", strconv.Itoa(limit))
	}
	return text, nil
}

func forbiddenControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// invisible reports whether a reader would see nothing: spaces and zero-width characters alone.
func invisible(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r)
	})
}

// CheckPlace finds the district of a point inside the city, or INVALID_INPUT naming what is wrong.
func (c *City) CheckPlace(field string, p Place) (*Place, error) {
	if !(Point{p.Latitude, p.Longitude}).Finite() {
		return nil, Invalid(field, "location.not_a_number")
	}
	if !c.Bounds.Contains(p.Latitude, p.Longitude) {
		return nil, Invalid(field, "location.outside")
	}
	address, err := CheckOptionalText(field+".address", p.Address, MaxAddress)
	if err != nil {
		return nil, err
	}
	found := &Place{Latitude: p.Latitude, Longitude: p.Longitude, Address: address}
	if district := c.DistrictAt(p.Latitude, p.Longitude); district != nil {
		found.District = &district.ID
	}
	return found, nil
}

// CheckAnswers holds the answers against the category's questions and returns them without surrounding space.
func (category *Category) CheckAnswers(answers []Answer) ([]Answer, error) {
	const field = "answers"
	if len(answers) > MaxAnswers {
		return nil, Invalid(field, "answers.too_many", "max", strconv.Itoa(MaxAnswers))
	}
	given, checked := map[string]string{}, make([]Answer, 0, len(answers))
	for _, answer := range answers {
		text, err := CheckText(field, answer.Answer, MaxComment)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(category.Questions, func(q Question) bool { return q.Code == answer.Question }) {
			return nil, Invalid(field, "answers.unknown_question")
		}
		given[answer.Question], checked = text, append(checked, Answer{answer.Question, text})
	}
	for _, question := range category.Questions {
		if err := question.check(field, given[question.Code]); err != nil {
			return nil, err
		}
	}
	return checked, nil
}

func (q *Question) check(field, answer string) error {
	if answer == "" {
		if q.Required {
			return Invalid(field, "answers.missing", "question", q.Code)
		}
		return nil
	}
	if len(q.Choices) == 0 {
		return nil
	}
	i := slices.IndexFunc(q.Choices, func(choice Choice) bool { return choice.Value == answer })
	if i < 0 {
		return Invalid(field, "answers.unknown_choice", "question", q.Code)
	}
	if stop := q.Choices[i].Stop; stop != nil { // the city's own sentence, in whatever language it will be told
		return Invalid(field, "answers.stop", "message.id", stop.In("id"), "message.en", stop.In("en"))
	}
	return nil
}
