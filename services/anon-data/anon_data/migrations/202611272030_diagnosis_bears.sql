-- A diagnosis says itself what analysis would have to look up at its claim, for each of millions: of which month it is, and which
-- part of the claim's cost it bears. Both are written once, with the claim, and never change without it.

-- medical_claim.month
ALTER TABLE medical_claim_diagnosis ADD COLUMN month date;
-- medical_claim.points
ALTER TABLE medical_claim_diagnosis ADD COLUMN points integer;
-- Among how many diagnoses of the claim its points are divided evenly: its main ones, or where none is marked all. 0: others are the
-- main ones, and this one bears nothing.
ALTER TABLE medical_claim_diagnosis ADD COLUMN bearers smallint
    CONSTRAINT medical_claim_diagnosis_bearers CHECK (bearers >= 0);

UPDATE medical_claim_diagnosis d
SET month = c.month, points = c.points, bearers = CASE WHEN d.main THEN s.mains WHEN s.mains > 0 THEN 0 ELSE s.codes END
FROM medical_claim c, (
    SELECT token, claim, count(*) AS codes, count(*) FILTER (WHERE main) AS mains FROM medical_claim_diagnosis GROUP BY token, claim
) s
WHERE c.token = d.token AND c.claim = d.claim AND s.token = d.token AND s.claim = d.claim;

ALTER TABLE medical_claim_diagnosis
    ALTER COLUMN month SET NOT NULL, ALTER COLUMN points SET NOT NULL, ALTER COLUMN bearers SET NOT NULL;

-- So claims and diagnoses are read each by itself, and which belong together is nothing that a snapshot's maker learns.
DROP VIEW analysis_billed;

CREATE OR REPLACE VIEW analysis_claim WITH (security_barrier) AS
SELECT a.person, sha256((SELECT k.key FROM analysis_key k) || c.claim) AS claim, c.month, c.kind, c.inpatient, c.days, c.points,
       c.own_payment, c.estimated, a.number
FROM analysed a JOIN medical_claim c ON c.token = a.token;

CREATE OR REPLACE VIEW analysis_diagnosis WITH (security_barrier) AS
SELECT a.person, sha256((SELECT k.key FROM analysis_key k) || d.claim) AS claim, d.code, d.main, a.number, d.month, d.points, d.bearers
FROM analysed a JOIN medical_claim_diagnosis d ON d.token = a.token;
