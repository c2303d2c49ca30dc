-- Wounds, assessments of them and photos, a row for each; kind says which. What they are about is
-- health data, sealed with the patient's key; pictures are blobs of the patient's. A row that its sender
-- sends once more is kept once, by the tag of its key. Times are milliseconds since 1970 in UTC.

CREATE TABLE wound_records (
	id TEXT PRIMARY KEY,
	patient TEXT NOT NULL,
	kind TEXT NOT NULL,
	version BIGINT NOT NULL,
	status TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	source BYTEA NOT NULL,
	details BYTEA NOT NULL
);
CREATE INDEX wound_records_by_patient ON wound_records (patient, made_at);
CREATE UNIQUE INDEX wound_records_by_source ON wound_records (patient, source);

-- What a row was before it was changed. Never changed.
CREATE TABLE wound_versions (
	id TEXT NOT NULL REFERENCES wound_records (id) ON DELETE CASCADE,
	version BIGINT NOT NULL,
	status TEXT NOT NULL,
	details BYTEA NOT NULL,
	PRIMARY KEY (id, version)
);

-- What is drawn on photos. What was taken off again stays; removed_at is 0 for what was not.
CREATE TABLE photo_drawings (
	id TEXT PRIMARY KEY,
	photo TEXT NOT NULL REFERENCES wound_records (id) ON DELETE CASCADE,
	patient TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	removed_at BIGINT NOT NULL,
	source BYTEA NOT NULL,
	details BYTEA NOT NULL
);
CREATE INDEX photo_drawings_by_patient ON photo_drawings (patient, made_at);
CREATE UNIQUE INDEX photo_drawings_by_source ON photo_drawings (photo, source);
