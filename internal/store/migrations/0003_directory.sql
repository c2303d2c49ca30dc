-- Organisations and what they have agreed, people and what they are to each other. Days are
-- texts as 2026-11-23, which compare as they are; an empty last day is open.

CREATE TABLE organisations (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	number TEXT NOT NULL,
	phone TEXT NOT NULL,
	host BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	contacts BYTEA NOT NULL
);
CREATE UNIQUE INDEX organisations_one_host ON organisations (host) WHERE host;
CREATE UNIQUE INDEX organisations_by_number ON organisations (number) WHERE number <> '';

CREATE TABLE units (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL REFERENCES organisations (id),
	version BIGINT NOT NULL,
	name TEXT NOT NULL,
	phone TEXT NOT NULL,
	active BOOLEAN NOT NULL
);
CREATE INDEX units_by_organisation ON units (organisation);

CREATE TABLE communities (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	name TEXT NOT NULL
);

CREATE TABLE community_members (
	community TEXT NOT NULL REFERENCES communities (id),
	position BIGINT NOT NULL,
	organisation TEXT NOT NULL REFERENCES organisations (id),
	PRIMARY KEY (community, organisation)
);

CREATE TABLE agreements (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	a TEXT NOT NULL REFERENCES organisations (id),
	b TEXT NOT NULL REFERENCES organisations (id),
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL,
	terms TEXT NOT NULL,
	CHECK (a <> b)
);
CREATE INDEX agreements_by_a ON agreements (a);
CREATE INDEX agreements_by_b ON agreements (b);

-- Everyone: staff, patients, relatives. An erased person's row stays, to be counted.
CREATE TABLE people (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	kind TEXT NOT NULL,
	details BYTEA,
	erased_at BIGINT,
	CHECK ((details IS NULL) = (erased_at IS NOT NULL))
);

CREATE TABLE assignments (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES people (id),
	position BIGINT NOT NULL,
	organisation TEXT NOT NULL REFERENCES organisations (id),
	unit TEXT NOT NULL,
	role TEXT NOT NULL,
	words BYTEA NOT NULL,
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL
);
CREATE INDEX assignments_by_person ON assignments (person);
CREATE INDEX assignments_by_organisation ON assignments (organisation);

-- Which organisations care for which patients.
CREATE TABLE care (
	patient TEXT NOT NULL REFERENCES people (id),
	organisation TEXT NOT NULL REFERENCES organisations (id),
	position BIGINT NOT NULL,
	PRIMARY KEY (patient, organisation)
);
CREATE INDEX care_by_organisation ON care (organisation);

-- Those who no longer are the patient's are kept, for calls that they have been in, and
-- erased with the patient.
CREATE TABLE relatives (
	person TEXT PRIMARY KEY REFERENCES people (id),
	patient TEXT NOT NULL REFERENCES people (id),
	position BIGINT NOT NULL,
	former BOOLEAN NOT NULL,
	words BYTEA NOT NULL
);
CREATE INDEX relatives_by_patient ON relatives (patient);

CREATE TABLE consents (
	patient TEXT NOT NULL REFERENCES people (id),
	position BIGINT NOT NULL,
	organisation TEXT REFERENCES organisations (id),
	relative TEXT REFERENCES people (id),
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL,
	PRIMARY KEY (patient, position),
	CHECK ((organisation IS NULL) <> (relative IS NULL))
);

CREATE TABLE emergencies (
	id TEXT PRIMARY KEY,
	patient TEXT NOT NULL REFERENCES people (id),
	person TEXT NOT NULL,
	organisation TEXT NOT NULL REFERENCES organisations (id),
	opened_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL
);
CREATE INDEX emergencies_by_patient ON emergencies (patient, person);
