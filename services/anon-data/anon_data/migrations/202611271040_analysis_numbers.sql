-- Snapshots are read by the million, so everybody has a number beside the name: what belongs to whom is then found by an index, and
-- neither sorted nor compared by names of 32 bytes. Numbers are in the order of the names, and last no longer than these. Names are
-- made once for each person and statement. Months are cut from days without a look at time zones.
CREATE OR REPLACE VIEW analysed AS
SELECT c.token, sha256((SELECT k.key FROM analysis_key k) || c.token) AS person,
       row_number() OVER (ORDER BY sha256((SELECT k.key FROM analysis_key k) || c.token))::integer AS number
FROM consenting c
WHERE c.purpose = 'analysis';

CREATE OR REPLACE VIEW analysis_person WITH (security_barrier) AS
SELECT a.person, p.sex, p.birth_year, p.relation, p.workplace,
       CASE WHEN length(current_setting('warifu.roster_key', true)) = 64
            THEN sha256(decode(current_setting('warifu.roster_key', true), 'hex') || a.token) END AS name,
       a.number
FROM analysed a JOIN person p ON p.token = a.token;

CREATE OR REPLACE VIEW analysis_checkup WITH (security_barrier) AS
SELECT a.person, date_trunc('month', c.exam_date::timestamp)::date AS month, c.fiscal_year, c.program, c.age, a.number
FROM analysed a JOIN checkup c ON c.token = a.token;

CREATE OR REPLACE VIEW analysis_observation WITH (security_barrier) AS
SELECT a.person, date_trunc('month', o.exam_date::timestamp)::date AS month, o.program, i.code AS item, i.unit, o.value, o.choice,
       o.absent, o.flag, a.number
FROM analysed a JOIN observation o ON o.token = a.token JOIN item i ON i.id = o.item;

CREATE OR REPLACE VIEW analysis_guidance WITH (security_barrier) AS
SELECT a.person, date_trunc('month', g.day::timestamp)::date AS month, g.stage, g.level, a.number
FROM analysed a JOIN guidance g ON g.token = a.token;

CREATE OR REPLACE VIEW analysis_participation WITH (security_barrier) AS
SELECT a.person, p.half, p.level, a.number
FROM analysed a JOIN participation p ON p.token = a.token;

CREATE OR REPLACE VIEW analysis_screening WITH (security_barrier) AS
SELECT a.person, s.fiscal_year, s.kind, a.number
FROM analysed a JOIN screening s ON s.token = a.token;

-- Drugs with the month of their claim.
CREATE OR REPLACE VIEW analysis_drug WITH (security_barrier) AS
SELECT a.person, sha256(k.key || d.claim) AS claim, d.code, d.amount, a.number, c.month
FROM analysed a
JOIN medical_claim_drug d ON d.token = a.token
LEFT JOIN medical_claim c ON c.token = d.token AND c.claim = d.claim
CROSS JOIN analysis_key k;

CREATE OR REPLACE VIEW analysis_portal_use WITH (security_barrier) AS
SELECT a.person,
       least((w.this_week - agreed.day) / 182, 2)::smallint AS halves,
       count(p.week) FILTER (WHERE p.week >= w.this_week - 182)::smallint AS weeks,
       count(p.week) FILTER (WHERE p.week < w.this_week - 182)::smallint AS weeks_before,
       a.number
FROM analysed a
JOIN consenting c ON c.token = a.token AND c.purpose = 'portal-use'
CROSS JOIN (SELECT date_trunc('week', now() AT TIME ZONE 'UTC')::date AS this_week) w
CROSS JOIN LATERAL (SELECT max(k.day) AS day FROM consent k WHERE k.token = a.token AND k.purpose = 'portal-use') agreed
LEFT JOIN portal_week p ON p.token = a.token AND p.week < w.this_week AND p.week >= w.this_week - 364
GROUP BY a.person, a.number, w.this_week, agreed.day;

-- Claims with their diagnoses, a row for each: a claim without any has one of no code. Claims are numbered within the statement, in
-- the order in which its rows are read, and in no other: the number is in no second statement and in no file.
CREATE VIEW analysis_billed WITH (security_barrier) AS
SELECT c.person, c.number, c.place AS claim, c.month, c.kind, c.days, c.points, d.code, d.main
FROM (
    SELECT a.person, a.number, m.token, m.claim, m.month, m.kind, m.days, m.points, (row_number() OVER ())::integer AS place
    FROM analysed a JOIN medical_claim m ON m.token = a.token
) c
LEFT JOIN medical_claim_diagnosis d ON d.token = c.token AND d.claim = c.claim;

-- What is divided among diagnoses is divided by whoever makes a snapshot, of the rows above.
DROP VIEW analysis_diagnosed;
