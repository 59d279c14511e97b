"""Answers questions about one snapshot. Reads its Parquet files alone; there is no connection to anywhere."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from itertools import product
from threading import Lock

from analysis import disclosure
from analysis.answers import Answer, Cell
from analysis.backends import Backend, DuckDB, Row
from analysis.cohorts import Conditions
from analysis.errors import Refused
from analysis.groups import Drawn, Grid, Makeup
from analysis.measures import Measure, Share
from analysis.policy import ANALYST, Policy
from analysis.questions import Plan, Question, plan
from analysis.snapshots import Snapshot
from analysis.variables import UNKNOWN, Rung


class Engine:
    """One snapshot, one policy. An answer is kept: the same question is looked up, whoever asks and however it is put."""

    def __init__(self, snapshot: Snapshot, policy: Policy = ANALYST, backend: Backend | None = None) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self._key = bytes.fromhex(snapshot.manifest.rounding_key)
        self._backend = backend or DuckDB(snapshot)
        self._answers: dict[Plan, Answer] = {}
        self._grids: dict[tuple[tuple[int, ...], tuple[Rung, ...]], Grid] = {}
        self._offsets: dict[tuple[tuple[int, ...], tuple[Rung, ...], tuple[tuple[Rung, str], ...], Conditions], Drawn] = {}
        self._turn = Lock()

    def ask(self, question: Question) -> Answer:
        """Answer a question; raise Refused. May be called from several threads."""
        if question.snapshot not in (None, self.snapshot.month):
            raise Refused("stale-snapshot")
        manifest = self.snapshot.manifest
        asked = plan(question, manifest.fiscal_years, self.policy, manifest.workplaces)
        with self._turn:
            if asked not in self._answers:
                self._answers[asked] = self._answered(asked)
            answer = self._answers[asked]
        return answer if question.cohort is None else replace(answer, cohort=question.cohort.name)

    def _answered(self, asked: Plan) -> Answer:
        return Answer(
            snapshot=self.snapshot.month,
            measure=asked.measure.name,
            version=asked.measure.version,
            by=tuple(rung.text for rung in asked.by),
            where=tuple((rung.text, level) for rung, level in asked.where),
            cells=self._cells(asked),
        )

    def _cells(self, asked: Plan) -> tuple[Cell, ...]:
        """Return every group that there could be: which of them have people is not to be seen, and most have nobody."""
        rules = self.policy.of_cohort() if asked.cohort else self.policy
        grid, show = self._grid(asked), _showing(asked.measure)
        drawn = self._drawn(asked, grid)
        cells = list(grid.hidden)
        width = 1 + len(asked.by)
        policies = {year: rules.of_former() if asked.former(year) else rules for year in asked.years}
        for row in self._rows_by_disease(asked, grid) if asked.measure.by_disease else self._backend.rows(asked, rules):
            place = grid.places.get(row[:width])
            if place is not None and row[width] >= rules.floor:
                group = cells[place][:2]
                cells[place] = Cell._make(group + show(*row[width:], drawn[place], policies[group[0]]))
        return tuple(cells)

    def _rows_by_disease(self, asked: Plan, grid: Grid) -> Iterator[Row]:
        """Yield all groups that have people, also those of whom nobody was treated for the disease."""
        without = asked.without("disease")
        width = 1 + len(without.by)
        people = {row[:width]: row[width:] for row in self._backend.rows(without, self.policy, "people")}
        treated = {row[:-1]: row[-1] for row in self._backend.rows(asked, self.policy, "diseases")}
        told = [place for place, rung in enumerate(asked.by, 1) if rung.variable != "disease"]
        for group in grid.places:
            if found := people.get((group[0], *(group[place] for place in told))):
                yield (*group, found[0], treated.get(group, 0), *found[1:])

    def _grid(self, asked: Plan) -> Grid:
        shape = asked.years, asked.by
        if shape not in self._grids:
            groups = product(asked.years, product(*(self._levels(rung) for rung in asked.by)))
            self._grids[shape] = Grid(Cell(year, levels, None, None, None, "hidden") for year, levels in groups)
        return self._grids[shape]

    def _drawn(self, asked: Plan, grid: Grid) -> Drawn:
        groups = asked.years, asked.by, asked.where, asked.cohort
        if groups not in self._offsets:
            self._offsets[groups] = Drawn(self._key, asked, grid, self._makeup, self.policy)
        return self._offsets[groups]

    @cached_property
    def _makeup(self) -> Makeup:
        return Makeup(self._key, self._backend.blocks())

    def _levels(self, rung: Rung) -> tuple[str, ...]:
        manifest = self.snapshot.manifest
        if rung.variable == "disease":
            return manifest.diseases if rung.levels is None else rung.levels
        return (*(manifest.workplaces if rung.levels is None else rung.levels), UNKNOWN)


def _showing(measure: Measure) -> Callable[..., disclosure.Shown]:
    """Return what shows a group by its sums, its offsets and the policy."""
    return partial(disclosure.share, measure) if isinstance(measure, Share) else partial(disclosure.ratio, measure)
