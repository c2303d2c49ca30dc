package forward

import (
	"encoding/binary"
	"time"
)

// CacheConfig bounds the cache of one layer. The zero value is for pictures.
type CacheConfig struct {
	MaxBytes   int           // most memory for packets; 0 means 384 KiB
	MaxPackets int           // most packets, a power of two; 0 means 2048. 64 is right for sound
	Window     time.Duration // memory grows while what would be lost is younger; 0 means 1.5 s
	GOPPackets int           // longest group of pictures that is given to newcomers; 0 means 160
}

// Cache keeps the last packets of one incoming stream, whole, for retransmission and for
// newcomers. It begins small and doubles while it must.
type Cache struct {
	cfg CacheConfig

	// arena is a ring of records, each a header (sequence number, length) and a packet, in the
	// order of their coming. A record doesn't wrap: what is left at the end is skipped.
	arena      []byte
	head, tail int  // next record to write, oldest record
	stored     int  // records
	wrapped    bool // head is behind tail

	index []cached // by sequence number; its length is a power of two

	began  bool
	newest uint16
	keyed  bool // a keyframe came lately; the next two belong to it
	key    uint16
	keyTS  uint32
}

// cached is one packet's place. 24 bytes.
type cached struct {
	arrival Time
	ts      uint32
	at      uint32 // of the record in the arena
	seq     uint16
	size    uint16 // of the packet; 0: the place is free
	marker  bool
}

const (
	recordHeader = 4
	skipRecord   = 0xffff // length that says: go on at the arena's beginning
	arenaMin     = 32 << 10
	indexMin     = 64
	farBack      = 1 << 12 // a packet that much older is not late, its sender began anew
)

// NewCache makes an empty cache; it takes its first memory with the first packet.
func NewCache(cfg CacheConfig) *Cache {
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = 384 << 10
	}
	if cfg.MaxPackets <= 0 {
		cfg.MaxPackets = 2048
	}
	if cfg.Window <= 0 {
		cfg.Window = 1500 * time.Millisecond
	}
	if cfg.GOPPackets <= 0 {
		cfg.GOPPackets = 160
	}
	return &Cache{cfg: cfg}
}

// Put copies the packet. keyframe: it begins a keyframe (Keyframe). A packet longer than the
// cache, or than 65534 bytes, is not kept.
func (c *Cache) Put(p *Packet, keyframe bool, arrival Time) {
	size := len(p.Raw)
	if size == 0 || size >= skipRecord || !c.room(recordHeader+size, arrival) {
		return
	}
	e := c.place(p.Sequence, arrival)
	if e == nil {
		return
	}
	record := c.arena[c.head:]
	binary.BigEndian.PutUint16(record, p.Sequence)
	binary.BigEndian.PutUint16(record[2:], uint16(size))
	copy(record[recordHeader:], p.Raw)
	*e = cached{
		arrival: arrival, ts: p.Timestamp, at: uint32(c.head),
		seq: p.Sequence, size: uint16(size), marker: p.Marker,
	}
	c.head += recordHeader + size
	c.stored++
	c.follow(p, keyframe)
}

// follow keeps the newest packet and the newest keyframe's first.
func (c *Cache) follow(p *Packet, keyframe bool) {
	d := int16(p.Sequence - c.newest)
	if !c.began || d < -farBack {
		c.began, c.newest, c.keyed = true, p.Sequence, false
	} else if d > 0 {
		c.newest = p.Sequence
		// Long gone, and soon it would look new.
		c.keyed = c.keyed && c.newest-c.key < 1<<14
	}
	if !keyframe {
		return
	}
	later := int16(p.Sequence-c.key) > 0
	switch {
	case c.keyed && p.Timestamp == c.keyTS:
		// Parameters and slices of one picture each count as its beginning; the first is.
		if !later {
			c.key = p.Sequence
		}
	case !c.keyed || later:
		c.keyed, c.key, c.keyTS = true, p.Sequence, p.Timestamp
	}
}

// Get is the whole packet with the given sequence number, nil if it isn't there any more. It
// points into the cache and is good until the next Put.
func (c *Cache) Get(seq uint16) []byte {
	e := c.find(seq)
	if e == nil {
		return nil
	}
	return c.packet(e)
}

// Since calls f, until it says false, for the packets there are after the one with sequence number seq, in order.
// They point into the cache: no Put meanwhile.
func (c *Cache) Since(seq uint16, f func(pkt []byte, arrival Time) bool) {
	if !c.began || int16(c.newest-seq) > farBack {
		return
	}
	for int16(c.newest-seq) > 0 {
		seq++
		if e := c.find(seq); e != nil && !f(c.packet(e), e.arrival) {
			return
		}
	}
}

func (c *Cache) packet(e *cached) []byte {
	at := int(e.at) + recordHeader
	return c.arena[at : at+int(e.size) : at+int(e.size)]
}

func (c *Cache) find(seq uint16) *cached {
	if len(c.index) == 0 {
		return nil
	}
	if e := c.slot(seq); e.size != 0 && e.seq == seq {
		return e
	}
	return nil
}

func (c *Cache) slot(seq uint16) *cached { return &c.index[int(seq)&(len(c.index)-1)] }

// Bytes is the memory held, index included.
func (c *Cache) Bytes() int { return len(c.arena) + len(c.index)*24 }

// place is the index entry for a packet about to be written; nil if it is too old to be kept.
func (c *Cache) place(seq uint16, arrival Time) *cached {
	if len(c.index) == 0 {
		c.index = make([]cached, min(indexMin, c.cfg.MaxPackets))
	}
	for {
		e := c.slot(seq)
		if e.size == 0 || e.seq == seq {
			return e
		}
		if d := int(int16(e.seq - seq)); d > 0 && d < farBack {
			return nil
		}
		if len(c.index) >= c.cfg.MaxPackets || arrival.Sub(e.arrival) >= c.cfg.Window {
			return e
		}
		old := c.index
		c.index = make([]cached, 2*len(old))
		for i := range old {
			if old[i].size != 0 {
				*c.slot(old[i].seq) = old[i]
			}
		}
	}
}

// room makes head a place for n bytes: it lets go of the oldest packets, or doubles the arena
// while they are still of use.
func (c *Cache) room(n int, now Time) bool {
	if n > c.cfg.MaxBytes {
		return false
	}
	if len(c.arena) == 0 {
		// Sound, of few and small packets, begins smaller.
		c.arena = make([]byte, min(arenaMin, c.cfg.MaxBytes, 128*c.cfg.MaxPackets))
	}
	for {
		if c.stored == 0 {
			c.head, c.tail, c.wrapped = 0, 0, false
		}
		switch {
		case c.wrapped:
			if c.head+n <= c.tail {
				return true
			}
		case c.head+n <= len(c.arena):
			return true
		case n <= c.tail:
			if len(c.arena)-c.head >= recordHeader {
				binary.BigEndian.PutUint16(c.arena[c.head+2:], skipRecord)
			}
			c.head, c.wrapped = 0, true
			return true
		}
		if len(c.arena) < c.cfg.MaxBytes && (c.stored == 0 || c.precious(now)) {
			c.grow()
		} else {
			c.drop()
		}
	}
}

// oldest is the index entry of the oldest record; nil if another packet took it over.
func (c *Cache) oldest() *cached {
	e := c.slot(binary.BigEndian.Uint16(c.arena[c.tail:]))
	if e.size == 0 || int(e.at) != c.tail {
		return nil
	}
	return e
}

// precious says whether memory should grow rather than lose the oldest packet: it is young, or in
// a group of pictures that is given to newcomers.
func (c *Cache) precious(now Time) bool {
	e := c.oldest()
	if e == nil {
		return false
	}
	return now.Sub(e.arrival) < c.cfg.Window ||
		c.keyed && e.seq-c.key <= c.newest-c.key && int(c.newest-c.key) < c.cfg.GOPPackets
}

// drop lets go of the oldest record. There is one.
func (c *Cache) drop() {
	if e := c.oldest(); e != nil {
		e.size = 0
	}
	c.tail = c.after(c.tail)
	c.stored--
}

// after is the place of the record behind the one at the given place.
func (c *Cache) after(at int) int {
	at += recordHeader + int(binary.BigEndian.Uint16(c.arena[at+2:]))
	if !c.wrapped {
		return at
	}
	if len(c.arena)-at < recordHeader || binary.BigEndian.Uint16(c.arena[at+2:]) == skipRecord {
		c.wrapped = false
		return 0
	}
	return at
}

// grow doubles the arena and lays the records out from its beginning.
func (c *Cache) grow() {
	bigger := make([]byte, min(2*len(c.arena), c.cfg.MaxBytes))
	head, kept := 0, 0
	for ; c.stored > 0; c.stored-- {
		size := recordHeader + int(binary.BigEndian.Uint16(c.arena[c.tail+2:]))
		if e := c.oldest(); e != nil {
			copy(bigger[head:], c.arena[c.tail:c.tail+size])
			e.at = uint32(head)
			head += size
			kept++
		}
		c.tail = c.after(c.tail)
	}
	c.arena = bigger
	c.head, c.tail, c.stored, c.wrapped = head, 0, kept, false
}
