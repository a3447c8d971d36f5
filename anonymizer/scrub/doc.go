// Package scrub takes out of a citizen's report what tells who wrote it, and leaves in what the report is about: the accused, the
// place, amounts, dates, laws and ticket numbers.
//
// A text passes four stations. The front (front.go, fold.go) undoes disguises and remembers where every byte came from. The tokens
// (token.go, lexicon.go, dictionary.go) are words and numbers with what the lexicon knows about them. The rules, one a file, mark
// stretches: numbers by their shape, check digits and the word before them; names, homes, plates and the like by the grammar of
// Indonesian self-reference ("nama saya", "istri saya", "hormat saya"), and where that says nothing by whom the text spoke of last (person.go).
// What no rule has a phrase for the tagger reads (tagger.go): a linear chain over the tokens, its weights fitted to the annotated texts of
// testdata; tagged.go takes what it finds unless the grammar speaks against it. It looks only at the tokens that may be a name or an
// address near a word that speaks of the reporter.
//
// At last span.go joins the marks, puts back what the reporter
// wants to keep, and writes the text with short marks in place of what is gone.
//
// Most words concern no rule, so each word of the lexicon says which rules it wakes (wake.go, lexicon/cues.txt), and a rule looks at
// those alone: a text with nothing to find costs little more than being read. Everything is a hand-written scan whose look-back and
// look-ahead are bounded, so the work grows linearly with the text whatever the text is.
//
// Whoever knows the writer, as the server does on the path with an account, takes name and telephone out beforehand (known.go) and hands on
// blanks (blank.go), which the rules treat as what they stand for.
//
// A Scrubber is safe for use by many at once. Buffers are used again and wiped before that: no text outlives its call.
package scrub
