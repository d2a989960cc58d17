-- People who sign in. The password is digested, the TOTP secret sealed, recovery codes and session ids digested.

CREATE TABLE accounts (
    login        TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    address      TEXT,
    grants       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    seen_at      INTEGER,
    closed       INTEGER NOT NULL DEFAULT 0,
    must_change  INTEGER NOT NULL DEFAULT 0,
    failures     INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER,
    password     TEXT NOT NULL,
    totp         BLOB NOT NULL,
    totp_step    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_codes (
    login  TEXT NOT NULL REFERENCES accounts (login),
    digest BLOB NOT NULL,
    PRIMARY KEY (login, digest)
) STRICT;

CREATE TABLE sessions (
    digest     BLOB PRIMARY KEY,
    login      TEXT NOT NULL REFERENCES accounts (login),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    proved_at  INTEGER NOT NULL,
    browser    BLOB NOT NULL
) STRICT;
CREATE INDEX sessions_by_login ON sessions (login);
CREATE INDEX sessions_by_time ON sessions (created_at);

CREATE TABLE access_reviews (
    signed_at INTEGER PRIMARY KEY,
    actor     TEXT NOT NULL
) STRICT;

-- What one machine of several does, once: a digest of one hour to one person.
CREATE TABLE slots (
    slot TEXT PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT;
