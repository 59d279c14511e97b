-- Who agreed to analysis is found by one look at the consents, where consenting, made for one member at a time, compares each with
-- all others: a snapshot asks it of everybody in each statement.
CREATE OR REPLACE VIEW analysed AS
SELECT said.token, sha256((SELECT k.key FROM analysis_key k) || said.token) AS person,
       row_number() OVER (ORDER BY sha256((SELECT k.key FROM analysis_key k) || said.token))::integer AS number
FROM (
    SELECT DISTINCT ON (c.token) c.token, c.given AND c.version >= p.counts_from AS stands
    FROM consent c
    JOIN consent_purpose p ON p.purpose = c.purpose
    WHERE c.purpose = 'analysis'
    ORDER BY c.token, c.day DESC
) said
WHERE said.stands;
