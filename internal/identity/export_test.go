package identity

import "context"

// ReadRevoked is one poll of Run's, when a test wants it.
func ReadRevoked(g *Gate, ctx context.Context) error { return g.revoked.read(ctx) }
