-- What somebody was treated for in a fiscal year: each code of medical, DPC and dental claims, with what it cost. A claim's cost is
-- divided evenly among its main diagnoses, or where none is marked among all of them. Neither claims nor months leave.
CREATE VIEW analysis_diagnosed WITH (security_barrier) AS
SELECT a.person, extract(year FROM c.month - interval '3 months')::smallint AS fiscal_year, d.code,
       coalesce(sum(10.0 * c.points / d.bearing) FILTER (WHERE d.bears), 0) AS yen
FROM analysed a
JOIN (
    SELECT token, claim, code, main OR NOT any_main AS bears, CASE WHEN any_main THEN mains ELSE codes END AS bearing
    FROM (
        SELECT token, claim, code, main, bool_or(main) OVER w AS any_main, count(*) FILTER (WHERE main) OVER w AS mains,
               count(*) OVER w AS codes
        FROM medical_claim_diagnosis
        WINDOW w AS (PARTITION BY token, claim)
    ) marked
) d ON d.token = a.token
JOIN medical_claim c ON c.token = d.token AND c.claim = d.claim
GROUP BY a.person, extract(year FROM c.month - interval '3 months'), d.code;
