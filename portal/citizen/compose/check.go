package compose

import (
	"strconv"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// category and question are what the API tells of them.
type (
	category = client.CityCategoriesCategory
	question = client.CityCategoriesCategoryQuestionsCategoryQuestion
)

// problems are what is wrong, by the name of the field.
type problems map[string]string

// check is what can be said about a step before the API is asked, so that most people are told at once.
func check(v *page.Visit, d draft, step string, kind *category) problems {
	t, found := v.Words.T, problems{}
	length := func(name, value string, most int) {
		if utf8.RuneCountInString(value) > most {
			found[name] = t("compose.too_long", "max", strconv.Itoa(most))
		}
	}
	switch step {
	case stepStory:
		if d.Title == "" && d.Body == "" { // one of the two is enough
			found[nameTitle], found[nameBody] = t("compose.title.needed"), t("compose.body.needed")
		}
		length(nameTitle, d.Title, mostTitle)
		length(nameBody, d.Body, mostBody)
	case stepKind:
		for _, q := range questions(kind) {
			answer := d.Answers[q.Code]
			switch {
			case answer == "" && q.Required:
				found[answerPrefix+q.Code] = t("compose.answer.needed")
			case len(q.Choices) == 0:
				length(answerPrefix+q.Code, answer, mostText)
			}
		}
	case stepPlace:
		length(nameAddress, d.Address, mostAddress)
		if _, _, ok := d.point(); d.pinned() && !ok {
			found[nameLatitude] = t("compose.place.wrong")
		}
	}
	return found
}

func questions(kind *category) []question {
	if kind == nil {
		return nil
	}
	return kind.Questions
}

// stopped is what an answer that ends the form says; empty if none does.
func stopped(d draft, kind *category) string {
	for _, q := range questions(kind) {
		for _, c := range q.Choices {
			if c.Stop != nil && c.Value == d.Answers[q.Code] {
				return *c.Stop
			}
		}
	}
	return ""
}

// place is where a refusal of the API belongs: the step, and the field on it.
func place(field string) (step, name string) {
	switch field {
	case "title":
		return stepStory, nameTitle
	case "body":
		return stepStory, nameBody
	case "category", "answers":
		return stepKind, nameOther
	case "location":
		return stepPlace, nameLatitude
	case "media":
		return stepSend, nameMedia
	case "visibility":
		return stepSend, nameVisibility
	}
	return "", ""
}
