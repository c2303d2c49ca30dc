package ical

import "net/netip"

// outside says whether an address belongs to the internet, and not to this machine, this
// network, or something that leads back into it.
func outside(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	if a.Is4() {
		for _, p := range notOutside4 {
			if p.Contains(a) {
				return false
			}
		}
		return true
	}
	// RFC 4291 §2.4 and IANA: 2000::/3 is all that is given out. It leaves out ::1, the mapped
	// and compatible forms of IPv4, NAT64 (64:ff9b::/96), unique local, link-local, multicast.
	if !global6.Contains(a) {
		return false
	}
	for _, p := range notOutside6 {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

var global6 = netip.MustParsePrefix("2000::/3")

// notOutside4 is the IANA IPv4 Special-Purpose Address Registry (RFC 6890), with multicast.
var notOutside4 = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // RFC 6598: behind a provider's NAT
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"), // link-local; a cloud's metadata
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), // RFC 7526: 6to4's relays
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/4"),
	netip.MustParsePrefix("240.0.0.0/4"), // and broadcast
}

// notOutside6 is what of 2000::/3 is special (IANA IPv6 Special-Purpose Address Registry).
var notOutside6 = []netip.Prefix{
	netip.MustParsePrefix("2001::/23"), // Teredo, and others that hold an IPv4 address
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4
	netip.MustParsePrefix("3fff::/20"),
}
