package civic

// Department is one office of the city; departments form one tree under the head authority.
type Department struct {
	ID     DepartmentID
	Code   string
	Name   Words
	Parent *DepartmentID // nil for the head authority
	Level  int           // 0 is a field unit; the head authority has the highest
	// Retired: it keeps the reports that it has, gets no new ones and is listed nowhere.
	Retired bool
}

// Words is a short text in both languages of the city.
type Words struct {
	ID string `json:"id"` // Bahasa Indonesia
	EN string `json:"en"`
}

// In picks a language: "en" is English, everything else Bahasa Indonesia.
func (w Words) In(language string) string {
	if language == "en" && w.EN != "" {
		return w.EN
	}
	return w.ID
}
