// Package scheduling books consultations: who meets whom, when, and how far it has come. An
// Appointment is what is booked; its call is a Consultation, and both have the same id.
package scheduling
