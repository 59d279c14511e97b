"""Building blocks of at least ten people, of which every population is made.

People of one year, workplace group, relation, sex and age band are a cell. A cell of ten is a block. Smaller ones are merged, step
by step, with their like: first across age bands of one stage, then all ages, both relations, both sexes, workplaces. A block's
level of a variable is what all of its people share, on each rung of its own, else unknown. So two populations that levels name
differ by nobody or by ten people at least. Who is left over when all is merged, nine people of a year at most, is left out.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.variables import variables

FEWEST = 10


class Cell(NamedTuple):
    """People who cannot be told apart by population variables, on their finest rungs."""

    workplace: str
    relation: str
    sex: str
    age: str


@dataclass(frozen=True, slots=True)
class Block:
    """Cells that were merged, and by column what all their people share."""

    cells: tuple[Cell, ...]
    levels: Mapping[str, str | None]


def merged(counts: Mapping[Cell, int], fewest: int = FEWEST) -> list[Block]:
    """Return the blocks of one year, in the order of their first cells; who is in none of them is left out."""
    blocks: list[tuple[Cell, ...]] = []
    waiting: list[Cell] = sorted(counts)
    for key in _STEPS:
        groups: defaultdict[Hashable, list[Cell]] = defaultdict(list)
        for cell in waiting:
            groups[key(cell)].append(cell)
        enough = [group for group in groups.values() if sum(counts[cell] for cell in group) >= fewest]
        blocks += [tuple(group) for group in enough]
        placed = {cell for group in enough for cell in group}
        waiting = [cell for cell in waiting if cell not in placed]
    return [block_of_cells(cells) for cells in sorted(blocks)]


def block_of_cells(cells: tuple[Cell, ...]) -> Block:
    """Return the block of these cells."""
    return Block(cells, _shared(cells))


def _stage(cell: Cell) -> str | None:
    return variables()["age"].climb(cell.age)[1]


_STEPS: Sequence[Callable[[Cell], Hashable]] = (
    lambda cell: cell,
    lambda cell: (cell.workplace, cell.relation, cell.sex, _stage(cell)),
    lambda cell: (cell.workplace, cell.relation, cell.sex),
    lambda cell: (cell.workplace, cell.sex),
    lambda cell: cell.workplace,
    lambda cell: (cell.relation, cell.sex, _stage(cell)),
    lambda cell: cell.sex,
    lambda _cell: None,
)


def _shared(cells: Iterable[Cell]) -> Mapping[str, str | None]:
    shared: dict[str, str | None] = {}
    for name, levels in zip(Cell._fields, map(set, zip(*cells, strict=True)), strict=True):
        variable = variables()[name]
        for rung, values in zip(variable.rungs, zip(*map(variable.climb, levels), strict=True), strict=True):
            shared[rung.column] = values[0] if len(set(values)) == 1 else None
    return shared
