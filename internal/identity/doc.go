// Package identity knows people and organisations, and how people show who they are.
//
// Directory holds organisations, units, communities, agreements, staff with their
// assignments, patients with their relatives and consents. Gate signs people in: accounts
// with password and second factor, personal links with one-time codes, machines with a key;
// it keeps sessions and makes the tickets that open a call. Both ask access before they do
// anything, and hand each change to a Store together with its audit entries and messages, to
// be committed as one.
package identity
