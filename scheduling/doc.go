// Package scheduling books consultations: who meets whom, when, and how far it has come. An
// Appointment is what is booked; its call is a Consultation, and both have the same id.
//
// Service answers those who ask about consultations: the day's list, the greeting, whether a
// seat may be taken now and with which rights. It finds how the one who asks stands to the
// consultation, asks access, and hands out names only when it is on record who has read them.
// It keeps no names itself: those come from the directory, and rows from a Store.
package scheduling
