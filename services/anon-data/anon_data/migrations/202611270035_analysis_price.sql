-- Of which drugs a generic is counted by analysis, and of which there could be one. No member column.
CREATE VIEW analysis_price WITH (security_barrier) AS
SELECT p.code, p.generic,
       coalesce(p.family IN (SELECT g.family FROM drug_price g WHERE g.generic), false) AS replaceable
FROM drug_price p;
