-- Who took part in which cancer screening in a fiscal year, as the insurer's bills say: never a result, a place or a day.
CREATE TABLE screening (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT screening_token_size CHECK (octet_length(token) = 32),
    -- The year in which the Japanese fiscal year (1 April) began.
    fiscal_year smallint NOT NULL,
    -- As in protocol.messages.screenings, from 1.
    kind smallint NOT NULL CONSTRAINT screening_kind CHECK (kind BETWEEN 1 AND 5),
    PRIMARY KEY (token, fiscal_year, kind)
);

CREATE VIEW analysis_screening WITH (security_barrier) AS
SELECT a.person, s.fiscal_year, s.kind
FROM analysed a JOIN screening s ON s.token = a.token;
