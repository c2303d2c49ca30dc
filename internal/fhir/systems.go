package fhir

// HL7 Norway's base profiles, version 2.2 for R4 (github.com/HL7Norway/basisprofiler-r4).
const (
	profileOrganization        = noBasis + "no-basis-Organization"
	profilePractitioner        = noBasis + "no-basis-Practitioner"
	profilePractitionerRole    = noBasis + "no-basis-PractitionerRole"
	profilePatient             = noBasis + "no-basis-Patient"
	profileRelatedPerson       = noBasis + "no-basis-RelatedPerson"
	profileAppointment         = noBasis + "no-basis-Appointment"
	profileAppointmentResponse = noBasis + "no-basis-AppointmentResponse"
	profileDocumentReference   = noBasis + "no-basis-DocumentReference"
	extensionVirtualService    = noBasis + "no-basis-virtual-service" // on Appointment, after R5's VirtualServiceDetail
	noBasis                    = "http://hl7.no/fhir/StructureDefinition/"
)

// HL7's own profiles: Norway has none of what is measured.
const (
	structureDefinition   = "http://hl7.org/fhir/StructureDefinition/"
	profileVitalSigns     = structureDefinition + "vitalsigns"
	extensionBodyPosition = structureDefinition + "observation-bodyPosition"
	extensionApproval     = own + "StructureDefinition/plan-approval" // ours: R4 has no element for it
)

// Norway's identifiers (CLINICAL.md, Identifiers); each is a slice of a profile above.
const (
	systemNationalID   = "urn:oid:2.16.578.1.12.4.1.4.1"   // fødselsnummer
	systemDNumber      = "urn:oid:2.16.578.1.12.4.1.4.2"   // D-nummer
	systemSharedNumber = "urn:oid:2.16.578.1.12.4.1.4.3"   // felles hjelpenummer
	systemHPR          = "urn:oid:2.16.578.1.12.4.1.4.4"   // helsepersonellnummer
	systemOrganisation = "urn:oid:2.16.578.1.12.4.1.4.101" // organisasjonsnummer
)

// Code systems of HL7's that R4 binds the elements to, and those of this service for what they
// lack. The profiles also name Norway's own (organisations' kinds urn:oid:2.16.578.1.12.4.1.1.8628
// and .8624, functions .9034); which of their codes fit was not read in a source (confirm).
const (
	systemOrganizationType  = "http://terminology.hl7.org/CodeSystem/organization-type"
	systemPractitionerRole  = "http://terminology.hl7.org/CodeSystem/practitioner-role"
	systemParticipantType   = "http://terminology.hl7.org/CodeSystem/participant-type"
	systemParticipationType = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
	systemRoleCode          = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
	systemCancellation      = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
	systemSecurity          = "http://terminology.hl7.org/CodeSystem/restful-security-service"
	systemContactPoint      = "http://hl7.org/fhir/contact-point-system"
	systemLanguage          = "urn:ietf:bcp:47"

	systemObservationCategory = "http://terminology.hl7.org/CodeSystem/observation-category"
	systemLOINC               = "http://loinc.org"
	systemUCUM                = "http://unitsofmeasure.org"
	systemRequestStatus       = "http://hl7.org/fhir/request-status"
	systemAnswersStatus       = "http://hl7.org/fhir/questionnaire-answers-status"

	systemKind      = own + "organisation-kind"
	systemRole      = own + "role"
	systemReason    = own + "cancellation-reason"
	systemEquipment = own + "equipment" // ids
	systemMeasured  = own + "measured"  // kinds that LOINC has no code for
	systemMethod    = own + "method"    // how a value came to be
	systemSource    = own + "source"    // ids of what a value comes of, where that is no resource here
	systemPlan      = own + "plan"      // the own plan, and its parts
	systemWound     = own + "wound"     // ids of wounds
	own             = "https://github.com/samkonsult/samkonsult/fhir/"
)
