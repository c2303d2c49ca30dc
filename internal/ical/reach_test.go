package ical

import (
	"errors"
	"net/netip"
	"testing"
)

func TestWhatIsOutside(t *testing.T) {
	for _, s := range []string{"93.184.215.14", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "223.255.255.255", "2606:2800:21f::1", "2a02:c0::1"} {
		if !outside(netip.MustParseAddr(s)) {
			t.Errorf("%s is not outside", s)
		}
	}
	for _, s := range []string{"100.64.0.0", "100.127.255.255", "172.31.255.255", "::ffff:8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "2002:808:808::1", "2001::1", "2001:1ff::1", "1fff::1", "4000::1", "fc00::1"} {
		if outside(netip.MustParseAddr(s)) {
			t.Errorf("%s is outside", s)
		}
	}
	if outside(netip.Addr{}) {
		t.Error("no address is outside")
	}
}

// The dialler itself looks once more, at what it is about to connect to.
func TestTheSocketIsCheckedWhoeverHasChosenItsAddress(t *testing.T) {
	for address, ok := range map[string]bool{"93.184.215.14:443": true, "[2606:2800:21f::1]:443": true, "127.0.0.1:443": false, "[::1]:443": false, "[::ffff:10.0.0.1]:443": false, "host:443": false} {
		err := control("tcp", address, nil)
		bad, invalid := errors.AsType[*Invalid](err)
		if (err == nil) != ok || !ok && (!invalid || bad.Rule != RuleInside) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
