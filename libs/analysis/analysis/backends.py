"""What runs expressions on a snapshot's files."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Literal, Protocol, get_args

import ibis
from ibis.expr.types import Table
from sqlglot import exp

from analysis.expressions import Side, blocks, expression
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.snapshots import Snapshot
from analysis.variables import Rung

Row = tuple[Any, ...]
"""Fiscal year, levels, sums: as the expression's columns."""
Name = Literal["duckdb", "spark"]
NAMES: tuple[Name, ...] = get_args(Name)
_SETTINGS = (
    "SET allowed_directories = ['{folder}']",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""Nothing but the snapshot's folder can be read, no extension loaded, and none of this undone."""
_Shape = tuple[str, Side, bool, tuple[Rung, ...], tuple[Rung, ...], tuple[tuple[Rung, int], ...], Policy]
_YEAR = -32768
"""Stands for the year in an expression that is compiled once for all years: nobody's."""


class Backend(Protocol):
    """Gives the true sums of a plan, to whoever shows what may be shown of them."""

    def rows(self, asked: Plan, policy: Policy, side: Side = "all") -> Sequence[Row]:
        """Return a row for each group of whom something is shown, in any order."""
        ...

    def blocks(self) -> Sequence[Row]:
        """Return the fiscal year and the levels (`analysis.variables.population_columns`) of all blocks, each once."""
        ...


def opened(name: Name, snapshot: Snapshot) -> Backend:
    """Return the backend of this name; raise BackendMissing."""
    if name == "duckdb":
        return DuckDB(snapshot)
    from analysis.spark import Spark  # noqa: PLC0415  # not installed with this package

    return Spark(snapshot)


class DuckDB:
    """DuckDB, embedded. Questions of one shape share a statement: years and chosen levels are its parameters."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.connection = ibis.duckdb.connect()
        self.member_years: Table = self.connection.read_parquet(snapshot.member_years)
        self.disease_years: Table = self.connection.read_parquet(snapshot.disease_years)
        for setting in _SETTINGS:
            self.connection.raw_sql(setting.format(folder=str(snapshot.folder).replace("'", "''")))
        self._statements: dict[_Shape, str] = {}

    def rows(self, asked: Plan, policy: Policy, side: Side = "all") -> Sequence[Row]:
        """Return a row for each group of whom something is shown, in any order."""
        one = len(asked.years) == 1
        shape: _Shape = (
            *(asked.measure.name, side, one, asked.by, tuple(rung for rung, _ in asked.where)),
            *(tuple((rung, len(levels)) for rung, levels in _lists(asked)), policy),
        )
        if shape not in self._statements:
            self._statements[shape] = self._compiled(asked, policy, side)
        values = [
            *(asked.years if one else ()),
            *(level for _, level in asked.where),
            *(level for _, levels in _lists(asked) for level in levels),
        ]
        found: list[Row] = self.connection.con.execute(self._statements[shape], values).fetchall()
        return found

    def blocks(self) -> Sequence[Row]:
        """Return the fiscal year and the levels of all blocks, each once."""
        found: list[Row] = self.connection.con.execute(self.connection.compile(blocks(self.member_years))).fetchall()
        return found

    def _compiled(self, asked: Plan, policy: Policy, side: Side) -> str:
        one = len(asked.years) == 1
        where = tuple((rung, f"${place}") for place, (rung, _) in enumerate(asked.where, 1 + one))
        numbers = count(1 + one + len(where))
        cohort = tuple(
            tuple((rung, tuple(f"${next(numbers)}" for _ in levels)) for rung, levels in condition) for condition in asked.cohort
        )
        shape = replace(asked, years=(_YEAR,) if one else asked.years, where=where, cohort=cohort)
        placed = [*(name for _, name in where), *(name for condition in cohort for _, levels in condition for name in levels)]
        names = {**({str(_YEAR): 1} if one else {}), **{name: int(name[1:]) for name in placed}}
        rows = self.disease_years if side == "diseases" else self.member_years
        tree = self.connection.compiler.to_sqlglot(expression(rows, shape, policy, side))
        return str(tree.transform(lambda node: _placed(node, names)).sql("duckdb"))


def _lists(asked: Plan) -> list[tuple[Rung, tuple[str, ...]]]:
    return [one for condition in asked.cohort for one in condition]


def _placed(node: exp.Expression, names: dict[str, int]) -> exp.Expression:
    """Put a parameter where a value stands for one."""
    text = node.sql("duckdb").strip("'") if isinstance(node, (exp.Literal, exp.Neg)) else ""
    return exp.Parameter(this=exp.Literal.number(names[text])) if text in names else node
