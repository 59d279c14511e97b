-- How much a member took part in programs in a half-year: told by the device, by consent, in three levels and mixed with chance.

-- Levels as they were told. Filled by the fold, sorted by token. No day of telling.
CREATE TABLE participation (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT participation_token_size CHECK (octet_length(token) = 32),
    -- First day of the half-year.
    half date NOT NULL CONSTRAINT participation_half CHECK (extract(day FROM half) = 1 AND extract(month FROM half) IN (4, 10)),
    -- 0 none, 1 some, 2 regular: the truth half of the time, else one of the three by chance.
    level smallint NOT NULL CONSTRAINT participation_level CHECK (level BETWEEN 0 AND 2),
    PRIMARY KEY (token, half)
);

-- Told since the last seal.
CREATE TABLE participation_inbox (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT participation_inbox_token_size CHECK (octet_length(token) = 32),
    -- As in participation.
    half date NOT NULL CONSTRAINT participation_inbox_half CHECK (extract(day FROM half) = 1 AND extract(month FROM half) IN (4, 10)),
    -- As in participation.
    level smallint NOT NULL CONSTRAINT participation_inbox_level CHECK (level BETWEEN 0 AND 2),
    PRIMARY KEY (token, half)
);

CREATE VIEW participations AS
SELECT token, half, level FROM participation
UNION ALL
SELECT token, half, level FROM participation_inbox;

-- What analysis reads. Counts are corrected: of N members n with a level stand for 2n - N/3.
CREATE VIEW analysis_participation WITH (security_barrier) AS
SELECT a.person, p.half, p.level
FROM analysed a JOIN participation p ON p.token = a.token;
