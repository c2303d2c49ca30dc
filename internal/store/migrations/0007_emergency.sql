-- What has been opened in emergencies, for who answers for data protection. They are few
-- among all entries.
CREATE INDEX audit_entries_of_emergency ON audit_entries (at) WHERE action = 'emergency.open' AND outcome = 'done';
