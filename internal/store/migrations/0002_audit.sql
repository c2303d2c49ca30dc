CREATE TABLE audit_entries (
	id TEXT PRIMARY KEY,
	at BIGINT NOT NULL,
	person TEXT NOT NULL,
	role TEXT NOT NULL,
	organisation TEXT NOT NULL,
	session TEXT NOT NULL,
	action TEXT NOT NULL,
	outcome TEXT NOT NULL,
	relations TEXT NOT NULL,
	patient TEXT NOT NULL,
	object TEXT NOT NULL,
	reason BYTEA
);
