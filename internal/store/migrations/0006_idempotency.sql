-- Requests that were sent with a key, for a day.

CREATE TABLE requests (
	name BYTEA PRIMARY KEY,
	claim TEXT NOT NULL UNIQUE,
	content BYTEA NOT NULL,
	carried_out BOOLEAN NOT NULL,
	claimed_at BIGINT NOT NULL,
	answer BYTEA
);
CREATE INDEX requests_by_time ON requests (claimed_at);
