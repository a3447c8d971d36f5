package mail

import (
	_ "embed" // letter.html
	"html/template"
	"strings"
)

//go:embed letter.html
var page string

var layout = template.Must(template.New("letter").Parse(page))

// Text is what a letter says, in the language of its reader; each word is said already.
type Text struct {
	Language    string
	Title       string   // also the subject
	Lines       []string // what happened, oldest first
	Link, Open  string   // where to see it; empty for nowhere
	Why         string   // why somebody gets it
	Unsubscribe string
	Stop        string
}

// Write makes plain text and HTML of it.
func (t Text) Write() (text, html string, err error) {
	var plain, marked strings.Builder
	for _, line := range t.Lines {
		plain.WriteString(line + "\n\n")
	}
	if t.Link != "" {
		plain.WriteString(t.Open + ": " + t.Link + "\n\n")
	}
	plain.WriteString("-- \nJagaWarga. " + t.Why + "\n")
	if t.Unsubscribe != "" {
		plain.WriteString(t.Stop + ": " + t.Unsubscribe + "\n")
	}
	err = layout.Execute(&marked, t)
	return plain.String(), marked.String(), err
}
