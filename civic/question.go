package civic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// checkKeywords brings keywords to the form that texts are looked through for.
func (category *Category) checkKeywords() error {
	if len(category.Keywords) > MaxKeywords {
		return Invalid("keywords", "questions.too_many", "max", strconv.Itoa(MaxKeywords))
	}
	keywords := make([]string, len(category.Keywords))
	for i, keyword := range category.Keywords {
		keyword, err := CheckText(fmt.Sprintf("keywords.%d", i), keyword, MaxName)
		if err != nil {
			return err
		}
		keywords[i] = strings.Join(strings.FieldsFunc(strings.ToLower(keyword), notInWord), " ")
	}
	category.Keywords = keywords
	return nil
}

// checkQuestions checks a form, and tidies it.
func (category *Category) checkQuestions() error {
	category.Questions = slices.Clone(category.Questions) // what is in memory is everybody's
	if len(category.Questions) > MaxQuestions {
		return Invalid("questions", "questions.too_many", "max", strconv.Itoa(MaxQuestions))
	}
	codes := map[string]bool{}
	for i := range category.Questions {
		q, field := &category.Questions[i], fmt.Sprintf("questions.%d.", i)
		if err := CheckCode(field+"code", q.Code); err != nil {
			return err
		}
		if codes[q.Code] {
			return Invalid(field+"code", "questions.twice")
		}
		codes[q.Code] = true
		if q.Required && category.Code == FallbackCategory {
			return Invalid(field+"required", "questions.fallback") // reports come here that nobody has asked anything
		}
		var err error
		if q.Label, err = checkWords(field+"labelId", field+"labelEn", q.Label, MaxName); err != nil {
			return err
		}
		if err := q.checkChoices(field + "choices"); err != nil {
			return err
		}
	}
	return nil
}

// checkChoices wants different values, and at least one that does not end the form.
func (q *Question) checkChoices(field string) error {
	if len(q.Choices) > MaxChoices {
		return Invalid(field, "questions.too_many", "max", strconv.Itoa(MaxChoices))
	}
	values, ways := map[string]bool{}, 0
	q.Choices = slices.Clone(q.Choices)
	for i := range q.Choices {
		choice, field := &q.Choices[i], fmt.Sprintf("%s.%d.", field, i)
		var err error
		if choice.Value, err = CheckText(field+"value", choice.Value, MaxName); err != nil {
			return err
		}
		if values[choice.Value] {
			return Invalid(field+"value", "questions.twice")
		}
		values[choice.Value] = true
		if choice.Label, err = checkWords(field+"labelId", field+"labelEn", choice.Label, MaxName); err != nil {
			return err
		}
		if choice.Stop == nil {
			ways++
			continue
		}
		stop, err := checkWords(field+"stopId", field+"stopEn", *choice.Stop, MaxMessage)
		if err != nil {
			return err
		}
		choice.Stop = &stop
	}
	if len(q.Choices) > 0 && ways == 0 {
		return Invalid(field, "questions.no_way")
	}
	return nil
}
