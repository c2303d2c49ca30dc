// Package access says who may do what: one table of role × action, each cell the relations
// between the one who acts and what is acted on that open it. What the table does not name
// is refused. It is arithmetic only: who has which relation is found out by those who ask.
package access
