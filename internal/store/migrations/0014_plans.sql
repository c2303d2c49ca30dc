-- Patients' own plans, a row for each version: a draft's is replaced as it is written, and an
-- approved one's never again.

CREATE TABLE patient_plans (
	patient TEXT NOT NULL REFERENCES people (id),
	version BIGINT NOT NULL,
	state TEXT NOT NULL,
	revision BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (patient, version)
);
