-- People who sign in. The password is digested, the TOTP secret sealed, recovery codes and session ids digested.

CREATE TABLE accounts (
    login        TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    address      TEXT,
    grants       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT,
    closed       BIGINT NOT NULL DEFAULT 0,
    must_change  BIGINT NOT NULL DEFAULT 0,
    failures     BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    password     TEXT NOT NULL,
    totp         BYTEA NOT NULL,
    totp_step    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    login  TEXT NOT NULL REFERENCES accounts (login),
    digest BYTEA NOT NULL,
    PRIMARY KEY (login, digest)
);

CREATE TABLE sessions (
    digest     BYTEA PRIMARY KEY,
    login      TEXT NOT NULL REFERENCES accounts (login),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    proved_at  BIGINT NOT NULL,
    browser    BYTEA NOT NULL
);
CREATE INDEX sessions_by_login ON sessions (login);
CREATE INDEX sessions_by_time ON sessions (created_at);

CREATE TABLE access_reviews (
    signed_at BIGINT PRIMARY KEY,
    actor     TEXT NOT NULL
);

-- What one machine of several does, once: a digest of one hour to one person.
CREATE TABLE slots (
    slot TEXT PRIMARY KEY,
    at   BIGINT NOT NULL
);
