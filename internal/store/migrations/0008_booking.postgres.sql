-- btree_gist brings = and <> of texts to an exclusion. It is a trusted extension: who owns the
-- database may make it.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE busy ADD CONSTRAINT busy_once EXCLUDE USING gist (
	subject WITH =, appointment WITH <>, int8range(starts, ends) WITH &&
) WHERE (firm);
