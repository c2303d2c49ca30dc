package audit

import "github.com/samkonsult/samkonsult/internal/access"

// Actions that are not in access's table: they come before or beside a right. Entries hold
// their names, so that they never change.
const (
	ActionSignIn       = "sign-in"
	ActionPassword     = "password" // the first of two factors
	ActionSignOut      = "sign-out"
	ActionChooseRole   = "choose-role"
	ActionLinkOpen     = "link.open"
	ActionCodeSend     = "code.send"
	ActionCode         = "code"
	ActionTicket       = "ticket"
	ActionTicketRedeem = "ticket.redeem"
	ActionEnrol        = "enrol"
	ActionAccountEnd   = "account.end"
	ActionIdentified   = "identified" // a clinician has recognised someone
	ActionAdmitted     = "admitted"
	ActionRemoved      = "removed"
	ActionTokenIssued  = "token" // to a machine
	ActionRestore      = "restore"
	ActionKeysRotated  = "keys.rotate"
	ActionForgotten    = "forgotten" // what was shared of a patient is over its time, and deleted
)

// beside are the actions that are not in access's table.
var beside = []string{
	ActionSignIn, ActionPassword, ActionSignOut, ActionChooseRole, ActionLinkOpen, ActionCodeSend, ActionCode,
	ActionTicket, ActionTicketRedeem, ActionEnrol, ActionAccountEnd, ActionIdentified, ActionAdmitted, ActionRemoved,
	ActionTokenIssued, ActionRestore, ActionKeysRotated, ActionForgotten,
}

// Actions are the names of all that stands in the record: access's, then this package's.
// Whoever has words for these has words for each entry.
func Actions() []string {
	var all []string
	for _, a := range access.Actions() {
		all = append(all, a.String())
	}
	return append(all, beside...)
}
