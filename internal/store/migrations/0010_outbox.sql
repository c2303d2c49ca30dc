-- Messages that are composed when they are sent: what they are about, until when they are
-- worth something, and how far they have come.
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN seat TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN until_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE outbox ADD COLUMN reason TEXT NOT NULL DEFAULT '';
UPDATE outbox SET state = 'dead', reason = 'gave-up' WHERE failed_at IS NOT NULL;
CREATE INDEX outbox_by_about ON outbox (about) WHERE about <> '';
CREATE INDEX outbox_by_failed ON outbox (failed_at) WHERE failed_at IS NOT NULL;
