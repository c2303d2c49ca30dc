-- What is booked, and who is invited. An appointment's id is also its consultation's, and a
-- participant's is the one they have in the call.

CREATE TABLE appointments (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	organisation TEXT NOT NULL,
	starts BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	state TEXT NOT NULL,
	identification TEXT NOT NULL,
	CHECK (starts < ends)
);
CREATE INDEX appointments_by_start ON appointments (starts);

CREATE TABLE appointment_participants (
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	id TEXT NOT NULL,
	position BIGINT NOT NULL,
	person TEXT NOT NULL,
	role TEXT NOT NULL,
	organisation TEXT NOT NULL,
	required BOOLEAN NOT NULL,
	words BYTEA NOT NULL,
	PRIMARY KEY (appointment, id),
	UNIQUE (appointment, person)
);
CREATE INDEX appointment_participants_by_person ON appointment_participants (person);
