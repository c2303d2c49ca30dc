package httpapi

import "github.com/danielgtaylor/huma/v2"

// registerAll adds every part of the API, each from its own file.
func (h *Handler) registerAll(api huma.API) {
	h.registerAudit(api)
}
