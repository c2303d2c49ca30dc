-- How often something has been changed that many ask for and few change, so that each node can
-- keep what it has read for as long as it is true. What has no row has not been changed yet.

CREATE TABLE revisions (
	name TEXT PRIMARY KEY,
	revision BIGINT NOT NULL
);
