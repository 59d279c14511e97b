"""Health records of invented members in a schema of their own at anon-data, with the views of analysis over them.

Each member has agreed, has two checkups of 20 results, 16 claims in two fiscal years with one or two diagnoses, and a level of
taking part. Sealed details are left out.
"""

import asyncpg
from health.items import items

SCHEMA = "bench_records"
TABLES = ("person", "checkup", "observation", "medical_claim", "medical_claim_diagnosis", "participation", "consent")
"""What a snapshot reads."""
_VIEWS = ("consenting", "analysed")
_RESULTS = {
    "body-height": (150, 30),
    "body-weight": (45, 45),
    "body-mass-index": (18, 14),
    "waist-circumference": (65, 40),
    "systolic-blood-pressure": (100, 60),
    "diastolic-blood-pressure": (60, 45),
    "triglycerides-fasting": (50, 200),
    "hdl-cholesterol": (35, 50),
    "ldl-cholesterol": (70, 120),
    "glucose-fasting": (80, 50),
    "hba1c-ngsp": (5, 2),
    "ast": (10, 40),
    "alt": (10, 40),
    "gamma-gt": (10, 90),
    "smoking": (1, 2),
    "medication-blood-pressure": (1, 2),
    "medication-glucose": (1, 2),
    "medication-lipids": (1, 2),
    "exercise-habit": (1, 2),
    "walking-speed": (1, 2),
}
"""From which value on, and over how much; of questions the lowest code and how many there are."""
NUMBERS = {name: number for number, name in enumerate(_RESULTS, 1)}
"""Numbers of the items in the table of results."""
_CHOICES = NUMBERS["smoking"]
_CODES = 100
CLASSES = {f"{8_800_000 + number}": f"{1 + number % 18:02}{1 + number // 18:02}" for number in range(_CODES)}
"""Classes of the diagnoses."""
_FILL = """
SELECT setseed(0.5);
INSERT INTO {schema}.person (token, sex, birth_year, relation, workplace)
    SELECT token, (ARRAY['male', 'female'])[1 + n % 2], 1945 + n / 2 % 60, 'insured',
           'w' || least(floor(-50 * ln(1 - random())), 400)
    FROM (SELECT n, sha256(int4send(n)) AS token FROM generate_series(1, $1::int) n) t ORDER BY token;
INSERT INTO {schema}.consent (token, purpose, day, given, version)
    SELECT token, 'analysis', '2026-01-01', true, 1000 FROM {schema}.person;
INSERT INTO {schema}.participation (token, half, level)
    SELECT token, half, floor(3 * random()) FROM {schema}.person, unnest(ARRAY['2024-10-01', '2025-10-01']::date[]) half;
INSERT INTO {schema}.checkup (exam_date, fiscal_year, program, age, token, content)
    SELECT make_date(year, 6, 1), year, 10, year - birth_year, token, sha256(token)
    FROM {schema}.person, generate_series(2024, 2025) year ORDER BY token, year;
INSERT INTO {schema}.observation (exam_date, program, item, token, value, choice)
    SELECT exam_date, program, r.item, token,
           CASE WHEN r.item < {choices} THEN round((r.low + r.span * random())::numeric, 1) END,
           CASE WHEN r.item >= {choices} THEN (r.low + floor(r.span * random()))::int::text END
    FROM {schema}.checkup, (VALUES {results}) AS r (item, low, span);
INSERT INTO {schema}.medical_claim (month, points, own_payment, days, kind, inpatient, estimated, token, claim, content)
    SELECT '2024-04-01'::date + make_interval(months => (k * 3) % 24), 300 + floor(-1500 * ln(1 - random())), 0, 1 + k % 3, 1,
           false, false, token, substr(sha256(token || int4send(k)), 1, 16), token
    FROM {schema}.person, generate_series(1, 16) k;
INSERT INTO {schema}.medical_claim_diagnosis (main, token, claim, code, month, points, bearers)
    SELECT true, token, claim, (8800000 + ({codes} / 2) * n + floor({codes} / 2 * random() * random()))::int::text, month, points,
           1 + points % 2
    FROM {schema}.medical_claim, generate_series(0, points % 2) n;
"""


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", members: int) -> None:
    """Make tables and views in the schema, which is there and empty."""
    for table in (*TABLES, "item", "medical_claim_drug", "guidance", "screening", "portal_week"):
        await connection.execute(f"CREATE UNLOGGED TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
    by_name = {item.name: item.code for item in reversed(items())}
    named = [
        (number, by_name[name], name, name, "ordinal" if number >= _CHOICES else "quantity") for name, number in NUMBERS.items()
    ]
    await connection.executemany(f"INSERT INTO {SCHEMA}.item (id, code, name, display, kind) VALUES ($1, $2, $3, $4, $5)", named)
    results = ", ".join(f"({NUMBERS[name]}, {low}, {span})" for name, (low, span) in _RESULTS.items())
    for text in _FILL.format(schema=SCHEMA, choices=_CHOICES, results=results, codes=_CODES).split(";")[:-1]:
        await connection.execute(text.replace("$1::int", str(members)))
    for table in TABLES:
        await connection.execute(f"VACUUM (ANALYZE) {SCHEMA}.{table}")
    await _views(connection)


async def _views(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make the views of analysis anew over the tables of the schema."""
    await connection.execute("SET search_path = public")
    found = await connection.fetch("SELECT viewname FROM pg_views WHERE schemaname = 'public' AND viewname LIKE 'analysis\\_%'")
    names = [*_VIEWS, *(row["viewname"] for row in found)]
    texts = {name: await connection.fetchval("SELECT pg_get_viewdef($1::text::regclass)", name) for name in names}
    await connection.execute(f"SET search_path = {SCHEMA}, public")
    for name, text in texts.items():
        await connection.execute(f"CREATE VIEW {SCHEMA}.{name} WITH (security_barrier = {name not in _VIEWS}) AS {text}")
