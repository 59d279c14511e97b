-- What the nightly recount of running contests found. No member column.
CREATE TABLE recount_night (
    -- The day in Japan.
    day date PRIMARY KEY,
    -- Running contests that were counted anew.
    contests integer NOT NULL,
    -- Days of teams whose running total was another.
    team_days integer NOT NULL,
    -- Entries whose running total or active days were others.
    entries integer NOT NULL
);
