-- What patients are asked and have answered, and the work that comes of it. Which questionnaire it
-- is, is health data as the answers are: all of it is sealed with the patient's key.
-- Times are milliseconds since 1970 in UTC; 0 is none.

CREATE TABLE forms (
	id TEXT PRIMARY KEY,
	patient TEXT NOT NULL,
	version BIGINT NOT NULL,
	status TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	scored BOOLEAN NOT NULL,
	details BYTEA NOT NULL
);
CREATE INDEX forms_by_patient ON forms (patient, made_at);
-- A score is carried to what is measured after its form is kept; these wait for it.
CREATE INDEX forms_unscored ON forms (changed_at) WHERE NOT scored;

-- What a form was, from when it was completed. Never changed.
CREATE TABLE form_versions (
	id TEXT NOT NULL REFERENCES forms (id) ON DELETE CASCADE,
	version BIGINT NOT NULL,
	status TEXT NOT NULL,
	changed_at BIGINT NOT NULL,
	details BYTEA NOT NULL,
	PRIMARY KEY (id, version)
);

CREATE TABLE work (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	organisation TEXT NOT NULL,
	patient TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	contact TEXT NOT NULL,
	deputy TEXT NOT NULL,
	tell_at BIGINT NOT NULL,
	acknowledged_at BIGINT NOT NULL,
	why BYTEA NOT NULL,
	acknowledged BYTEA
);
CREATE INDEX work_by_organisation ON work (organisation, acknowledged_at, made_at);
CREATE INDEX work_by_patient ON work (patient);
-- A look each half minute on every node finds nothing most times.
CREATE INDEX work_to_tell ON work (tell_at) WHERE tell_at > 0;
