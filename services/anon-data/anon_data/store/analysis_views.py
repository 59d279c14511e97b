"""The views of members who agreed to analysis, read as the role that reads nothing else: each whole, by column, of one moment.

Loads pyarrow, which nothing else of the service needs. Rows are in no order. COPY's lines are parsed while the next are on the way.
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
_MEMORY, _MEMORY_FOR_CLAIMS = "128MB", "4MB"
"""Names of half a million stay in memory. Claims would not: they meet their diagnoses in pieces that stay in the cache."""
_ITEMS = "SELECT id, code FROM analysis_item WHERE code = ANY ($1::text[])"
_WORD = pa.dictionary(pa.int32(), pa.string())
_DAY = "month - DATE '1970-01-01' AS month"
"""Half as long as a date where there are millions: a number of days, as Arrow has it."""
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _View:
    text: str
    columns: Mapping[str, pa.DataType]


_NUMBER = {"number": pa.int32()}
_PEOPLE = _View(
    "SELECT number, encode(name, 'hex') AS name, sex, birth_year, relation, workplace FROM analysis_person",
    {**_NUMBER, "name": pa.string(), "sex": _WORD, "birth_year": pa.int16(), "relation": _WORD, "workplace": _WORD},
)
_CHECKUPS = _View(
    "SELECT number, month, program, fiscal_year, age FROM analysis_checkup",
    {**_NUMBER, "month": pa.date32(), "program": pa.int16(), "fiscal_year": pa.int16(), "age": pa.int16()},
)
_RESULTS = _View(
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
_GUIDANCE = _View("SELECT number, month, stage FROM analysis_guidance", {**_NUMBER, "month": pa.date32(), "stage": pa.int16()})
_BILLED = _View(
    f"SELECT number, claim, {_DAY}, kind, days, points, code, main FROM analysis_billed",  # noqa: S608  # our own words
    {
        **_NUMBER,
        "claim": pa.int32(),
        "month": pa.int32(),
        "kind": pa.int8(),
        "days": pa.int16(),
        "points": pa.int32(),
        "code": _WORD,
        "main": pa.bool_(),
    },
)
_DRUGS = _View(
    """
SELECT d.number, extract(year FROM d.month - interval '3 months')::int AS fiscal_year, sum(d.amount) AS replaceable_amount,
       coalesce(sum(d.amount) FILTER (WHERE p.generic), 0) AS generic_amount
FROM analysis_drug d JOIN analysis_price p ON p.code = d.code AND p.replaceable
WHERE d.amount IS NOT NULL AND d.month IS NOT NULL GROUP BY 1, 2""",
    {**_NUMBER, "fiscal_year": pa.int16(), "replaceable_amount": pa.float64(), "generic_amount": pa.float64()},
)
_PARTICIPATION = _View(
    "SELECT number, half, level FROM analysis_participation", {**_NUMBER, "half": pa.date32(), "level": pa.int16()}
)
_SCREENINGS = _View(
    "SELECT number, fiscal_year, kind FROM analysis_screening", {**_NUMBER, "fiscal_year": pa.int16(), "kind": pa.int16()}
)
_PORTAL_USE = _View(
    "SELECT number, halves, weeks, weeks_before FROM analysis_portal_use",
    {**_NUMBER, "halves": pa.int16(), "weeks": pa.int16(), "weeks_before": pa.int16()},
)


@dataclass(frozen=True, slots=True)
class Read:
    """What the views say; `number` is the person's, the same in all tables and in no other transaction.

    `results`: of checkups by person, month and programme. `billed`: a row for each diagnosis of a claim, or one without. Months of
    both are days since 1970. `drugs`: amounts of a fiscal year of drugs that have generics. `portal_use`: in how many weeks of two
    half-years somebody read something.
    """

    people: pa.Table
    checkups: pa.Table
    results: pa.Table
    guidance: pa.Table
    billed: pa.Table
    drugs: pa.Table
    participation: pa.Table
    screenings: pa.Table
    portal_use: pa.Table


async def read(tx: Transaction, other: Transaction, roster_key: bytes, items: Sequence[str], told: Told) -> Read:
    """Read everything, with names of everybody by this key of 32 bytes, and of checkups these items.

    Both transactions see one moment. Claims, more than half of all there is, come by the other: their lines alone are read ahead,
    so that the processor is theirs first.
    """
    for each, memory in ((tx, _MEMORY), (other, _MEMORY_FOR_CLAIMS)):
        await each.run(_SETTINGS, roster_key.hex(), memory)
    billed = asyncio.create_task(_table(other, _BILLED, "diagnoses", told, ahead=True))
    try:
        codes = {row["id"]: row["code"] for row in await tx.run(_ITEMS, items)}
        return Read(
            people=await _table(tx, _PEOPLE, "people", told),
            checkups=await _table(tx, _CHECKUPS, "checkups", told),
            results=named(await _table(tx, _RESULTS, "results", told, list(codes)), codes),
            guidance=await _table(tx, _GUIDANCE, "guidance", told),
            drugs=await _table(tx, _DRUGS, "drugs", told),
            participation=await _table(tx, _PARTICIPATION, "levels of taking part", told),
            screenings=await _table(tx, _SCREENINGS, "screenings", told),
            portal_use=await _table(tx, _PORTAL_USE, "portal use", told),
            billed=await billed,
        )
    finally:
        billed.cancel()
        await asyncio.wait([billed])


def named(results: pa.Table, codes: Mapping[int, str]) -> pa.Table:
    """Name results by the codes of their items."""
    place = np.zeros(max(codes, default=0) + 1, np.int32)
    place[list(codes)] = np.arange(len(codes))
    item = pa.DictionaryArray.from_arrays(place[results["item"].to_numpy()], pa.array(codes.values(), pa.string()))
    return results.set_column(results.column_names.index("item"), "item", item)


async def _table(tx: Transaction, view: _View, name: str, told: Told, *arguments: object, ahead: bool = False) -> pa.Table:
    blocks = _Blocks(view.columns, lambda rows: told(f"{rows:,} rows of {name} are read"), ahead=ahead)
    await (await tx.connection()).copy_from_query(view.text, *arguments, output=blocks.take, format="csv")
    return await blocks.table()


class _Blocks:
    """Lines of COPY as they come, parsed by another thread; `ahead`: one buffer is filled while those of the other are parsed."""

    def __init__(self, columns: Mapping[str, pa.DataType], told: Callable[[int], None], *, ahead: bool = False) -> None:
        self._columns = columns
        self._told = told
        self._ahead = ahead
        self._filled, self._other = bytearray(_BLOCK), bytearray(_BLOCK)
        self._size = 0
        self._parsed: list[pa.Table] = []
        self._parsing: asyncio.Task[pa.Table] | None = None

    async def take(self, piece: bytes) -> None:
        """Take what the server sent: whole lines or not, much less than a block."""
        if self._size + len(piece) > _BLOCK:
            await self._parse()
            if not self._ahead:
                await self._finish()
        self._filled[self._size : self._size + len(piece)] = piece
        self._size += len(piece)

    async def table(self) -> pa.Table:
        """Return all rows."""
        await self._parse()
        await self._finish()
        return pa.concat_tables(self._parsed)

    async def _parse(self) -> None:
        """Let the whole lines be parsed, and go on after them in the other buffer."""
        await self._finish()
        end = self._filled.rfind(b"\n", 0, self._size) + 1
        lines, rest = memoryview(self._filled)[:end], self._filled[end : self._size]
        self._filled, self._other = self._other, self._filled
        self._filled[: len(rest)] = rest
        self._size = len(rest)
        self._parsing = asyncio.create_task(asyncio.to_thread(_parse, lines, self._columns))

    async def _finish(self) -> None:
        if self._parsing is not None:
            self._parsed.append(await self._parsing)
            self._parsing = None
            self._told(sum(map(len, self._parsed)))


def _parse(lines: bytes | memoryview, columns: Mapping[str, pa.DataType]) -> pa.Table:
    if not lines:
        return pa.schema(columns).empty_table()
    return csv.read_csv(
        pa.BufferReader(pa.py_buffer(lines)),
        csv.ReadOptions(column_names=list(columns), use_threads=False, block_size=len(lines) + 1),
        convert_options=csv.ConvertOptions(
            column_types=columns, null_values=[""], strings_can_be_null=True, true_values=["t"], false_values=["f"]
        ),
    )
