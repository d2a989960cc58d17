-- A case that waits again after a release that failed, a deletion taken back or a legal hold has its whole time again; and a clock that leapt
-- stays in doubt over a restart.

ALTER TABLE cases ADD COLUMN waits_from BIGINT;
ALTER TABLE heartbeat ADD COLUMN trusted BIGINT NOT NULL DEFAULT 0;
UPDATE heartbeat SET trusted = at;
