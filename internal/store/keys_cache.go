package store

import (
	"container/list"
	"sync"
	"time"
)

// Of unwrapped keys. A kilobyte each, so that the cache stays below 20 MB; and after an
// erasure another node may read for so long what it has read just before.
const (
	maxCachedKeys = 20_000
	keyCacheTime  = 30 * time.Second
)

// keyCache holds unwrapped keys that were used not long ago; the least used is given up
// first. Its zero value is empty.
type keyCache struct {
	mu     sync.Mutex
	keys   map[string]*list.Element // of cachedKey
	recent list.List                // the last used first
}

type cachedKey struct {
	subject string
	key     subjectKey
	until   time.Time
}

func (c *keyCache) get(subject string, now time.Time) (subjectKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lookup(subject, now)
}

// missing returns the subjects that have no key in the cache, each once.
func (c *keyCache) missing(subjects []string, now time.Time) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	seen := make(map[string]bool, len(subjects))
	for _, s := range subjects {
		if _, ok := c.lookup(s, now); !ok && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// lookup is called with mu held.
func (c *keyCache) lookup(subject string, now time.Time) (subjectKey, bool) {
	e, ok := c.keys[subject]
	if !ok {
		return subjectKey{}, false
	}
	cached := e.Value.(cachedKey)
	if !now.Before(cached.until) {
		c.remove(e)
		return subjectKey{}, false
	}
	c.recent.MoveToFront(e)
	return cached.key, true
}

func (c *keyCache) put(subject string, key subjectKey, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil {
		c.keys = map[string]*list.Element{}
	}
	if e, ok := c.keys[subject]; ok {
		c.remove(e)
	}
	c.keys[subject] = c.recent.PushFront(cachedKey{subject, key, now.Add(keyCacheTime)})
	if c.recent.Len() > maxCachedKeys {
		c.remove(c.recent.Back())
	}
}

func (c *keyCache) drop(subject string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.keys[subject]; ok {
		c.remove(e)
	}
}

// remove is called with mu held.
func (c *keyCache) remove(e *list.Element) {
	delete(c.keys, e.Value.(cachedKey).subject)
	c.recent.Remove(e)
}
