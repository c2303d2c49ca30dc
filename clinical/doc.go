// Package clinical is what a consultation is about: measurements and their limits, NEWS2,
// questionnaires, wounds, the patient's own plan, and the work that comes of them. It knows
// nothing of calls, pages or databases: a Service is asked by whoever may ask, asks access what
// they may, and keeps what it is told in a Store.
//
// Nothing is bound to a diagnosis, and what can be measured is data (kinds.json).
package clinical
