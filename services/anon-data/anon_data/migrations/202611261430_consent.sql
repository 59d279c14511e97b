-- What members agreed to. Days alone; the daily seal rewrites the table of members.

-- The purposes for which a consent is asked. No member column.
CREATE TABLE consent_purpose (
    -- As in protocol.messages.consents.
    purpose text PRIMARY KEY,
    -- Consents to an earlier version of the text count no more. A test compares it with the texts.
    counts_from smallint NOT NULL CONSTRAINT consent_purpose_counts_from CHECK (counts_from > 0)
);
INSERT INTO consent_purpose (purpose, counts_from) VALUES ('analysis', 1), ('household', 1), ('messages', 1), ('portal-use', 1);

-- A member's last word of a day about one purpose. Of each purpose the newest few are kept.
CREATE TABLE consent (
    -- The mailbox.
    token bytea NOT NULL REFERENCES mailbox (token),
    -- What it is about.
    purpose text NOT NULL REFERENCES consent_purpose (purpose),
    -- UTC.
    day date NOT NULL,
    -- Given, or withdrawn.
    given boolean NOT NULL,
    -- Of the text that the member was shown.
    version smallint NOT NULL CONSTRAINT consent_version CHECK (version > 0),
    PRIMARY KEY (token, purpose, day)
);

-- The consents that stand: the last word, given, to a version that counts.
CREATE VIEW consenting AS
SELECT c.token, c.purpose
FROM consent c
JOIN consent_purpose p ON p.purpose = c.purpose
WHERE c.given AND c.version >= p.counts_from
  AND NOT EXISTS (SELECT FROM consent later WHERE later.token = c.token AND later.purpose = c.purpose AND later.day > c.day);

-- Whose records may be analysed. Whatever leaves this database for analysis joins its rows with this.
CREATE VIEW analysis_person AS
SELECT p.token, p.sex, p.birth_year, p.relation, p.workplace
FROM person p
JOIN consenting c ON c.token = p.token AND c.purpose = 'analysis';
