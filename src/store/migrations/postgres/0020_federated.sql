-- Whom the establishment's own sign-in service vouches for: a digest of its name and of theirs there.

ALTER TABLE accounts ADD COLUMN subject BYTEA;
CREATE UNIQUE INDEX accounts_by_subject ON accounts (subject);
