package sfu

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"net"
	"net/netip"

	"github.com/pion/stun/v4"
)

// ICE-lite (RFC 8445 §2.5): the page makes all checks, we answer those that carry our
// password and send media where it nominates. A page whose address changes checks from
// the new one under the same credentials and nominates it: no restart, no new handshake.

// credentials are one transport's ICE username fragment and password.
type credentials struct {
	ufrag, pwd string
	key        stun.MessageIntegrity
}

func newCredentials() credentials {
	// RFC 8839 §5.4: at least 24 bits of ufrag and 128 bits of password, of ice-chars.
	var raw [30]byte
	rand.Read(raw[:]) // never fails (crypto/rand)
	// '-' and '_' are no ice-chars, '+' and '/' are.
	s := base64.RawStdEncoding.EncodeToString(raw[:])
	c := credentials{ufrag: s[:12], pwd: s[12:]}
	c.key = stun.NewShortTermIntegrity(c.pwd)
	return c
}

// binding is a connectivity check that was addressed to a transport of ours.
type binding struct {
	t         *transport
	response  []byte
	nominated bool
}

// answerCheck answers a STUN binding request (RFC 8445 §7.3). It returns nil for what is
// not a check of a transport that we have: no answer, so that nobody can probe for names.
func (s *Server) answerCheck(raw []byte, from netip.AddrPort) *binding {
	m := stun.Message{Raw: raw}
	if err := m.Decode(); err != nil || m.Type != stun.BindingRequest {
		return nil
	}
	name, err := m.Get(stun.AttrUsername)
	if err != nil {
		return nil
	}
	local, _, ok := bytes.Cut(name, []byte{':'})
	if !ok {
		return nil
	}
	t := s.byUfrag(string(local))
	if t == nil || t.ice.key.Check(&m) != nil {
		return nil
	}
	reply := &stun.Message{TransactionID: m.TransactionID}
	setters := []stun.Setter{
		stun.BindingSuccess,
		&stun.XORMappedAddress{IP: net.IP(from.Addr().AsSlice()), Port: int(from.Port())},
		t.ice.key,
		stun.Fingerprint,
	}
	controlled := m.Contains(stun.AttrICEControlled)
	if controlled {
		// RFC 8445 §7.3.1.1: a lite agent is never the controlling one.
		setters = []stun.Setter{stun.BindingError, stun.CodeRoleConflict, t.ice.key, stun.Fingerprint}
	}
	if err := reply.Build(append([]stun.Setter{stun.NewTransactionIDSetter(m.TransactionID)}, setters...)...); err != nil {
		return nil
	}
	return &binding{t: t, response: reply.Raw, nominated: !controlled && m.Contains(stun.AttrUseCandidate)}
}
