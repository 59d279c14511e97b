-- What analysis may read: whoever agreed to it, under a name that lasts a day, days rounded to months. The role that reads these
-- views reads no table. Each view is a barrier: no condition of whoever asks is looked at before the consent.

-- The key of the names under which members are analysed. Made anew by each fold, so that two copies of different days share no name.
CREATE TABLE analysis_key (
    -- Always true: there is one row.
    single boolean PRIMARY KEY DEFAULT true CONSTRAINT analysis_key_is_one_row CHECK (single),
    -- 32 bytes.
    key bytea NOT NULL CONSTRAINT analysis_key_size CHECK (octet_length(key) = 32)
);
INSERT INTO analysis_key (key) VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

DROP VIEW analysis_person;

-- Whose records may be analysed, and under which name. For the views below alone.
CREATE VIEW analysed AS
SELECT c.token, sha256(k.key || c.token) AS person
FROM consenting c CROSS JOIN analysis_key k
WHERE c.purpose = 'analysis';

CREATE VIEW analysis_person WITH (security_barrier) AS
SELECT a.person, p.sex, p.birth_year, p.relation, p.workplace
FROM analysed a JOIN person p ON p.token = a.token;

CREATE VIEW analysis_checkup WITH (security_barrier) AS
SELECT a.person, date_trunc('month', c.exam_date)::date AS month, c.fiscal_year, c.program, c.age
FROM analysed a JOIN checkup c ON c.token = a.token;

CREATE VIEW analysis_observation WITH (security_barrier) AS
SELECT a.person, date_trunc('month', o.exam_date)::date AS month, o.program, i.code AS item, i.unit, o.value, o.choice, o.absent, o.flag
FROM analysed a JOIN observation o ON o.token = a.token JOIN item i ON i.id = o.item;

CREATE VIEW analysis_claim WITH (security_barrier) AS
SELECT a.person, sha256(k.key || c.claim) AS claim, c.month, c.kind, c.inpatient, c.days, c.points, c.own_payment, c.estimated
FROM analysed a JOIN medical_claim c ON c.token = a.token CROSS JOIN analysis_key k;

CREATE VIEW analysis_diagnosis WITH (security_barrier) AS
SELECT a.person, sha256(k.key || d.claim) AS claim, d.code, d.main
FROM analysed a JOIN medical_claim_diagnosis d ON d.token = a.token CROSS JOIN analysis_key k;

CREATE VIEW analysis_drug WITH (security_barrier) AS
SELECT a.person, sha256(k.key || d.claim) AS claim, d.code, d.amount
FROM analysed a JOIN medical_claim_drug d ON d.token = a.token CROSS JOIN analysis_key k;

CREATE VIEW analysis_guidance WITH (security_barrier) AS
SELECT a.person, date_trunc('month', g.day)::date AS month, g.stage, g.level
FROM analysed a JOIN guidance g ON g.token = a.token;

-- A month's mean of what was measured at home, and on how many days.
CREATE VIEW analysis_vital WITH (security_barrier) AS
SELECT a.person, date_trunc('month', v.day)::date AS month, v.kind, avg(v.value) AS mean, count(*)::smallint AS days
FROM analysed a JOIN vital v ON v.token = a.token
WHERE v.value IS NOT NULL
GROUP BY a.person, date_trunc('month', v.day), v.kind;
