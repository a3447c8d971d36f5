package guess

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// How much of an address tells neighbourhoods apart: what one household or one rented server has, and not a single address of it.
const (
	bitsIPv4 = 24
	bitsIPv6 = 48
)

// origin is where a request comes from. X-Forwarded-For is read from the right, as far as those who wrote it are trusted: what a caller
// puts into it lies further left. The zero Addr says that it cannot be told.
func origin(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := peer.Addr().Unmap()
	if len(trusted) == 0 {
		return from
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !slices.ContainsFunc(trusted, func(network netip.Prefix) bool { return network.Contains(from) }) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		from = before.Unmap()
	}
	return from
}

// neighbourhood is the network that an address is counted with; not valid for the zero Addr.
func neighbourhood(address netip.Addr) netip.Prefix {
	bits := bitsIPv6
	if address.Is4() {
		bits = bitsIPv4
	}
	network, err := address.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}
