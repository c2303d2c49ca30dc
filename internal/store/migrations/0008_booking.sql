-- Booking: times that are asked for and answered, whose time is taken, and when people can be
-- booked at all. Times are milliseconds since 1970 in UTC; 0 is none.

ALTER TABLE appointments ADD COLUMN answer_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointments ADD COLUMN series TEXT NOT NULL DEFAULT '';
ALTER TABLE appointments ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointments ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointments ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE appointments ADD COLUMN plan BYTEA;
CREATE INDEX appointments_by_series ON appointments (series) WHERE series <> '';
CREATE INDEX appointments_open ON appointments (answer_by) WHERE state IN ('proposed', 'pending');

ALTER TABLE appointment_participants ADD COLUMN attends TEXT NOT NULL DEFAULT 'online';
ALTER TABLE appointment_participants ADD COLUMN travel_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointment_participants ADD COLUMN travel_after BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointment_participants ADD COLUMN answer TEXT NOT NULL DEFAULT 'needs-action';
ALTER TABLE appointment_participants ADD COLUMN answered_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointment_participants ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment_participants ADD COLUMN may_deputise BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE appointment_participants ADD COLUMN deputy_for TEXT NOT NULL DEFAULT '';

CREATE TABLE appointment_options (
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	id TEXT NOT NULL,
	position BIGINT NOT NULL,
	starts BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	suggested_by TEXT NOT NULL,
	PRIMARY KEY (appointment, id),
	CHECK (starts < ends)
);

CREATE TABLE option_replies (
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	option_id TEXT NOT NULL,
	participant TEXT NOT NULL,
	position BIGINT NOT NULL,
	answer TEXT NOT NULL,
	answered_at BIGINT NOT NULL,
	answered_by TEXT NOT NULL,
	PRIMARY KEY (appointment, option_id, participant)
);

CREATE TABLE appointment_equipment (
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	equipment TEXT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (appointment, equipment)
);

-- At which times an organisation is in an appointment, as the one who invites or with its
-- people: one row for each time that is booked or asked for, so that a week is found among
-- a million.
CREATE TABLE appointment_times (
	organisation TEXT NOT NULL,
	starts BIGINT NOT NULL,
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	PRIMARY KEY (organisation, starts, appointment)
);
CREATE INDEX appointment_times_by_appointment ON appointment_times (appointment);
INSERT INTO appointment_times (organisation, starts, appointment)
	SELECT organisation, starts, id FROM appointments
	UNION
	SELECT p.organisation, a.starts, a.id FROM appointment_participants p JOIN appointments a ON a.id = p.appointment WHERE p.organisation <> '';

-- Whose time is taken, with travel, or promised, or only asked for (not firm). Of firm rows of
-- different appointments no two overlap: the databases' own files see to that. What was
-- booked before this step takes nobody's time.
CREATE TABLE busy (
	subject TEXT NOT NULL,
	starts BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	kind TEXT NOT NULL,
	firm BOOLEAN NOT NULL,
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	option_id TEXT NOT NULL,
	PRIMARY KEY (subject, starts, appointment, option_id, kind),
	CHECK (starts < ends AND ends <= starts + 115200000)
);
CREATE INDEX busy_by_appointment ON busy (appointment);

CREATE TABLE hours (
	subject TEXT NOT NULL,
	organisation TEXT NOT NULL,
	version BIGINT NOT NULL,
	rules TEXT NOT NULL,
	PRIMARY KEY (subject, organisation)
);

CREATE TABLE absences (
	id TEXT PRIMARY KEY,
	subject TEXT NOT NULL,
	organisation TEXT NOT NULL,
	starts BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	cover BOOLEAN NOT NULL,
	words BYTEA NOT NULL,
	CHECK (starts < ends)
);
CREATE INDEX absences_by_subject ON absences (subject, ends);
CREATE INDEX absences_by_organisation ON absences (organisation, ends);

CREATE TABLE equipment (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	organisation TEXT NOT NULL,
	unit TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	active BOOLEAN NOT NULL
);
CREATE INDEX equipment_by_organisation ON equipment (organisation);

-- Calendars elsewhere whose busy times are read, and the addresses at which others read ours.
CREATE TABLE calendar_feeds (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	address BYTEA NOT NULL,
	words BYTEA,
	added_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	read_at BIGINT NOT NULL,
	known_until BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	fault TEXT NOT NULL,
	fault_since BIGINT NOT NULL
);
CREATE INDEX calendar_feeds_by_person ON calendar_feeds (person);
CREATE INDEX calendar_feeds_by_due ON calendar_feeds (due_at);

CREATE TABLE elsewhere (
	subject TEXT NOT NULL,
	feed TEXT NOT NULL REFERENCES calendar_feeds (id) ON DELETE CASCADE,
	starts BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	PRIMARY KEY (subject, ends, feed)
);
CREATE INDEX elsewhere_by_feed ON elsewhere (feed);

CREATE TABLE calendar_addresses (
	person TEXT PRIMARY KEY,
	hash BYTEA NOT NULL UNIQUE,
	made_at BIGINT NOT NULL
);

-- What people have said of how ready they are. Who is in the call is the cluster's to know.
CREATE TABLE readiness (
	appointment TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
	participant TEXT NOT NULL,
	state TEXT NOT NULL,
	at BIGINT NOT NULL,
	minutes BIGINT NOT NULL,
	test TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	PRIMARY KEY (appointment, participant)
);
