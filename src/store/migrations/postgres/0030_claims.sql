-- False alarms that senders report on what was refused or delivered with a warning wait for a reviewer's word; and the trail is found by who
-- did something, as its entry says.

ALTER TABLE cases ADD COLUMN judged_at BIGINT;
UPDATE cases SET judged_at = (SELECT max(f.at) FROM finding_marks f WHERE f.case_id = cases.id)
    WHERE id IN (SELECT case_id FROM finding_marks);
CREATE INDEX cases_claimed ON cases (received_at, id) WHERE says = 'false-alarm' AND judged_at IS NULL;

ALTER TABLE audit ADD COLUMN actor TEXT GENERATED ALWAYS AS (entry::json ->> 'actor') STORED;
CREATE INDEX audit_by_actor ON audit (actor, seq);
