package scrub

// homeOfSelf takes the whole sentence "Saya di Jl. Tamansari No. 20."; where it goes on, the place is where something happened.
func (p *page) homeOfSelf(i int) {
	if !p.is(i, cSelf) || !p.opens(i) && !p.punct(i-1, ":") || p.lower(i+1) != "di" || !p.addressHead(i+2) {
		return
	}
	if end := p.addressEnd(i + 2); p.hasFigure(i+2, end) && (end >= len(p.tokens) || p.punct(end, ".!") || p.punct(end, ",") || p.at(end).newline) {
		p.take(HomeAddress, i+2, end)
	}
}

// homeInApposition takes the address in "Saya ikut terdampak langsung, Gang Mawar No. 3 RT 02.": a short sentence about the reporter,
// a comma, and an address with a number that ends the sentence.
func (p *page) homeInApposition(i int) {
	if !p.is(i, cSelf) || !p.opens(i) || p.lower(i) == "kami" || p.lower(i) == "kita" {
		return
	}
	for k, n := i+1, 0; n < 8; k, n = k+1, n+1 {
		if p.punct(k, ",") {
			if end := p.addressEnd(k + 1); p.addressHead(k+1) && p.hasFigure(k+1, end) && p.closes(end) && !p.punct(end, ",") {
				p.take(HomeAddress, k+1, end)
			}
			return
		}
		if t := p.at(k); t.kind != word || t.newline || t.capital {
			return
		}
		switch p.lower(k) {
		case "di", "ke", "lihat", "liat", "melihat", "lewat", "lapor", "melaporkan", "temukan", "menemukan", "melintas":
			return
		}
	}
}

// homeBefore takes the address that stands before "(rumah saya)" or ", itu rumah saya".
func (p *page) homeBefore(i int) {
	switch p.lower(i) {
	case "rumah", "kos", "kosan", "kontrakan", "alamat", "rmh", "rumahku", "kediaman":
	default:
		return
	}
	if !p.is(i+1, cSelf) && !p.is(i, cKu) || p.addressHead(p.pastTo(i+1)) {
		return
	}
	if p.is(i-1, nNumber) && p.at(i+2).kind == number { // "nomor rumah saya 17B"
		end := i + 3
		if p.at(end).glued && p.at(end).kind == word && p.at(end).end-p.at(end).start == 1 {
			end++
		}
		p.take(HomeAddress, i+2, end)
		return
	}
	end := i
	for end > 0 && (p.punct(end-1, "(,-") || p.lower(end-1) == "itu" || p.lower(end-1) == "adalah") {
		end--
	}
	if end == i {
		return
	}
	start := -1
	for k := end - 1; k >= 0 && end-k < 24; k-- {
		if p.addressHead(k) && p.addressEnd(k) == end {
			start = k
		}
		if p.tokens[k].newline {
			break
		}
	}
	if start >= 0 && !p.taken(start, end) {
		p.take(HomeAddress, start, end)
	}
}

// names are the hits that are the reporter's name.
func (p *page) names() []int {
	var ends []int
	for i, kind := range p.covered {
		if kind == SelfName && (i+1 == len(p.covered) || p.covered[i+1] != SelfName) {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// homeBehindName takes the address that follows the reporter's name: "Saya, Chandra Halim, Wonokusumo Jaya XI/34", "abdi Dadang ti Kp. ...".
func (p *page) homeBehindName(k int) {
	if p.punct(k, ",(-/") && !p.at(k).newline {
		k++
	}
	if p.lower(k) == "warga" && (p.is(k+1, cStreet) && (p.lower(k+1) == "rt" || p.lower(k+1) == "desa" || p.lower(k+1) == "kelurahan" || p.lower(k+1) == "kel" || p.lower(k+1) == "kampung" || p.lower(k+1) == "kp")) {
		return // a neighbourhood is the place of many
	}
	if p.lower(k) == "anak" && p.at(k+1).capital && p.lower(k+2) == "asli" { // "anak Betawi asli"
		k += 2
	}
	for n := 0; n < 4; n++ { // "Paijo, tiyang alit saking Dukuh Karanganom RT 4"
		if p.is(k+n, cOrigin) && p.houseNumbered(k+n+1) {
			k += n
			break
		}
		if t := p.at(k + n); t.kind != word || t.capital || t.newline {
			break
		}
	}
	for n := 0; n < 3 && (p.is(k, cOrigin) || p.is(k, cLives) && p.lower(k) != "kontrak" || p.lower(k) == "alamat" || p.lower(k) == "di" || p.lower(k) == "of" || p.lower(k) == "ing"); n++ {
		k++
	}
	if p.at(k).kind != word || p.taken(k, k+1) || p.at(k).newline && !(p.is(k, cStreetHead) && len(p.tokens)-k < longestClosing) {
		return
	}
	if (p.lower(k) == "no" || p.lower(k) == "nomor") && p.at(k+1).kind != number && p.at(k+2).kind != number {
		return // "nomor tiket ..."
	}
	end := p.addressEnd(k)
	if end <= k+1 || !p.hasFigure(k, end) && !p.region(k) && p.at(end).kind == word && !p.at(end).capital && !p.at(end).newline {
		return // "Andreas. Jl. Kenari rusak": the place of the problem
	}
	if p.at(k).shout && p.at(k).class&cStreet == 0 && p.at(k+1).kind == number {
		return // "CIF 0029114"
	}
	if (p.hasFigure(k, end) || p.smallPlace(k)) && (p.addressHead(k) || p.at(k).capital && p.at(k).class&(cStop|cContact|cRole|numberCues) == 0 && !p.is(k, cOrg)) {
		p.take(HomeAddress, k, end)
	}
}
