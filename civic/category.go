package civic

// Category is a kind of problem and the promise that goes with it.
type Category struct {
	ID              CategoryID
	Code            string
	Name            Words
	Parent          *CategoryID
	Department      DepartmentID // who gets such reports
	ResponseHours   int          // working hours until the first answer is due
	ResolutionHours int          // working hours until it should be solved
	Questions       []Question
	Keywords        []string // lower case; a report without a category is routed by them
	ProofRequired   bool     // resolving it takes a photo
	PublicOnMap     bool
	Sensitive       bool // corruption, violence...: the form proposes an anonymous report
	Retired         bool // its reports keep it; no new one gets it
}

// Question is what the form asks besides the text.
type Question struct {
	Code     string   `json:"code"`
	Label    Words    `json:"label"`
	Required bool     `json:"required"`
	Choices  []Choice `json:"choices,omitempty"`
}

// Choice is one answer; a choice with Stop ends the form with that message (call 112, or this is another body's work).
type Choice struct {
	Value string `json:"value"`
	Label Words  `json:"label"`
	Stop  *Words `json:"stop,omitempty"`
}
