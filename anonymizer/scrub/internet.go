package scrub

import "net/netip"

// findAddressesOfMachines finds IPv4 and IPv6 addresses. Budget codes, versions and amounts look alike, but have leading zeros, another
// number of parts, or Rp before them.
func findAddressesOfMachines(p *page) {
	past := 0
	if p.dotted >= 3 {
		for i := range p.awake(wNumber) {
			if end := p.ipv4(i); end > past && i >= past {
				p.take(IP, i, end)
				past = end
			}
		}
	}
	if p.colons == 0 {
		return
	}
	for i := 0; i < len(p.tokens); i++ {
		if end := p.ipv6(i); end > 0 && !p.taken(i, end) {
			p.take(IP, i, end)
			i = end - 1
		}
	}
}

func (p *page) ipv4(i int) int {
	if i+6 >= len(p.tokens) || p.tokens[i+1].sign != '.' || p.tokens[i].kind != number || i > 0 && p.tokens[i].glued && p.punct(i-1, ".,") && p.tokens[i-1].glued {
		return 0
	}
	for part := range 4 {
		k := i + 2*part
		t := p.at(k)
		size := int(t.end - t.start)
		if t.kind != number || part > 0 && !t.glued || size > 3 || size > 1 && p.text[t.start] == '0' || size == 3 && p.text[t.start:t.end] > "255" {
			return 0
		}
		if part < 3 && !(p.punct(k+1, ".") && p.at(k+1).glued) {
			return 0
		}
	}
	end := i + 7
	if p.punct(end, ".,") && p.at(end).glued && p.at(end+1).kind == number && p.at(end+1).glued {
		return 0
	}
	if p.is(i-1, nMoney) || p.punct(i-1, ".") && p.is(i-2, nMoney) || p.is(end, nMoney) || p.lower(i-1) == "versi" || p.lower(i-1) == "v" {
		return 0
	}
	return end
}

// longestIPv6 is how many tokens an address may have.
const longestIPv6 = 40

func (p *page) ipv6(i int) int {
	if !p.hexadecimal(i) && !p.punct(i, ":") || i > 0 && p.tokens[i].glued && (p.tokens[i-1].kind != mark || p.punct(i-1, ":.")) {
		return 0
	}
	end, colons := i, 0
	for end < len(p.tokens) && end-i < longestIPv6 && (end == i || p.tokens[end].glued) && (p.hexadecimal(end) || p.punct(end, ":.")) {
		if p.punct(end, ":") {
			colons++
		}
		end++
	}
	for end > i && p.punct(end-1, ".") {
		end--
	}
	if colons < 2 {
		return 0
	}
	text := p.text[p.tokens[i].start:p.tokens[end-1].end]
	if len(text) < 6 {
		return 0
	}
	if address, err := netip.ParseAddr(text); err != nil || !address.Is6() {
		return 0
	}
	return end
}

func (p *page) hexadecimal(i int) bool {
	t := p.at(i)
	if t.kind == mark || t.kind == 0 {
		return false
	}
	for k := t.start; k < t.end; k++ {
		if !hexadecimal[p.text[k]] {
			return false
		}
	}
	return true
}

var hexadecimal = func() (table [256]bool) {
	for _, c := range "0123456789abcdefABCDEF" {
		table[c] = true
	}
	return table
}()
