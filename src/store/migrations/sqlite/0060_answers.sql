-- What the MTA answered to the whole of a released copy, where that did not settle the release.

ALTER TABLE releases ADD COLUMN answer INTEGER;
