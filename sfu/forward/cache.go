package forward

import "time"

// CacheConfig bounds the cache of one layer. The zero value is for pictures.
type CacheConfig struct {
	MaxBytes   int           // most memory for packets; 0 means 384 KiB
	MaxPackets int           // most packets; 0 means 2048. 64 is right for sound
	Window     time.Duration // memory grows while what would be lost is younger; 0 means 1.5 s
	GOPPackets int           // longest group of pictures that is given to newcomers; 0 means 160
}

// Cache keeps the last packets of one incoming stream, whole, for retransmission and for
// newcomers. It begins small and doubles while it must.
type Cache struct{}

// NewCache makes an empty cache; it takes its first memory with the first packet.
func NewCache(cfg CacheConfig) *Cache { panic("todo") }

// Put copies the packet. keyframe: it begins a keyframe (Keyframe).
func (c *Cache) Put(p *Packet, keyframe bool, arrival Time) { panic("todo") }

// Get is the whole packet with the given sequence number, nil if it isn't there any more. It
// points into the cache and is good until the next Put.
func (c *Cache) Get(seq uint16) []byte { panic("todo") }

// Group describes the pictures that GOP or Keyframe would yield.
type Group struct {
	Packets       int
	Frames        int    // pictures, the last perhaps still coming in
	First         uint16 // sequence numbers
	Last          uint16
	LastTimestamp uint32 // of the last picture
	LastArrival   Time   // of that picture's first packet
	Still         bool   // a keyframe whose successors are missing or too many
}

// Last describes what a newcomer should be fed: the whole last group of pictures if
// it is complete and short enough, else the last keyframe alone (Still), else nothing.
func (c *Cache) Last() (Group, bool) { panic("todo") }

// Yield calls f for the packets of the group in order until f says false. The
// packets point into the cache: no Put meanwhile.
func (c *Cache) Yield(g Group, f func(pkt []byte, arrival Time) bool) { panic("todo") }

// Bytes is the memory held, index included.
func (c *Cache) Bytes() int { panic("todo") }
