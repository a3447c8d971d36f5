package scrub

// The message keys of warnings: what no rule can take out, and only the reporter can judge.
const (
	WarnOnlyYou   = "scrub.only_you_know"   // something that only a few people can know
	WarnWorkplace = "scrub.workplace"       // the reporter's place in an office
	WarnNeighbour = "scrub.neighbour"       // lives beside the problem
	WarnOwnWords  = "scrub.quoted_messages" // messages quoted word for word
)

// warnings says what in the text may still point at the reporter.
func (p *page) warnings() []string {
	only, work, near, quote := false, false, false, false
	for i := range p.awake(wWarning) {
		switch p.lower(i) {
		case "hanya", "cuma", "satunya", "sendirian":
			only = only || p.is(i+1, cSelf) || p.is(i-1, cSelf) || p.lower(i) == "satunya" && p.selfNear(i, 6)
		case "atasan", "bawahan", "sekantor", "seruangan", "rekan", "bos", "boss", "mantan", "shift", "bagian":
			work = work || p.is(i+1, cSelf) || p.selfNear(i, 3)
		case "seberang", "seberangnya", "tetangga", "sebelah", "samping":
			near = near || p.is(i+1, cSelf) || p.selfNear(i, 5)
		case "chat", "pesan", "screenshot", "sms", "rekaman":
			quote = true
		}
		if p.is(i, cRole) && p.is(i-1, cSelf) && p.standsAlone(i-1) {
			work = true
		}
	}
	var keys []string
	for _, w := range []struct {
		raised bool
		key    string
	}{{only, WarnOnlyYou}, {work, WarnWorkplace}, {near, WarnNeighbour}, {quote, WarnOwnWords}} {
		if w.raised {
			keys = append(keys, w.key)
		}
	}
	return keys
}
