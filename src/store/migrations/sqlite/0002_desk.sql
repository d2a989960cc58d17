-- What reviewers and senders leave on a case, an index of marks to find cases by, daily counts, the register.

ALTER TABLE cases ADD COLUMN outcome TEXT;
ALTER TABLE cases ADD COLUMN severity INTEGER NOT NULL DEFAULT 2;
ALTER TABLE cases ADD COLUMN two_persons INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN holder TEXT;
ALTER TABLE cases ADD COLUMN lease_until INTEGER;
ALTER TABLE cases ADD COLUMN proposed_by TEXT;
ALTER TABLE cases ADD COLUMN proposed_at INTEGER;
ALTER TABLE cases ADD COLUMN proposed_encrypted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN proposal BLOB;
ALTER TABLE cases ADD COLUMN says TEXT;
ALTER TABLE cases ADD COLUMN said_at INTEGER;
ALTER TABLE cases ADD COLUMN word BLOB;
ALTER TABLE cases ADD COLUMN legal_hold INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN hold_number TEXT;
ALTER TABLE cases ADD COLUMN hold_author TEXT;
ALTER TABLE cases ADD COLUMN hold_reason BLOB;
ALTER TABLE cases ADD COLUMN hold_review TEXT;
ALTER TABLE cases ADD COLUMN findings BLOB;
ALTER TABLE cases ADD COLUMN snippets BLOB;
UPDATE cases SET outcome = state WHERE state IN ('released', 'returned', 'deleted');
DROP INDEX cases_by_state;
DROP INDEX cases_by_time;
CREATE INDEX cases_by_state ON cases (state, received_at, id);
CREATE INDEX cases_by_time ON cases (received_at, id);
CREATE INDEX cases_by_department ON cases (sender_domain, received_at, id);
CREATE INDEX cases_in_hand ON cases (holder) WHERE holder IS NOT NULL;
CREATE INDEX cases_to_shred ON cases (decided_at) WHERE content IS NOT NULL AND decided_at IS NOT NULL;
CREATE INDEX cases_ended ON cases (decided_at) WHERE decided_at IS NOT NULL;

ALTER TABLE releases ADD COLUMN encrypted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX releases_by_case ON releases (case_id);
CREATE INDEX notices_by_case ON notices (case_id);

-- One row for each way to find a case: 's:' and the blind index of its sender, 'r:' of a recipient, 'x:' of either (cases of the
-- first version), 'a:' and an article, 'f:' and a detection rule.
CREATE TABLE marks (
    mark        TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    case_id     TEXT NOT NULL,
    PRIMARY KEY (mark, received_at, case_id)
) STRICT, WITHOUT ROWID;
INSERT INTO marks (mark, received_at, case_id)
    SELECT 'x:' || lower(hex(a.address_index)), c.received_at, c.id FROM addresses a JOIN cases c ON c.id = a.case_id;
INSERT INTO marks (mark, received_at, case_id)
    SELECT DISTINCT 'a:' || j.value, c.received_at, c.id FROM cases c, json_each(c.facts, '$.article_ids') j;
DROP TABLE addresses;

CREATE TABLE tokens (
    digest        BLOB PRIMARY KEY,
    case_id       TEXT NOT NULL REFERENCES cases (id),
    address_index BLOB NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_case ON tokens (case_id);

CREATE TABLE reveals (
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    case_id TEXT NOT NULL
) STRICT;
CREATE INDEX reveals_by_time ON reveals (at, actor);

CREATE TABLE finding_marks (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    finding     INTEGER NOT NULL,
    rule        TEXT NOT NULL,
    false_alarm INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (case_id, finding)
) STRICT, WITHOUT ROWID;

CREATE TABLE days (
    day        TEXT NOT NULL,
    measure    TEXT NOT NULL,
    label      TEXT NOT NULL,
    department TEXT NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (day, measure, label, department)
) STRICT, WITHOUT ROWID;
INSERT INTO days (day, measure, label, department, count)
    SELECT date(received_at / 1000, 'unixepoch'), 'opened', opened_as, sender_domain, count(*) FROM cases GROUP BY 1, 3, 4;
INSERT INTO days (day, measure, label, department, count)
    SELECT date(decided_at / 1000, 'unixepoch'), 'decided', outcome, sender_domain, count(*)
    FROM cases WHERE outcome IS NOT NULL AND decided_at IS NOT NULL GROUP BY 1, 3, 4;

CREATE TABLE checkpoints (
    seq       INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL,
    at        INTEGER NOT NULL,
    signature BLOB NOT NULL,
    key       BLOB NOT NULL
) STRICT;
CREATE TRIGGER checkpoints_are_not_changed BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_are_not_removed BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TABLE incidents (
    number    INTEGER PRIMARY KEY,
    case_id   TEXT,
    opened_by TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    fields    BLOB NOT NULL
) STRICT;

-- Which secrets the rows were made with: another key is told of at start, before anything is lost.
CREATE TABLE key_marks (name TEXT PRIMARY KEY, mark BLOB NOT NULL) STRICT;
