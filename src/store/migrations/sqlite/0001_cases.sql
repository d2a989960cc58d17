-- Times are milliseconds since 1970 (UTC). Sealed columns are age files; *_index columns are the first 16 bytes of
-- an HMAC-SHA-256 of the normalised address.

CREATE TABLE cases (
    id            TEXT PRIMARY KEY,
    key           BLOB NOT NULL,
    opened_as     TEXT NOT NULL,
    state         TEXT NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1,
    received_at   INTEGER NOT NULL,
    decided_at    INTEGER,
    repeats       INTEGER NOT NULL DEFAULT 0,
    size          INTEGER NOT NULL,
    sender_domain TEXT NOT NULL,
    recipients    INTEGER NOT NULL,
    domains       TEXT NOT NULL,
    facts         TEXT NOT NULL,
    personal      BLOB NOT NULL,
    content       TEXT,
    digest        BLOB
) STRICT;
CREATE INDEX cases_by_key ON cases (key, received_at);
CREATE INDEX cases_by_state ON cases (state, received_at);
CREATE UNIQUE INDEX cases_by_content ON cases (content) WHERE content IS NOT NULL;
CREATE INDEX cases_by_time ON cases (received_at);

CREATE TABLE addresses (
    address_index BLOB NOT NULL,
    case_id       TEXT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (address_index, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE releases (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    attempt    INTEGER NOT NULL DEFAULT 0,
    step       TEXT NOT NULL,
    node       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    armed_at   INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    queue_id   TEXT,
    reason     BLOB
) STRICT;
CREATE UNIQUE INDEX one_release_at_a_time ON releases (case_id) WHERE step <> 'failed';

CREATE TABLE notices (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    kind       TEXT NOT NULL,
    sender_index BLOB,
    leader     TEXT,
    state      TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    node       TEXT,
    created_at INTEGER NOT NULL,
    sent_at    INTEGER,
    payload    BLOB
) STRICT;
CREATE INDEX notices_due ON notices (due_at) WHERE state = 'pending';
CREATE INDEX notices_by_leader ON notices (leader) WHERE leader IS NOT NULL;
CREATE INDEX notices_by_sender ON notices (sender_index, planned_at) WHERE kind = 'warned';

CREATE TABLE journal (
    id          INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    queue_id    TEXT,
    verdict     TEXT NOT NULL,
    applied     TEXT NOT NULL,
    entry       TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_time ON journal (received_at);

CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    case_id  TEXT,
    entry    TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash     BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_case ON audit (case_id, seq);
CREATE TABLE audit_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (only, seq, hash) VALUES (1, 0, zeroblob(32));
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

CREATE TABLE heartbeat (only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL) STRICT;
INSERT INTO heartbeat (only, at) VALUES (1, 0);
