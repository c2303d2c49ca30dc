-- Values that patients are asked for. Which kind it is, is health data: it is sealed with the
-- patient's key. Whether it is answered is not kept: what has been measured since says so.
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE asked_values (
	id TEXT PRIMARY KEY,
	patient TEXT NOT NULL,
	version BIGINT NOT NULL,
	made_at BIGINT NOT NULL,
	details BYTEA NOT NULL
);
CREATE INDEX asked_values_by_patient ON asked_values (patient, made_at);
