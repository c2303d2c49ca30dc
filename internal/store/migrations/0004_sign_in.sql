-- How people and machines show who they are. A time of 0 is none. There are no foreign keys
-- to people: their rows are much read, and would be locked by each sign-in.

CREATE TABLE accounts (
	person TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	password BYTEA,
	totp BYTEA,
	step BIGINT NOT NULL,
	pending_totp BYTEA,
	pending_link TEXT NOT NULL,
	wrong BIGINT NOT NULL,
	locks BIGINT NOT NULL,
	last_wrong_at BIGINT NOT NULL,
	locked_until BIGINT NOT NULL,
	credentials BIGINT NOT NULL,
	enrolled_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);

-- Wrong passwords: by account, or by the keyed hash of an address that has none.
CREATE TABLE sign_in_tries (
	name TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	wrong BIGINT NOT NULL,
	locks BIGINT NOT NULL,
	last_wrong_at BIGINT NOT NULL,
	locked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_tries_by_last ON sign_in_tries (last_wrong_at);

CREATE TABLE links (
	id TEXT PRIMARY KEY,
	hash BYTEA NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	person TEXT NOT NULL,
	role TEXT NOT NULL,
	organisation TEXT NOT NULL,
	assignment TEXT NOT NULL,
	consultation TEXT NOT NULL,
	participant TEXT NOT NULL,
	code BOOLEAN NOT NULL,
	owner TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL
);
CREATE INDEX links_by_seat ON links (consultation, participant) WHERE kind = 'seat';
CREATE INDEX links_by_person ON links (person);
CREATE INDEX links_by_expiry ON links (expires_at);

CREATE TABLE link_codes (
	link TEXT PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
	version BIGINT NOT NULL,
	person TEXT NOT NULL,
	hash BYTEA,
	expires_at BIGINT NOT NULL,
	wrong BIGINT NOT NULL,
	locks BIGINT NOT NULL,
	last_wrong_at BIGINT NOT NULL,
	locked_until BIGINT NOT NULL,
	channel TEXT NOT NULL,
	hint BYTEA,
	sent_at BIGINT NOT NULL,
	since_at BIGINT NOT NULL,
	sendings BIGINT NOT NULL
);

CREATE TABLE sessions (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	role TEXT NOT NULL,
	organisation TEXT NOT NULL,
	assignment TEXT NOT NULL,
	until_day TEXT NOT NULL,
	link TEXT NOT NULL,
	consultation TEXT NOT NULL,
	participant TEXT NOT NULL,
	stage TEXT NOT NULL,
	method TEXT NOT NULL,
	handle TEXT NOT NULL,
	device BYTEA,
	started_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person) WHERE ended_at = 0;
CREATE INDEX sessions_by_link ON sessions (link) WHERE ended_at = 0;
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- What ended before its time, in the order of the commits: whoever has read up to a turn
-- has missed none before it. The one row of revocation_turns is held until the commit.
CREATE TABLE revocations (
	subject TEXT PRIMARY KEY,
	turn BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL
);
CREATE INDEX revocations_by_turn ON revocations (turn);
CREATE INDEX revocations_by_until ON revocations (until_at);

CREATE TABLE revocation_turns (
	id BIGINT PRIMARY KEY,
	turn BIGINT NOT NULL,
	CHECK (id = 1)
);

CREATE TABLE tickets (
	id TEXT PRIMARY KEY,
	hash BYTEA NOT NULL UNIQUE,
	session TEXT NOT NULL,
	consultation TEXT NOT NULL,
	participant TEXT NOT NULL,
	person TEXT NOT NULL,
	role TEXT NOT NULL,
	organisation TEXT NOT NULL,
	method TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);

CREATE TABLE machines (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	name TEXT NOT NULL,
	organisation TEXT NOT NULL,
	keys TEXT NOT NULL,
	scopes TEXT NOT NULL,
	active BOOLEAN NOT NULL,
	last_used_at BIGINT NOT NULL
);
CREATE INDEX machines_by_organisation ON machines (organisation);

CREATE TABLE machine_assertions (
	hash BYTEA PRIMARY KEY,
	expires_at BIGINT NOT NULL
);
CREATE INDEX machine_assertions_by_expiry ON machine_assertions (expires_at);
