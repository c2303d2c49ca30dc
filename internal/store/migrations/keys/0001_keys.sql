-- Kept apart from the main database, and not in its backups.

-- One key per subject, wrapped by the keyring. An erased subject's row stays, so that no new
-- key is ever made for it.
CREATE TABLE subject_keys (
	subject TEXT PRIMARY KEY,
	wrapped BYTEA,
	generation BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	erased_at BIGINT,
	CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);
CREATE INDEX subject_keys_by_generation ON subject_keys (generation) WHERE wrapped IS NOT NULL;

-- Which generations of the keyring have been used here: a wrong keyring is noticed at start.
CREATE TABLE generations (
	generation BIGINT PRIMARY KEY,
	proof BYTEA NOT NULL,
	since BIGINT NOT NULL
);
