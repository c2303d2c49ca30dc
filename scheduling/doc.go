// Package scheduling books consultations: who meets whom, when, and how far it has come. An
// Appointment is what is booked; its call is a Consultation, and both have the same id.
//
// Find looks for times that all have in common, in what is known of each one's time: hours,
// absences, calendars elsewhere, and the claims of other appointments. Book asks all for some of
// them, or books one; by Answer people accept, which holds a time for them, and when all who are
// required have accepted the same one it is booked. Move, Cancel, Deputise, Invite and Remind
// change it, each as one Change with its audit entry and the messages that tell of it. Of firm
// claims the Store lets no two overlap, and so nobody is in two consultations at once.
//
// Service also answers those who ask about consultations: the day's list, the greeting, whether a
// seat may be taken now and with which rights. It finds how the one who asks stands to the
// consultation, asks access, and hands out names only when it is on record who has read them.
// It keeps no names itself: those come from the directory, and rows from a Store.
package scheduling
