-- The audit record. An entry commits with what it tells of, and waits in audit_unsealed; the
-- sealer gives it its place. Only audit_unsealed ever loses a row, and nothing changes one.

CREATE TABLE audit_entries (
	id TEXT PRIMARY KEY,
	at BIGINT NOT NULL,
	person TEXT NOT NULL,
	role TEXT NOT NULL,
	organisation TEXT NOT NULL,
	session TEXT NOT NULL,
	consultation TEXT NOT NULL,
	action TEXT NOT NULL,
	outcome TEXT NOT NULL,
	relations TEXT NOT NULL,
	patient TEXT NOT NULL,
	object TEXT NOT NULL,
	reason BYTEA
);
-- "Who has seen what about me". An id begins with the time, so that it gives the order.
CREATE INDEX audit_entries_by_patient ON audit_entries (patient, id) WHERE patient <> '';
-- The export of one organisation's part.
CREATE INDEX audit_entries_by_organisation ON audit_entries (organisation, at, id) WHERE organisation <> '';

-- Small, so that the sealer finds its work however long the record is.
CREATE TABLE audit_unsealed (
	entry TEXT PRIMARY KEY
);

-- No foreign key: that an entry is gone is what the check of the record tells.
CREATE TABLE audit_seals (
	seq BIGINT PRIMARY KEY,
	entry TEXT NOT NULL UNIQUE,
	hash BYTEA NOT NULL,
	chain BYTEA NOT NULL
);

CREATE TABLE audit_heads (
	number BIGINT PRIMARY KEY,
	seq BIGINT NOT NULL,
	chain BYTEA NOT NULL,
	at BIGINT NOT NULL,
	key TEXT NOT NULL,
	next BYTEA,
	signature BYTEA NOT NULL
);
