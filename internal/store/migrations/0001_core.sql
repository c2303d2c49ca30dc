-- What every domain needs: finding people, messages to them, files, calls, erasures.
-- Times are milliseconds since 1970 in UTC. Which columns are sealed, hashed or plain
-- stands in doc.go.

CREATE TABLE lookups (
	kind TEXT NOT NULL,
	owner TEXT NOT NULL,
	hash BYTEA NOT NULL,
	generation BIGINT NOT NULL,
	value BYTEA NOT NULL,
	PRIMARY KEY (kind, owner)
);
CREATE INDEX lookups_by_hash ON lookups (kind, hash);
CREATE INDEX lookups_by_owner ON lookups (owner);
CREATE INDEX lookups_by_generation ON lookups (generation);

CREATE TABLE erasures (
	subject TEXT PRIMARY KEY,
	asked_at BIGINT NOT NULL,
	done_at BIGINT
);

CREATE TABLE outbox (
	id TEXT PRIMARY KEY,
	recipient TEXT NOT NULL,
	message BYTEA,
	created_at BIGINT NOT NULL,
	due_at BIGINT,
	tries BIGINT NOT NULL,
	failed_at BIGINT
);
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE blobs (
	id TEXT PRIMARY KEY,
	subject TEXT NOT NULL,
	bytes BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	kept BOOLEAN NOT NULL
);
CREATE INDEX blobs_not_kept ON blobs (created_at) WHERE NOT kept;

CREATE TABLE blob_chunks (
	blob TEXT NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
	number BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (blob, number)
);

CREATE TABLE call_epochs (
	consultation TEXT PRIMARY KEY,
	epoch BIGINT NOT NULL
);

CREATE TABLE call_entries (
	consultation TEXT NOT NULL,
	number BIGINT NOT NULL,
	entry BYTEA NOT NULL,
	PRIMARY KEY (consultation, number)
);
