-- The tables of the embedded engine up to its version 2, for PostgreSQL. Times are milliseconds since 1970 (UTC). Sealed columns are age files.

CREATE TABLE cases (
    id            TEXT PRIMARY KEY,
    key           BYTEA NOT NULL,
    opened_as     TEXT NOT NULL,
    state         TEXT NOT NULL,
    version       BIGINT NOT NULL DEFAULT 1,
    received_at   BIGINT NOT NULL,
    decided_at    BIGINT,
    repeats       BIGINT NOT NULL DEFAULT 0,
    size          BIGINT NOT NULL,
    sender_domain TEXT NOT NULL,
    recipients    BIGINT NOT NULL,
    domains       TEXT NOT NULL,
    facts         TEXT NOT NULL,
    personal      BYTEA NOT NULL,
    content       TEXT,
    digest        BYTEA,
    outcome       TEXT,
    severity      BIGINT NOT NULL DEFAULT 2,
    two_persons   BIGINT NOT NULL DEFAULT 0,
    holder        TEXT,
    lease_until   BIGINT,
    proposed_by   TEXT,
    proposed_at   BIGINT,
    proposed_encrypted BIGINT NOT NULL DEFAULT 0,
    proposal      BYTEA,
    says          TEXT,
    said_at       BIGINT,
    word          BYTEA,
    legal_hold    BIGINT NOT NULL DEFAULT 0,
    hold_number   TEXT,
    hold_author   TEXT,
    hold_reason   BYTEA,
    hold_review   TEXT,
    findings      BYTEA,
    snippets      BYTEA
);
CREATE INDEX cases_by_key ON cases (key, received_at);
CREATE INDEX cases_by_state ON cases (state, received_at, id);
CREATE INDEX cases_by_time ON cases (received_at, id);
CREATE INDEX cases_by_department ON cases (sender_domain, received_at, id);
CREATE UNIQUE INDEX cases_by_content ON cases (content) WHERE content IS NOT NULL;
CREATE INDEX cases_in_hand ON cases (holder) WHERE holder IS NOT NULL;
CREATE INDEX cases_to_shred ON cases (decided_at) WHERE content IS NOT NULL AND decided_at IS NOT NULL;
CREATE INDEX cases_ended ON cases (decided_at) WHERE decided_at IS NOT NULL;

-- Sealed messages stand beside the rows, in the same transaction. The column is not compressed: what is sealed does not shrink.
CREATE TABLE contents (name TEXT PRIMARY KEY, sealed BYTEA NOT NULL);
ALTER TABLE contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE marks (
    mark        TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    case_id     TEXT NOT NULL,
    PRIMARY KEY (mark, received_at, case_id)
);

CREATE TABLE releases (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    attempt    BIGINT NOT NULL DEFAULT 0,
    step       TEXT NOT NULL,
    node       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    armed_at   BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    queue_id   TEXT,
    reason     BYTEA,
    encrypted  BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_release_at_a_time ON releases (case_id) WHERE step <> 'failed';
CREATE INDEX releases_by_case ON releases (case_id);
CREATE INDEX releases_due ON releases (not_before) WHERE step IN ('prepared', 'accepted');

CREATE TABLE notices (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    kind         TEXT NOT NULL,
    sender_index BYTEA,
    leader       TEXT,
    state        TEXT NOT NULL,
    planned_at   BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    tries        BIGINT NOT NULL DEFAULT 0,
    node         TEXT,
    created_at   BIGINT NOT NULL,
    sent_at      BIGINT,
    payload      BYTEA
);
CREATE INDEX notices_due ON notices (due_at) WHERE state = 'pending';
CREATE INDEX notices_by_leader ON notices (leader) WHERE leader IS NOT NULL;
CREATE INDEX notices_by_sender ON notices (sender_index, planned_at) WHERE kind = 'warned';
CREATE INDEX notices_by_case ON notices (case_id);

CREATE TABLE journal (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at BIGINT NOT NULL,
    queue_id    TEXT,
    verdict     TEXT NOT NULL,
    applied     TEXT NOT NULL,
    entry       TEXT NOT NULL
);
CREATE INDEX journal_by_time ON journal (received_at);

CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    case_id  TEXT,
    entry    TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash     BYTEA NOT NULL
);
CREATE INDEX audit_by_case ON audit (case_id, seq);
CREATE TABLE audit_head (
    "only" BIGINT PRIMARY KEY CHECK ("only" = 1),
    seq  BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO audit_head ("only", seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE checkpoints (
    seq       BIGINT PRIMARY KEY,
    hash      BYTEA NOT NULL,
    at        BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    key       BYTEA NOT NULL
);

CREATE FUNCTION vaguemestre_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION vaguemestre_append_only();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION vaguemestre_append_only();
CREATE TRIGGER checkpoints_are_not_changed BEFORE UPDATE OR DELETE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION vaguemestre_append_only();
CREATE TRIGGER checkpoints_are_not_emptied BEFORE TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION vaguemestre_append_only();

CREATE TABLE heartbeat ("only" BIGINT PRIMARY KEY CHECK ("only" = 1), at BIGINT NOT NULL);
INSERT INTO heartbeat ("only", at) VALUES (1, 0);

CREATE TABLE tokens (
    digest        BYTEA PRIMARY KEY,
    case_id       TEXT NOT NULL REFERENCES cases (id),
    address_index BYTEA NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX tokens_by_case ON tokens (case_id);

CREATE TABLE reveals (
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    case_id TEXT NOT NULL
);
CREATE INDEX reveals_by_time ON reveals (at, actor);

CREATE TABLE finding_marks (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    finding     BIGINT NOT NULL,
    rule        TEXT NOT NULL,
    false_alarm BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (case_id, finding)
);

CREATE TABLE days (
    day        TEXT NOT NULL,
    measure    TEXT NOT NULL,
    label      TEXT NOT NULL,
    department TEXT NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (day, measure, label, department)
);

CREATE TABLE incidents (
    number    BIGINT PRIMARY KEY,
    case_id   TEXT,
    opened_by TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    fields    BYTEA NOT NULL
);

-- Which secrets the rows were made with: another key is told of at start, before anything is lost.
CREATE TABLE key_marks (name TEXT PRIMARY KEY, mark BYTEA NOT NULL);
