package scrub

// Config is empty so far: the zero value is the whole scrubber.
type Config struct{}

// Span is a stretch that was taken out. Start and End are Unicode code points of the original text, End exclusive.
type Span struct {
	Kind        Kind
	Start, End  int
	Text        string // as it stood in the original
	Replacement string
}

// Result is what scrubbing a text comes to. Removed is in order and does not overlap; Warnings are message keys, without repeats.
type Result struct {
	Text     string
	Removed  []Span
	Warnings []string
}

// Scrubber scrubs texts.
type Scrubber struct{}

// New makes a Scrubber. The first one reads the word lists and weights, so that no report waits for them.
func New(Config) *Scrubber {
	vocabulary()
	fitted()
	return &Scrubber{}
}

// numberRules find what identifies whoever it belongs to; they need no reporter.
var numberRules = []func(*page){findNumbers, findEmails, findAddressesOfMachines, findPassports, findAccountCodes}

// ownRules find what is the reporter's own or the reporter's family's. Later ones lean on what earlier ones found: a name that was
// found once is taken out everywhere, and what stands beside the reporter's name is likely the reporter's.
var ownRules = []func(*page){
	markGiven, findWorkplaceIDs, findBirthdates, findSelfNames, findRelatives, findAppositions, findNamesOfPapers, findListedPeople, findClosingNames, findContactNames, findChains,
	findLetterhead, findSmallNames, findTagged, findNamesAgain, findHomes, findPlates, findHandles,
}

// Scrub takes out everything that identifies the reporter, except where a stretch of keep stands word for word.
func (s *Scrubber) Scrub(text string, keep []string) Result {
	p := open(text)
	defer p.close()
	p.apply(numberRules)
	p.apply(ownRules)
	result := p.result(keep)
	result.Warnings = p.warnings()
	return result
}

// Numbers takes out numbers and electronic addresses alone: for texts that are no prose, like the address of a place.
func (s *Scrubber) Numbers(text string) Result {
	p := open(text)
	defer p.close()
	p.apply(numberRules)
	return p.result(nil)
}
