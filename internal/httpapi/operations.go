package httpapi

import "github.com/danielgtaylor/huma/v2"

// registerAll adds every part of the API, each from its own file.
func (h *Handler) registerAll(api huma.API) {
	h.registerSession(api)
	h.registerMachines(api)
	h.registerDirectory(api)
	h.registerPatients(api)
	h.registerDay(api)
	h.registerLinks(api)
	h.registerTickets(api)
	h.registerAudit(api)
	h.registerMeasurements(api)
	h.registerPlan(api)
	h.registerSharing(api)
	h.registerQuestionnaires(api)
	h.registerWounds(api)
	h.registerPhotos(api)
	h.registerAsked(api)
	h.registerCalendar(api)
	h.registerBookings(api)
	h.registerHours(api)
	h.registerInterpreters(api)
	h.registerCalendarFiles(api)
}
