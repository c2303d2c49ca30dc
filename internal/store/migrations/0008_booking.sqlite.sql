-- One writer at a time (BEGIN IMMEDIATE), so that a trigger that looks is as good as an
-- exclusion. A row is at most 32 hours long, which bounds how far back one must look.
CREATE TRIGGER busy_once_insert BEFORE INSERT ON busy WHEN NEW.firm BEGIN
	SELECT RAISE(ABORT, 'the time is taken') WHERE EXISTS (
		SELECT 1 FROM busy WHERE subject = NEW.subject AND firm AND appointment <> NEW.appointment
			AND starts < NEW.ends AND starts > NEW.starts - 115200000 AND ends > NEW.starts);
END;
CREATE TRIGGER busy_once_update BEFORE UPDATE ON busy WHEN NEW.firm BEGIN
	SELECT RAISE(ABORT, 'the time is taken') WHERE EXISTS (
		SELECT 1 FROM busy WHERE subject = NEW.subject AND firm AND appointment <> NEW.appointment
			AND starts < NEW.ends AND starts > NEW.starts - 115200000 AND ends > NEW.starts);
END;
