package protocol

// Photo is a picture of a wound as a reader is shown it, in the call and in the API: what is known
// of it, and what is drawn on it. The picture itself is read over the API. It is health data: it
// stands in no log, and is sent to nobody who may not see it. FHIR R4 Media.
type Photo struct {
	ID         string `json:"id"`
	Version    int64  `json:"version"`
	Wound      string `json:"wound"`  // id of the wound; empty: it belongs to none yet
	Status     string `json:"status"` // "final", or "entered-in-error": it counts for nothing
	Width      int    `json:"width"`  // in pixels, as the picture stands upright
	Height     int    `json:"height"`
	Bytes      int64  `json:"bytes"`
	TakenAt    int64  `json:"takenAt"`    // ms since 1970, UTC
	ReceivedAt int64  `json:"receivedAt"` // when it came to the service
	By         string `json:"by"`         // name of who took it, as it was then
	Role       string `json:"role"`       // of who took it: a Role, or "machine"
	AskedBy    string `json:"askedBy"`    // name of who asked for it; empty: nobody
	// Consultation is the call in which it was taken; empty: none.
	Consultation string  `json:"consultation"`
	PixelsPerCm  float64 `json:"pixelsPerCm"` // of the picture's own pixels; 0: it has no scale
	// Scale is what PixelsPerCm comes of: x1, y1, x2, y2 from 0 to 1 of the picture, and how many cm lie between.
	Scale    *[]float64 `json:"scale"`
	Drawings []Drawing  `json:"drawings"` // in the order in which they were made
	// Area, Longest and Widest are of the latest outline, where the picture has a scale: cm², and cm along the
	// wound's longest line and square to it.
	Area    *float64 `json:"area"`
	Longest *float64 `json:"longest"`
	Widest  *float64 `json:"widest"`
	// Corrected tells who has said last that it shows another wound, or is wrong; left out where nobody has.
	Corrected *Corrected `json:"corrected,omitempty"`
}

// Drawing is one stroke on a photo. It lies over the picture, which is never changed.
type Drawing struct {
	ID     string    `json:"id"`
	Shape  string    `json:"shape"`  // "line", "arrow", or "outline": a closed one, round the wound
	Colour string    `json:"colour"` // "blue", "white" or "yellow"
	Points []float64 `json:"points"` // x and y by turns, from 0 to 1 of the picture as it stands upright
	By     string    `json:"by"`     // name of who drew it, as it was then
	Role   string    `json:"role"`
	At     int64     `json:"at"` // ms since 1970, UTC
	Note   string    `json:"note"`
}
