-- What patients have decided about who sees what. Never changed: the latest version counts.
CREATE TABLE patient_sharing (
	patient TEXT NOT NULL,
	version BIGINT NOT NULL,
	details BYTEA NOT NULL,
	PRIMARY KEY (patient, version)
);
