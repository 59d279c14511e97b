"""The views of members who agreed to analysis, read as the role that reads nothing else: each whole, by column, of one moment.

Loads pyarrow, which nothing else of the service needs. Rows are in no order.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from chassis.database import Transaction
from pyarrow import csv

_BLOCK = 8 * 1024 * 1024
_SETTINGS = (
    "SELECT set_config('warifu.roster_key', $1, true), set_config('work_mem', $2, true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
"""Two connections are at work already: a third process would take from them."""
_MEMORY, _MEMORY_FOR_CLAIMS = "128MB", "512kB"
"""Of results many of one person follow each other. Claims came month by month: where each was looked up among all names, each would
be a miss of the processor's cache, so both are cut into pieces that fit in there."""
_ITEMS = "SELECT id, code FROM analysis_item WHERE code = ANY ($1::text[])"
_WORD = pa.dictionary(pa.int32(), pa.string())
_DAY = "month - DATE '1970-01-01' AS month"
"""Half as long as a date where there are millions: a number of days, as Arrow has it."""
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _View:
    rows: str
    text: str
    columns: Mapping[str, pa.DataType]


_NUMBER = {"number": pa.int32()}
_PEOPLE = _View(
    "people",
    "SELECT number, encode(name, 'hex') AS name, sex, birth_year, relation, workplace FROM analysis_person",
    {**_NUMBER, "name": pa.string(), "sex": _WORD, "birth_year": pa.int16(), "relation": _WORD, "workplace": _WORD},
)
_CHECKUPS = _View(
    "checkups",
    "SELECT number, month, program, fiscal_year, age FROM analysis_checkup",
    {**_NUMBER, "month": pa.date32(), "program": pa.int16(), "fiscal_year": pa.int16(), "age": pa.int16()},
)
_RESULTS = _View(
    "results",
    f"SELECT number, {_DAY}, program, item_number, value, choice, absent FROM analysis_observation"  # noqa: S608  # our own words
    " WHERE item_number = ANY ($1::smallint[])",
    {
        **_NUMBER,
        "month": pa.int32(),
        "program": pa.int16(),
        "item": pa.int16(),
        **dict.fromkeys(("value", "choice", "absent"), _WORD),
    },
)
_GUIDANCE = _View(
    "guidance",
    "SELECT number, month, stage FROM analysis_guidance",
    {**_NUMBER, "month": pa.date32(), "stage": pa.int16()},
)
_CLAIMS = _View(
    "claims",
    f"SELECT number, {_DAY}, kind, days, points FROM analysis_claim",  # noqa: S608  # our own words
    {**_NUMBER, "month": pa.int32(), "kind": pa.int8(), "days": pa.int16(), "points": pa.int32()},
)
_DIAGNOSES = _View(
    "diagnoses",
    f"SELECT number, {_DAY}, points, bearers, code FROM analysis_diagnosis",  # noqa: S608  # our own words
    {**_NUMBER, "month": pa.int32(), "points": pa.int32(), "bearers": pa.int16(), "code": _WORD},
)
_DRUGS = _View(
    "drugs",
    """
SELECT d.number, extract(year FROM d.month - interval '3 months')::int AS fiscal_year, sum(d.amount) AS replaceable_amount,
       coalesce(sum(d.amount) FILTER (WHERE p.generic), 0) AS generic_amount
FROM analysis_drug d JOIN analysis_price p ON p.code = d.code AND p.replaceable
WHERE d.amount IS NOT NULL AND d.month IS NOT NULL GROUP BY 1, 2""",
    {**_NUMBER, "fiscal_year": pa.int16(), "replaceable_amount": pa.float64(), "generic_amount": pa.float64()},
)
_PARTICIPATION = _View(
    "levels of taking part",
    "SELECT number, half, level FROM analysis_participation",
    {**_NUMBER, "half": pa.date32(), "level": pa.int16()},
)
_SCREENINGS = _View(
    "screenings",
    "SELECT number, fiscal_year, kind FROM analysis_screening",
    {**_NUMBER, "fiscal_year": pa.int16(), "kind": pa.int16()},
)
_PORTAL_USE = _View(
    "portal use",
    "SELECT number, halves, weeks, weeks_before FROM analysis_portal_use",
    {**_NUMBER, "halves": pa.int16(), "weeks": pa.int16(), "weeks_before": pa.int16()},
)


@dataclass(frozen=True, slots=True)
class Read:
    """What the views say; `number` is the person's, the same in all tables and in no other transaction.

    `results`: of checkups by person, month and programme. `diagnoses`: with the points of their claims, and how many share them.
    Months of both and of claims are days since 1970. `drugs`: amounts of a fiscal year of drugs that have generics. `portal_use`:
    in how many weeks of two half-years somebody read something.
    """

    people: pa.Table
    checkups: pa.Table
    results: pa.Table
    guidance: pa.Table
    claims: pa.Table
    diagnoses: pa.Table
    drugs: pa.Table
    participation: pa.Table
    screenings: pa.Table
    portal_use: pa.Table


async def read(tx: Transaction, other: Transaction, roster_key: bytes, items: Sequence[str], told: Told) -> Read:
    """Read everything, with names of everybody by this key of 32 bytes, and of checkups these items.

    Both transactions see one moment, and take about as long: claims and their diagnoses, half of all there is, come by the other.
    """
    for each, memory in ((tx, _MEMORY), (other, _MEMORY_FOR_CLAIMS)):
        await each.run(_SETTINGS, roster_key.hex(), memory)
    more = asyncio.create_task(
        _all(other, told, claims=_CLAIMS, diagnoses=_DIAGNOSES, participation=_PARTICIPATION, screenings=_SCREENINGS)
    )
    try:
        return Read(**await _examined(tx, items, told), **await more)
    finally:
        more.cancel()
        await asyncio.wait([more])


async def _examined(tx: Transaction, items: Sequence[str], told: Told) -> dict[str, pa.Table]:
    codes = {row["id"]: row["code"] for row in await tx.run(_ITEMS, items)}
    results = named(await _table(tx, _RESULTS, told, list(codes)), codes)
    others = await _all(tx, told, people=_PEOPLE, checkups=_CHECKUPS, guidance=_GUIDANCE, drugs=_DRUGS, portal_use=_PORTAL_USE)
    return {"results": results, **others}


async def _all(tx: Transaction, told: Told, **views: _View) -> dict[str, pa.Table]:
    return {name: await _table(tx, view, told) for name, view in views.items()}


def named(results: pa.Table, codes: Mapping[int, str]) -> pa.Table:
    """Name results by the codes of their items."""
    place = np.zeros(max(codes, default=0) + 1, np.int32)
    place[list(codes)] = np.arange(len(codes))
    item = pa.DictionaryArray.from_arrays(place[results["item"].to_numpy()], pa.array(codes.values(), pa.string()))
    return results.set_column(results.column_names.index("item"), "item", item)


async def _table(tx: Transaction, view: _View, told: Told, *arguments: object) -> pa.Table:
    blocks = _Blocks(view.columns, lambda rows: told(f"{rows:,} rows of {view.rows} are read"))
    await (await tx.connection()).copy_from_query(view.text, *arguments, output=blocks.take, format="csv")
    return await blocks.table()


class _Blocks:
    """Lines of COPY as they come. While a block is parsed by another thread the processor is the other connection's."""

    def __init__(self, columns: Mapping[str, pa.DataType], told: Callable[[int], None]) -> None:
        self._columns = columns
        self._told = told
        self._lines = bytearray(_BLOCK)
        self._size = 0
        self._parsed: list[pa.Table] = []

    async def take(self, piece: bytes) -> None:
        """Take what the server sent: whole lines or not, much less than a block."""
        if self._size + len(piece) > _BLOCK:
            await self._parse()
        self._lines[self._size : self._size + len(piece)] = piece
        self._size += len(piece)

    async def table(self) -> pa.Table:
        """Return all rows."""
        await self._parse()
        return pa.concat_tables(self._parsed)

    async def _parse(self) -> None:
        """Parse the whole lines, and go on after them."""
        end = self._lines.rfind(b"\n", 0, self._size) + 1
        self._parsed.append(await asyncio.to_thread(_parse, memoryview(self._lines)[:end], self._columns))
        rest = self._lines[end : self._size]
        self._lines[: len(rest)] = rest
        self._size = len(rest)
        self._told(sum(map(len, self._parsed)))


def _parse(lines: memoryview, columns: Mapping[str, pa.DataType]) -> pa.Table:
    if not lines:
        return pa.schema(columns).empty_table()
    return csv.read_csv(
        pa.BufferReader(pa.py_buffer(lines)),
        csv.ReadOptions(column_names=list(columns), use_threads=False, block_size=len(lines) + 1),
        convert_options=csv.ConvertOptions(column_types=columns, null_values=[""], strings_can_be_null=True),
    )
