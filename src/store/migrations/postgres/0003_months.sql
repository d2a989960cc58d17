-- The daily counts once more by month: a year of a million cases is then read from some ten thousand rows.

CREATE TABLE months (
    month      TEXT NOT NULL,
    measure    TEXT NOT NULL,
    label      TEXT NOT NULL,
    department TEXT NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (month, measure, label, department)
);
INSERT INTO months (month, measure, label, department, count)
    SELECT substr(day, 1, 7), measure, label, department, CAST(sum(count) AS BIGINT) FROM days GROUP BY 1, 2, 3, 4;
