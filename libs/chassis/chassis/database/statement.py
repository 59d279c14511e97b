"""Statements: written with SQLAlchemy Core, compiled once at import, run by asyncpg with positional arguments.

SQLAlchemy's own asynchronous execution costs three to four times the CPU of asyncpg for each query.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from asyncpg import Record
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from chassis.database.pool import Transaction

# SQLAlchemy's dialects are untyped at their constructors.
_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


class NotOneRow(LookupError):  # reads as what happened
    """A statement that should give one row gave none or several; says how many."""


class Statement:
    """One SQL text with named parameters. Values go to asyncpg as they are: SQLAlchemy's type processors do not run."""

    def __init__(self, text: str, order: Sequence[str], fixed: Mapping[str, object], required: Iterable[str]) -> None:
        """Keep the text, its parameters in positional order, the values written in the construct, and the names to be given."""
        self.text = text
        self._order = tuple(order)
        self._fixed = dict(fixed)
        self._required = frozenset(required)

    async def all(self, tx: Transaction, /, **params: object) -> list[Record]:
        """Return every row."""
        return await tx.fetch(self.text, self.arguments(params))

    async def one_or_none(self, tx: Transaction, /, **params: object) -> Record | None:
        """Return the row, or None; raises NotOneRow when there are several."""
        rows = await self.all(tx, **params)
        if len(rows) > 1:
            raise NotOneRow(f"{len(rows)} rows")
        return rows[0] if rows else None

    async def one(self, tx: Transaction, /, **params: object) -> Record:
        """Return the row; raises NotOneRow when there is none or there are several."""
        row = await self.one_or_none(tx, **params)
        if row is None:
            raise NotOneRow("0 rows")
        return row

    async def scalar(self, tx: Transaction, /, **params: object) -> Any:
        """Return the first column of the row, or None when there is no row."""
        row = await self.one_or_none(tx, **params)
        return None if row is None else row[0]

    async def execute(self, tx: Transaction, /, **params: object) -> int:
        """Run the statement and return how many rows it touched."""
        return await tx.execute(self.text, self.arguments(params))

    async def many(self, tx: Transaction, /, rows: Iterable[Mapping[str, object]]) -> None:
        """Run the statement once for each row of parameters, pipelined; the whole is atomic."""
        await tx.execute_many(self.text, [self.arguments(row) for row in rows])

    def arguments(self, params: Mapping[str, object]) -> list[object]:
        """Return the positional arguments; raises TypeError naming a missing or an unknown parameter."""
        if params.keys() != self._required:
            missing = sorted(self._required - params.keys())
            unknown = sorted(params.keys() - self._required)
            parts = [f"missing {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(unknown)}"] * bool(unknown)
            raise TypeError(f"parameters: {'; '.join(parts)}")
        return [params[name] if name in params else self._fixed[name] for name in self._order]


def statement(construct: Executable) -> Statement:
    """Compile a SQLAlchemy Core construct for asyncpg.

    Raises TypeError for what asyncpg could not be given: a Python-side default of a column, an ``in_`` over a parameter (write
    ``column == sa.any_(sa.bindparam("ids", type_=ARRAY(...)))``). An ``insert(table)`` or ``update(table)`` without values
    takes every column as a parameter, so write ``.values(...)``.
    """
    assert isinstance(construct, ClauseElement)
    try:
        compiled = construct.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    except InvalidRequestError:
        message = "in_() over a parameter has no fixed text; use sa.any_(sa.bindparam(..., type_=ARRAY(...)))"
        raise TypeError(message) from None
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only queries and changes of rows are statements")
    if compiled.insert_prefetch or compiled.update_prefetch:
        raise TypeError("a column's Python-side default does not run here; give the value or use a server default")
    order = compiled.positiontup or []
    required = {compiled.bind_names[bind] for bind in compiled.bind_names if bind.required}
    fixed = compiled.construct_params(_check=False)
    return Statement(str(compiled), order, {name: fixed[name] for name in order if name not in required}, required)
