package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

type (
	patientInput struct {
		ID access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	newPatientInput struct{ Body Patient }
	setPatientInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Patient
	}
	findPatientInput   struct{ Body FindPatient }
	openEmergencyInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body OpenEmergency
	}
	patientsAnswer  struct{ Body Patients }
	emergencyAnswer struct{ Body Emergency }
)

// registerPatients adds patients with relatives and consents.
func (h *Handler) registerPatients(api huma.API) {
	register(h, api, operation{
		ID: "listPatients", Method: http.MethodGet, Path: "/patients", Needs: signedIn, Action: access.PatientList,
		Summary: "Whom the own organisation cares for, by name; each is recorded as seen",
	}, func(ctx context.Context, c caller, in *struct{ Page }) (*patientsAnswer, error) {
		page, err := in.page()
		if err != nil {
			return nil, err
		}
		found, next, err := h.cfg.Directory.Patients(ctx, c.Actor, page)
		if err != nil {
			return nil, err
		}
		return &patientsAnswer{Patients{Items: each(found, patientLine), Next: nextCursor(next)}}, nil
	})
	register(h, api, operation{
		ID: "readPatient", Method: http.MethodGet, Path: "/patients/{id}", Needs: signedIn, Action: access.PatientRead, Machines: true,
		Summary: "One patient",
	}, func(ctx context.Context, c caller, in *patientInput) (*versioned[Patient], error) {
		p, err := h.cfg.Directory.Patient(ctx, c.Actor, in.ID)
		return atVersion(p.Version, patientBody(p)), err
	})
	register(h, api, operation{
		ID: "findPatient", Method: http.MethodPost, Path: "/patients/find", Needs: signedIn, Action: access.PatientRead,
		Summary: "A patient by identity number, which stands in no address; in an emergency also one who is out of reach otherwise",
	}, func(ctx context.Context, c caller, in *findPatientInput) (*versioned[Patient], error) {
		if in.Body.Emergency != "" {
			p, err := h.cfg.Directory.FindInEmergency(ctx, c.Actor, in.Body.NationalID, in.Body.Emergency)
			return atVersion(p.Version, patientBody(p)), err
		}
		p, err := h.cfg.Directory.FindPatient(ctx, c.Actor, in.Body.NationalID)
		return atVersion(p.Version, patientBody(p)), err
	})
	register(h, api, operation{
		ID: "createPatient", Method: http.MethodPost, Path: "/patients", Needs: signedIn, Action: access.PatientWrite, Machines: true, Creates: true,
		Summary: "A new patient whom the own organisation cares for", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newPatientInput) (*versioned[Patient], error) {
		p, err := h.cfg.Directory.CreatePatient(ctx, c.Actor, patient(in.Body))
		return atVersion(p.Version, patientBody(p)), err
	})
	register(h, api, operation{
		ID: "changePatient", Method: http.MethodPut, Path: "/patients/{id}", Needs: signedIn, Action: access.PatientWrite, Machines: true, IfMatch: true,
		Summary: "Change a patient; the patient changes consents alone",
	}, func(ctx context.Context, c caller, in *setPatientInput) (*versioned[Patient], error) {
		p := patient(in.Body)
		p.ID, p.Version = in.ID, c.IfMatch
		p, err := h.cfg.Directory.UpdatePatient(ctx, c.Actor, p)
		return atVersion(p.Version, patientBody(p)), err
	})
	register(h, api, operation{
		ID: "erasePatient", Method: http.MethodDelete, Path: "/patients/{id}", Needs: signedIn, Action: access.PatientErase, IfMatch: true,
		Summary: "Make everything of a patient unreadable for good, also in backups",
	}, func(ctx context.Context, c caller, in *patientInput) (*struct{}, error) {
		return nil, h.cfg.Directory.ErasePatient(ctx, c.Actor, in.ID, c.IfMatch)
	})
	register(h, api, operation{
		ID: "openEmergency", Method: http.MethodPost, Path: "/patients/{id}/emergency", Needs: signedIn, Action: access.EmergencyOpen,
		Summary: "Open a patient in an emergency, for a while; the patient and the data protection officer read the reason",
	}, func(ctx context.Context, c caller, in *openEmergencyInput) (*emergencyAnswer, error) {
		e, err := h.cfg.Directory.OpenEmergency(ctx, c.Actor, in.ID, in.Body.Reason)
		return &emergencyAnswer{Emergency{Until: e.Until.UnixMilli()}}, err
	})
}

func patientLine(p identity.PatientLine) PatientLine {
	return PatientLine{ID: p.ID, Name: p.Name, BornYear: p.BornYear}
}

func patient(b Patient) identity.Patient {
	return identity.Patient{
		Person:     identity.Person{Name: b.Name, NationalID: b.NationalID, Phone: b.Phone, Email: b.Email, Language: string(b.Language)},
		CaredForBy: b.CaredForBy,
		Relatives: each(b.Relatives, func(r RelatedPerson) identity.RelatedPerson {
			return identity.RelatedPerson{
				Person: identity.Person{ID: r.ID, Name: r.Name, Phone: r.Phone, Email: r.Email, Language: string(r.Language)},
				Kind:   identity.RelationKind(r.Kind), Title: r.Title,
			}
		}),
		Consents: each(b.Consents, func(k PatientConsent) identity.Consent {
			return identity.Consent{Organisation: k.Organisation, Relative: k.Relative, From: identity.Day(k.From), Until: identity.Day(k.Until)}
		}),
	}
}

func patientBody(p identity.Patient) Patient {
	return Patient{
		ID: p.ID, Version: p.Version, Name: p.Name, NationalID: p.NationalID, Phone: p.Phone, Email: p.Email,
		Language: Language(p.Language), CaredForBy: each(p.CaredForBy, same),
		Relatives: each(p.Relatives, func(r identity.RelatedPerson) RelatedPerson {
			return RelatedPerson{
				ID: r.ID, Name: r.Name, Kind: string(r.Kind), Title: r.Title, Phone: r.Phone, Email: r.Email, Language: Language(r.Language),
			}
		}),
		Consents: each(p.Consents, func(k identity.Consent) PatientConsent {
			return PatientConsent{Organisation: k.Organisation, Relative: k.Relative, From: string(k.From), Until: string(k.Until)}
		}),
		Warnings: each(p.Warnings(), warningBody),
	}
}
