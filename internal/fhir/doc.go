// Package fhir speaks HL7 FHIR R4 (4.0.1) with other systems: organisations, staff, patients,
// those around them, and what is booked, as HL7 Norway's base profiles (no-basis) have it, and what is
// measured, as HL7's own vital signs do.
// It is a package of its own because its words and their rules are others': the domain knows
// nothing of them.
//
// Handler answers the interactions that its CapabilityStatement lists. What is asked of it, it
// asks of the directory and of the schedule, with who acts as an argument, and adds no rights
// of its own. An Interaction is mounted by the API, which has found out who asks.
//
// Identity numbers stand in no address: a search by one is a POST to …/_search. What is sent is
// read strictly: an element that is not kept here is refused by its name, so that nobody believes
// that it was. What is measured also comes in Bundles, of which one broken entry keeps no other back
// unless the sender wants all or nothing.
package fhir
