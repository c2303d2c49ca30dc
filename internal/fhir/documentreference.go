package fhir

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// Photos keeps photos of wounds: clinical.Service.
type Photos interface {
	Wounds(ctx context.Context, by access.Actor, patient access.PersonID) (clinical.Wounds, error)
	Picture(ctx context.Context, by access.Actor, patient access.PersonID, id clinical.PhotoID, small bool) (clinical.Picture, error)
	WoundSources(ctx context.Context, by access.Actor, patient access.PersonID, ids []string) (map[string]clinical.WoundSource, error)
}

// DocumentReference is a photo of a wound. R4 also has Media for photos. This is what Norway has a base
// profile of and shares documents by (IHE MHD), what journals take pictures in as, and what R5 has kept:
// it has no Media any more. What that had more, a picture's width and height, its file itself tells.
type DocumentReference struct {
	Header
	Status      Code              `json:"status"`
	Category    []CodeableConcept `json:"category"`
	Subject     *Reference        `json:"subject"`
	Date        Instant           `json:"date"` // when it came here
	Author      []Reference       `json:"author"`
	Description string            `json:"description,omitempty"` // where the wound is
	Content     []DocumentContent `json:"content"`
	Context     *DocumentContext  `json:"context,omitempty"`
}

// DocumentContent is the picture.
type DocumentContent struct {
	Attachment Attachment `json:"attachment"`
}

// Attachment says where a picture is, and what it is.
type Attachment struct {
	ContentType Code     `json:"contentType"`
	URL         string   `json:"url"`
	Size        int64    `json:"size"`
	Creation    DateTime `json:"creation"` // when it was taken
}

// DocumentContext says what a picture belongs to.
type DocumentContext struct {
	Related []Reference `json:"related"` // the wound, by its own id, and the consultation
}

func (h *Handler) documentReferences() kind {
	return kind{
		name: "DocumentReference", profile: profileDocumentReference, see: access.WoundRead, read: h.readDocumentReference, search: h.searchDocumentReferences,
		params: []param{
			{name: "_id", sort: "token", doc: "the id, by itself"},
			{name: "patient", sort: "reference", doc: "whose; this, subject or patient.identifier is required", private: true},
			{name: "subject", sort: "reference", doc: "the same as patient", private: true},
			{name: "patient.identifier", sort: "token", doc: "system|number of an identity number, D-number or shared emergency number", private: true},
			{name: "date", sort: "date", doc: "when it came here: ge and lt, or one of them, by day or moment", often: true},
		},
		notes: "Photos of wounds, the newest first, wrong ones too. content is the picture as it was taken, a Binary, without the place and all else that the camera wrote beside it; " +
			"what is drawn over it stays here. context.related has the wound as an identifier of " + systemWound +
			", which Observations of it have as focus; those that were measured on a photo have it in derivedFrom.",
	}
}

func (h *Handler) binaries() kind {
	return kind{
		name: "Binary", see: access.WoundRead, picture: h.readBinary,
		notes: "A picture as it is, in its own type (R4 §2.38): never as JSON. Its id is its DocumentReference's.",
	}
}

// photoID names a photo by its patient too, with whom it is kept.
func photoID(patient access.PersonID, id clinical.PhotoID) string {
	return string(patient) + "." + string(id)
}

func patientAndPhoto(id string) (access.PersonID, clinical.PhotoID) {
	patient, photo, _ := strings.Cut(id, ".")
	return access.PersonID(patient), clinical.PhotoID(photo)
}

// photographed are a patient's photos that fit, the newest first.
func (h *Handler) photographed(ctx context.Context, by access.Actor, patient access.PersonID, fits func(clinical.Photo) bool) (out []*DocumentReference, err error) {
	wounds, err := h.cfg.Photos.Wounds(ctx, by, patient)
	if err != nil {
		return nil, err
	}
	add := func(site string, photos []clinical.Photo) {
		for _, p := range photos {
			if fits(p) {
				out = append(out, h.documentReference(p, site))
			}
		}
	}
	add("", wounds.Loose)
	for _, w := range wounds.All {
		add(w.Site, w.AllPhotos)
	}
	slices.SortFunc(out, func(a, b *DocumentReference) int {
		if c := Instant(b.Content[0].Attachment.Creation).time().Compare(Instant(a.Content[0].Attachment.Creation).time()); c != 0 {
			return c
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
	return out, nil
}

func (h *Handler) readDocumentReference(ctx context.Context, a *ask) (*answer, error) {
	patient, id := patientAndPhoto(a.id)
	all, err := h.photographed(ctx, a.by, patient, func(p clinical.Photo) bool { return p.ID == id })
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, clinical.ErrNotFound
	}
	version, _ := strconv.ParseInt(string(all[0].Meta.VersionID), 10, 64) // as header has written it
	return &answer{resource: all[0], version: version}, nil
}

func (h *Handler) searchDocumentReferences(ctx context.Context, a *ask) (*answer, error) {
	if name := a.one("_id"); name != "" {
		if len(a.given) > 1 {
			return nil, faultAt(400, IssueNotSupported, "http._id", "must stand by itself")
		}
		patient, id := patientAndPhoto(name)
		all, err := h.photographed(ctx, a.by, patient, func(p clinical.Photo) bool { return p.ID == id })
		if err != nil {
			return nil, err
		}
		return found(h, a, all, ""), nil
	}
	from, until, err := a.span("date", h.cfg.Zone)
	if err != nil {
		return nil, err
	}
	patient, err := h.searched(ctx, a)
	if err != nil {
		return nil, err
	}
	all, err := h.photographed(ctx, a.by, patient, func(p clinical.Photo) bool {
		return !p.Received.Before(from) && (until.IsZero() || p.Received.Before(until))
	})
	if err != nil {
		return nil, err
	}
	return found(h, a, all, ""), nil
}

// documentReference is a photo as a resource; site is its wound's, empty where it belongs to none.
func (h *Handler) documentReference(p clinical.Photo, site string) *DocumentReference {
	id := photoID(p.Patient, p.ID)
	out := &DocumentReference{
		Header: header("DocumentReference", id, p.Version, profileDocumentReference), Status: "current",
		// no-basis binds type to kinds of notes, of which it is none: it has a category alone.
		Category: []CodeableConcept{{Coding: []Coding{{System: systemLOINC, Code: "72170-4", Display: "Photographic image"}}, Text: "Bilde av sår"}},
		Subject:  &Reference{Reference: spell("Patient", p.Patient)}, Date: preciseOf(p.Received), Author: performers(p.Patient, p.By, ""), Description: site,
		Content: []DocumentContent{{Attachment{Code(p.Type), h.address("Binary", ID(id)), p.Bytes, DateTime(preciseOf(p.Taken))}}},
	}
	if p.Status == clinical.Wrong {
		out.Status = Code(clinical.Wrong)
	}
	changed := p.Received
	if p.Correction != nil {
		changed = latest(changed, p.Correction.At)
	}
	for _, d := range p.Drawings {
		changed = latest(changed, d.At)
	}
	out.Meta.LastUpdated = preciseOf(changed)
	var related []Reference
	if p.Wound != "" {
		related = append(related, woundReference(p.Wound, site))
	}
	if p.Consultation != "" {
		related = append(related, Reference{Reference: spell("Appointment", p.Consultation)})
	}
	if related != nil {
		out.Context = &DocumentContext{related}
	}
	return out
}

// woundReference names a wound, which is no resource here.
func woundReference(id clinical.WoundID, site string) Reference {
	return Reference{Identifier: &Identifier{System: systemWound, Value: string(id)}, Display: site}
}

// origins are what observations come of, as references, and the wounds that they are of; by the ids that they
// have it by.
type origins struct{ from, about map[string]Reference }

// origins looks for what observations of one patient come of.
func (h *Handler) origins(ctx context.Context, by access.Actor, all []clinical.Observation) (out origins, err error) {
	out = origins{map[string]Reference{}, map[string]Reference{}}
	sources := map[string]bool{}
	for _, o := range all {
		form, score := o.Form()
		for _, id := range o.DerivedFrom {
			if score && id == string(form) && h.cfg.Questions != nil {
				out.from[id] = Reference{Reference: spell("QuestionnaireResponse", formID(o.Patient, form))}
				continue
			}
			sources[id] = false
		}
	}
	if err := h.seek(ctx, by, all, sources); err != nil {
		return out, err
	}
	var others []string
	for id, observed := range sources {
		if observed {
			out.from[id] = Reference{Reference: spell("Observation", observationID(all[0].Patient, id))}
		} else {
			others = append(others, id)
		}
	}
	if len(others) == 0 || h.cfg.Photos == nil {
		return out, nil
	}
	known, err := h.cfg.Photos.WoundSources(ctx, by, all[0].Patient, others)
	for id, s := range known {
		if s.Photo {
			out.from[id] = Reference{Reference: spell("DocumentReference", photoID(all[0].Patient, clinical.PhotoID(id)))}
		} else {
			out.about[id] = woundReference(s.Wound, s.Site)
		}
	}
	return out, err
}

// pictureTime is how long a picture may take over a slow network.
const pictureTime = 3 * time.Minute

// readBinary writes a picture.
func (h *Handler) readBinary(ctx context.Context, w http.ResponseWriter, a *ask) error {
	patient, id := patientAndPhoto(a.id)
	p, err := h.cfg.Photos.Picture(ctx, a.by, patient, id, false)
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(pictureTime)) // not every writer of a test has one
	head := w.Header()
	head.Set("Content-Type", string(p.Type))
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'") // CSP Level 3 §6.4.2: whoever opens it by itself
	head.Set("Content-Disposition", "inline")
	head.Set("X-Security-Context", spell("DocumentReference", a.id)) // R4 §2.38: whose rights it has
	if p.Bytes > 0 {
		head.Set("Content-Length", strconv.FormatInt(p.Bytes, 10))
	}
	if err := p.Write(ctx, w); err != nil {
		// Half of a picture must not be taken for one: the connection breaks.
		h.cfg.Log.Debug("a picture was not sent whole", "photo", id, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
