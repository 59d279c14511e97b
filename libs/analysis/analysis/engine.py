"""Answers questions about one snapshot. Reads its Parquet file alone; there is no connection to anywhere."""

from collections.abc import Iterator, Mapping
from itertools import product
from threading import Lock
from typing import Any

import ibis

from analysis import disclosure
from analysis.answers import Answer, Cell
from analysis.errors import Refused
from analysis.expressions import expression
from analysis.groups import Group, levels_of, offsets
from analysis.measures import Share
from analysis.policy import ANALYST, Policy
from analysis.questions import Plan, Question, plan
from analysis.snapshots import Snapshot
from analysis.variables import UNKNOWN, Rung

_SETTINGS = (
    "SET allowed_directories = ['{folder}']",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""Nothing but the snapshot's folder can be read, no extension loaded, and none of this undone."""


class Engine:
    """One snapshot, one policy. An answer is kept: the same question is looked up, whoever asks and however it is put."""

    def __init__(self, snapshot: Snapshot, policy: Policy = ANALYST) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self._key = bytes.fromhex(snapshot.manifest.rounding_key)
        self._backend = ibis.duckdb.connect()
        self._member_years = self._backend.read_parquet(snapshot.member_years)
        for setting in _SETTINGS:
            self._backend.raw_sql(setting.format(folder=str(snapshot.folder).replace("'", "''")))
        self._answers: dict[Plan, Answer] = {}
        self._turn = Lock()

    def ask(self, question: Question) -> Answer:
        """Answer a question; raise Refused. May be called from several threads."""
        if question.snapshot not in (None, self.snapshot.month):
            raise Refused("stale-snapshot")
        asked = plan(question, self.snapshot.manifest.fiscal_years, self.policy)
        with self._turn:
            if asked not in self._answers:
                self._answers[asked] = self._answered(asked)
            return self._answers[asked]

    def _answered(self, asked: Plan) -> Answer:
        rows = expression(self._member_years, asked, self.policy).to_pyarrow().to_pylist()
        found = {Group(row["fiscal_year"], levels_of(asked, row)): row for row in rows}
        return Answer(
            snapshot=self.snapshot.month,
            measure=asked.measure.name,
            version=asked.measure.version,
            by=tuple(f"{rung.variable}:{rung.name}" for rung in asked.by),
            where=tuple((f"{rung.variable}:{rung.name}", level) for rung, level in asked.where),
            cells=tuple(self._cell(asked, group, found.get(group)) for group in self._groups(asked)),
        )

    def _groups(self, asked: Plan) -> Iterator[Group]:
        """Every group that there could be: which of them have people is not to be seen."""
        for year, levels in product(asked.years, product(*((*self._levels(rung), UNKNOWN) for rung in asked.by))):
            yield Group(year, levels)

    def _levels(self, rung: Rung) -> tuple[str, ...]:
        return self.snapshot.manifest.workplaces if rung.levels is None else rung.levels

    def _cell(self, asked: Plan, group: Group, row: Mapping[str, Any] | None) -> Cell:
        # Most groups of a large question have nobody: they are hidden without being looked at.
        shown = self._shown(asked, row, offsets(self._key, asked, group, self.policy)) if row else disclosure.Shown()
        return Cell(group.year, group.levels, shown.people, shown.counted, shown.value, shown.mark)

    def _shown(self, asked: Plan, row: Mapping[str, Any], moved: disclosure.Offsets) -> disclosure.Shown:
        if isinstance(asked.measure, Share):
            return disclosure.share(asked.measure, row["people"], row["counted"], moved, self.policy)
        return disclosure.ratio(asked.measure, disclosure.Sums(row["people"], row["top"], row["bottom"]), moved, self.policy)
