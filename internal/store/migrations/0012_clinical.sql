-- What is measured of patients, and what is usual for each. Kinds and values are health data:
-- they are sealed with the patient's key, and a kind is found by a tag of that key (keys_tag.go).
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE observations (
	id TEXT PRIMARY KEY,
	patient TEXT NOT NULL,
	kind BYTEA NOT NULL,
	version BIGINT NOT NULL,
	status TEXT NOT NULL,
	measured_at BIGINT NOT NULL,
	received_at BIGINT NOT NULL,
	performer TEXT NOT NULL,
	source BYTEA,
	details BYTEA NOT NULL
);
CREATE INDEX observations_by_kind ON observations (patient, kind, measured_at DESC, id DESC);
CREATE INDEX observations_by_time ON observations (patient, measured_at DESC, id DESC);
-- Who sends a value once more sends it by the same key: it is kept once, whatever looks first.
CREATE UNIQUE INDEX observations_by_source ON observations (patient, source) WHERE source IS NOT NULL;

-- What a value was before it was corrected. Never changed.
CREATE TABLE observation_versions (
	id TEXT NOT NULL REFERENCES observations (id) ON DELETE CASCADE,
	version BIGINT NOT NULL,
	status TEXT NOT NULL,
	measured_at BIGINT NOT NULL,
	details BYTEA NOT NULL,
	PRIMARY KEY (id, version)
);

-- The values of a kind once more, without all that is known of each, and close together: a
-- picture of 100,000 is a few hundred rows. Leaves overlap nowhere; each is called by its first
-- point, whose time and name these are.
CREATE TABLE observation_leaves (
	patient TEXT NOT NULL,
	kind BYTEA NOT NULL,
	starts BIGINT NOT NULL,
	first BIGINT NOT NULL,
	count BIGINT NOT NULL,
	points BYTEA NOT NULL,
	PRIMARY KEY (patient, kind, starts, first)
);

CREATE TABLE patient_limits (
	patient TEXT NOT NULL,
	version BIGINT NOT NULL,
	details BYTEA NOT NULL,
	PRIMARY KEY (patient, version)
);
