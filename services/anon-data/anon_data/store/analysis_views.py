"""The views of members who agreed to analysis, read as the role that reads nothing else, each in the order of persons."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

from chassis.database import Transaction

_PAGE = 2_000
_NAME_BY = "SELECT set_config('warifu.roster_key', $1, true)"
_NUMBER = "SELECT count(*) AS number FROM analysis_person"
_PEOPLE = "SELECT person, name, sex, birth_year, relation, workplace FROM analysis_person ORDER BY person"
# Two checkups of one month and programme are one here: their days are not known.
_RESULTS = """
SELECT c.person, c.fiscal_year, c.month, c.program, c.age, o.item, o.value, o.choice, o.absent
FROM (SELECT person, month, program, max(fiscal_year) AS fiscal_year, max(age) AS age FROM analysis_checkup GROUP BY 1, 2, 3) c
LEFT JOIN analysis_observation o
    ON o.person = c.person AND o.month = c.month AND o.program = c.program AND o.item = ANY ($1::text[])
ORDER BY c.person, c.month, c.program DESC, o.item, o.value, o.choice"""
_GUIDANCE = "SELECT person, month, stage FROM analysis_guidance ORDER BY person, month, stage"
_COSTS = """
SELECT person, extract(year FROM month - interval '3 months')::int AS fiscal_year, 10 * sum(points) AS yen,
       count(*) FILTER (WHERE kind IN (1, 2)) AS medical_claims,
       coalesce(sum(days) FILTER (WHERE kind IN (1, 2)), 0) AS medical_days,
       10 * coalesce(sum(points) FILTER (WHERE kind IN (1, 2)), 0) AS medical_yen
FROM analysis_claim GROUP BY 1, 2 ORDER BY 1, 2"""
_DRUGS = """
SELECT d.person, extract(year FROM c.month - interval '3 months')::int AS fiscal_year, sum(d.amount) AS replaceable_amount,
       coalesce(sum(d.amount) FILTER (WHERE p.generic), 0) AS generic_amount
FROM analysis_drug d
JOIN analysis_claim c ON c.person = d.person AND c.claim = d.claim
JOIN analysis_price p ON p.code = d.code AND p.replaceable
WHERE d.amount IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
_LEVELS = "SELECT person, half, level FROM analysis_participation ORDER BY person, half"
_VISITS = "SELECT DISTINCT person, month FROM analysis_claim WHERE kind IN (1, 2) ORDER BY person, month"
_PORTAL_USE = "SELECT person, halves, weeks, weeks_before FROM analysis_portal_use ORDER BY person"
_DIAGNOSED = "SELECT person, fiscal_year, code, yen FROM analysis_diagnosed ORDER BY person, fiscal_year, code"
_SCREENINGS = "SELECT person, fiscal_year, kind FROM analysis_screening ORDER BY person, fiscal_year, kind"
_SCREENED = "SELECT DISTINCT fiscal_year, kind FROM analysis_screening"
_LAST_CLAIMS = "SELECT max(month) AS month FROM analysis_claim"
_YEARS = """
SELECT fiscal_year, max(months)::int AS months FROM (
    SELECT extract(year FROM month - interval '3 months')::int AS fiscal_year, count(DISTINCT month) AS months
    FROM analysis_claim GROUP BY 1
    UNION ALL SELECT DISTINCT fiscal_year, 0 FROM analysis_checkup
) y GROUP BY 1 ORDER BY 1"""

Rows = AsyncIterator[Sequence[Any]]
"""Pages of rows."""


async def name_by(tx: Transaction, key: bytes) -> None:
    """Let everybody have a name by this key, of 32 bytes, until the transaction ends."""
    await tx.run(_NAME_BY, key.hex())


async def fiscal_years(tx: Transaction) -> dict[int, int]:
    """Return the fiscal years of which there are checkups or claims, and in how many months of each there are claims."""
    return {row["fiscal_year"]: row["months"] for row in await tx.run(_YEARS)}


async def last_claims(tx: Transaction) -> date | None:
    """Return the latest month of which there are claims."""
    month: date | None = (await tx.run(_LAST_CLAIMS))[0]["month"]
    return month


async def number(tx: Transaction) -> int:
    """Return how many people there are."""
    found: int = (await tx.run(_NUMBER))[0]["number"]
    return found


async def people(tx: Transaction) -> Rows:
    """Return everybody: person, name by the key, sex, birth_year, relation, workplace."""
    return await _rows(tx, _PEOPLE)


async def results(tx: Transaction, items: Sequence[str]) -> Rows:
    """Return checkups, the earlier first, a row for each of these items; one without any has a row of no item."""
    return await _rows(tx, _RESULTS, items)


async def guidance(tx: Transaction) -> Rows:
    """Return reports of guidance: month, stage."""
    return await _rows(tx, _GUIDANCE)


async def costs(tx: Transaction) -> Rows:
    """Return what claims of a fiscal year add up to."""
    return await _rows(tx, _COSTS)


async def drugs(tx: Transaction) -> Rows:
    """Return the amounts of a fiscal year of drugs that have generics."""
    return await _rows(tx, _DRUGS)


async def diagnosed(tx: Transaction) -> Rows:
    """Return what was billed for each code of a diagnosis in a fiscal year."""
    return await _rows(tx, _DIAGNOSED)


async def screenings(tx: Transaction) -> Rows:
    """Return who took part in which cancer screening: fiscal_year, kind."""
    return await _rows(tx, _SCREENINGS)


async def screened(tx: Transaction) -> frozenset[tuple[int, int]]:
    """Return the fiscal years and kinds of screenings in which anybody took part."""
    return frozenset((row["fiscal_year"], row["kind"]) for row in await tx.run(_SCREENED))


async def visits(tx: Transaction) -> Rows:
    """Return the months of which there are medical claims."""
    return await _rows(tx, _VISITS)


async def portal_use(tx: Transaction) -> Rows:
    """Return of two half-years in how many weeks somebody read something: halves, weeks, weeks_before."""
    return await _rows(tx, _PORTAL_USE)


async def participation(tx: Transaction) -> Rows:
    """Return levels of half-years as they were told."""
    return await _rows(tx, _LEVELS)


async def _rows(tx: Transaction, text: str, *arguments: object) -> Rows:
    cursor = await (await tx.connection()).cursor(text, *arguments)

    async def pages() -> Rows:
        while page := await cursor.fetch(_PAGE):
            yield page

    return pages()
