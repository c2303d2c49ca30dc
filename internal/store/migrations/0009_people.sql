-- Who interprets, who answers for a unit, and links that can be sent again.

CREATE TABLE interpreters (
	person TEXT PRIMARY KEY REFERENCES people (id),
	organisation TEXT NOT NULL REFERENCES organisations (id),
	speaks TEXT NOT NULL,
	active BOOLEAN NOT NULL
);
CREATE INDEX interpreters_by_organisation ON interpreters (organisation);

ALTER TABLE units ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE units ADD COLUMN deputy TEXT NOT NULL DEFAULT '';

-- Of the key that a link's token is derived from, with the link's id. 0: it was random, and
-- nobody but who was sent it knows it.
ALTER TABLE links ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
