-- How often whoever agreed to analysis and to notes of portal use read something: in two half-years of 26 weeks that end with the
-- week before this one. Nothing finer than a half-year leaves. Who did not read has a row too.
CREATE VIEW analysis_portal_use WITH (security_barrier) AS
SELECT a.person,
       -- How many of the two half-years the consent has lasted for.
       least((w.this_week - agreed.day) / 182, 2)::smallint AS halves,
       count(p.week) FILTER (WHERE p.week >= w.this_week - 182)::smallint AS weeks,
       count(p.week) FILTER (WHERE p.week < w.this_week - 182)::smallint AS weeks_before
FROM analysed a
JOIN consenting c ON c.token = a.token AND c.purpose = 'portal-use'
CROSS JOIN (SELECT date_trunc('week', now() AT TIME ZONE 'UTC')::date AS this_week) w
CROSS JOIN LATERAL (SELECT max(k.day) AS day FROM consent k WHERE k.token = a.token AND k.purpose = 'portal-use') agreed
LEFT JOIN portal_week p ON p.token = a.token AND p.week < w.this_week AND p.week >= w.this_week - 364
GROUP BY a.person, w.this_week, agreed.day;
