package sfu

import "sync/atomic"

// counters count since Listen, for all rooms.
type counters struct {
	in, out, resent, nacks, plis, broken atomic.Uint64
}

// Stats is what the server has done since Listen, and has now. It names nobody.
type Stats struct {
	Rooms                                int
	Participants                         int    // whose transport has not failed
	PacketsIn, PacketsOut, PacketsResent uint64 // RTP
	NacksSent, KeyframeRequests          uint64 // NACKs counted in packets asked for
	BrokenRTCP                           uint64
	Dropped                              uint64 // datagrams that the kernel did not take
}

// Stats counts.
func (s *Server) Stats() Stats {
	st := Stats{
		PacketsIn: s.counters.in.Load(), PacketsOut: s.counters.out.Load(), PacketsResent: s.counters.resent.Load(),
		NacksSent: s.counters.nacks.Load(), KeyframeRequests: s.counters.plis.Load(), BrokenRTCP: s.counters.broken.Load(),
	}
	for _, sock := range s.sockets {
		st.Dropped += sock.Stats().Dropped
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	st.Rooms, st.Participants = len(s.rooms), len(s.ufrags)
	return st
}
