"""From one month to the next: a block's people change by ten at least, or not at all.

A block stays as it was last shown until ten people entered or left it: who entered waits, who moved elsewhere stays, and comes
along when this block changes. Who is in no row any more, because they withdrew their consent or were erased, is shown no longer; a
block that fewer than ten entered or left since then is withheld as a whole until ten did. What is made anew of blocks that changed
is compared with what was shown: two populations, one of then and one of now, differ by nobody or by ten people. Whoever then finds
no place is remembered by the block where they were last shown, which is over.

That holds if every cut through the graph of who went from which block to which, or came from or went to nowhere, is of nobody or of
ten. It is made sure of by joining whatever ten people join, until a single piece or pieces that nobody joins are left.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.blocks import Block, Cell, block_of_cells, merged
from analysis.rosters import Memory, Numbers, Remembered

_NOWHERE = -1
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Member-years as they were read: names of people, the year and cell of each number, and of each row both numbers."""

    names: Sequence[bytes]
    cells: Sequence[tuple[int, Cell]]
    person: Numbers
    cell: Numbers


@dataclass(frozen=True, slots=True)
class Release:
    """What is shown: blocks, rows by number, and beside each its block."""

    blocks: Sequence[tuple[int, Block]]
    row: Numbers
    block: Numbers
    memory: Memory


def release(rows: Rows, memory: Memory, fewest: int, least: int) -> Release:
    """Choose what is shown of these rows after what was shown before; `least` people enter or leave a block, or nobody."""
    past = _Past(rows, memory)
    changed = np.ones(len(memory.blocks), np.bool_)
    while True:
        past.keep(changed, least)
        fresh = _Fresh(rows, past, changed, fewest)
        telling = _telling(past.moves(changed, fresh.block), least)
        if not telling:
            return _chosen(rows, memory, past, changed, fresh)
        changed[telling] = False


class _Past:
    """Blocks that were shown, beside the rows of today."""

    def __init__(self, rows: Rows, memory: Memory) -> None:
        number = {named: place for place, named in enumerate(rows.cells)}
        most = len(memory.blocks)
        gone = np.array([one.gone for one in memory.blocks], np.int64)
        self.covering = np.full(len(rows.cells), _NOWHERE, np.int64)
        for place, one in enumerate(memory.blocks):
            self.covering[[number[one.year, cell] for cell in one.cells if (one.year, cell) in number]] = place
        self.row = _rows_of(rows, memory)
        self.over = np.array([not one.cells for one in memory.blocks], np.bool_)
        here = self.row >= 0
        self.was = np.full(len(rows.cell), _NOWHERE, np.int64)
        self.was[self.row[here]] = memory.block[here]
        self.belongs = self.covering[rows.cell]
        self.forgotten = gone + np.bincount(memory.block[~here], minlength=most)
        self.stayed = np.bincount(self.belongs[(self.belongs >= 0) & (self.belongs == self.was)], minlength=most)
        self.left = gone + np.bincount(memory.block, minlength=most) - self.stayed

    def keep(self, changed: Flags, least: int) -> None:
        """Let a block that too few people enter or leave not change, whose people then enter no other."""
        few = changed
        while few.any():
            entering = (self.belongs >= 0) & np.append(changed, True)[self.was]
            entered = np.bincount(self.belongs[entering], minlength=len(changed)) - self.stayed
            few = changed & ~self.over & (self.left + entered < least)
            changed &= ~few

    def moves(self, changed: Flags, now: Numbers) -> Mapping[tuple[int, int], int]:
        """Return how many people went from each block that changes to each that is made: odd numbers, even ones, nowhere."""
        before = np.where((self.was >= 0) & np.append(changed, False)[self.was], self.was, _NOWHERE)
        made = int(now.max(initial=_NOWHERE)) + 2
        ways, people = np.unique((before + 1) * made + now + 1, return_counts=True)
        counted: Counter[tuple[int, int]] = Counter()
        for way, many in zip(ways.tolist(), people.tolist(), strict=True):
            counted[_node(way // made - 1, 1), _node(way % made - 1, 0)] += many
        for old in np.flatnonzero(changed).tolist():
            counted[_node(old, 1), _NOWHERE] += int(self.forgotten[old])
        return {way: many for way, many in counted.items() if many and way != (_NOWHERE, _NOWHERE)}


class _Fresh:
    """Blocks made anew, of who neither was nor is where nothing changes, and of each row the number of its block."""

    def __init__(self, rows: Rows, past: _Past, changed: Flags, fewest: int) -> None:
        free = np.append(changed, True)
        taking = free[past.covering][rows.cell] & free[past.was]
        people = np.bincount(rows.cell[taking], minlength=len(rows.cells))
        counts: defaultdict[int, dict[Cell, int]] = defaultdict(dict)
        for place in np.flatnonzero(people).tolist():
            year, cell = rows.cells[place]
            counts[year][cell] = int(people[place])
        self.blocks = [(year, block) for year in sorted(counts) for block in merged(counts[year], fewest)]
        number = {(year, cell): place for place, (year, block) in enumerate(self.blocks) for cell in block.cells}
        in_cell = np.array([number.get(named, _NOWHERE) for named in rows.cells], np.int64)
        self.block = np.where(taking, in_cell[rows.cell], _NOWHERE)


def _telling(moves: Mapping[tuple[int, int], int], least: int) -> list[int]:
    """Return the blocks whose change would tell of fewer people: what stays apart when whatever ten people join is joined."""
    piece = {node: node for way in moves for node in way} | {_NOWHERE: _NOWHERE}
    apart = dict(moves)
    while joined := [way for way, many in apart.items() if many >= least]:
        for one, other in joined:
            _join(piece, one, other)
        summed: Counter[tuple[int, int]] = Counter()
        for (one, other), many in apart.items():
            first, second = sorted((_find(piece, one), _find(piece, other)))
            if first != second:
                summed[first, second] += many
        apart = dict(summed)
    telling = {end for way in apart for end in way} - {_find(piece, _NOWHERE)}
    return [node // 2 for node in piece if node % 2 and node != _NOWHERE and _find(piece, node) in telling]


def _chosen(rows: Rows, memory: Memory, past: _Past, changed: Flags, fresh: _Fresh) -> Release:
    years = {year for year, _ in rows.cells}
    stays = np.array([one.year in years for one in memory.blocks], np.bool_) & ~changed
    held = stays & ~past.over & (past.forgotten == 0)
    number = np.cumsum(held) - 1 + len(fresh.blocks)
    keep = held[memory.block] & (past.row >= 0)
    new = np.flatnonzero(fresh.block >= 0)
    old_blocks = [(one.year, block_of_cells(one.cells)) for one, shown in zip(memory.blocks, held, strict=True) if shown]
    return Release(
        blocks=[*fresh.blocks, *old_blocks],
        row=np.concatenate([new, past.row[keep]]),
        block=np.concatenate([fresh.block[new], number[memory.block[keep]]]),
        memory=_remembered(rows, memory, past, stays, fresh),
    )


def _remembered(rows: Rows, memory: Memory, past: _Past, stays: Flags, fresh: _Fresh) -> Memory:
    """Remember new blocks, those that stay, and of those that are over the people who wait for another."""
    new = np.flatnonzero(fresh.block >= 0)
    here = past.row >= 0
    keep = here & (stays[memory.block] | (fresh.block[past.row] < 0))
    lasts = stays | (np.bincount(memory.block[keep], minlength=len(stays)) > 0)
    number = np.cumsum(lasts) - 1 + len(fresh.blocks)
    blocks = [Remembered(year, block.cells) for year, block in fresh.blocks]
    for place in np.flatnonzero(lasts).tolist():
        one = memory.blocks[place]
        blocks.append(Remembered(one.year, one.cells, int(past.forgotten[place])) if stays[place] else Remembered(one.year, ()))
    kept = np.flatnonzero(keep)
    names = [*(rows.names[person] for person in rows.person[new].tolist()), *(memory.names[place] for place in kept.tolist())]
    return Memory(blocks, names, np.concatenate([fresh.block[new], number[memory.block[kept]]]))


def _rows_of(rows: Rows, memory: Memory) -> Numbers:
    """Return the row of each remembered person and year; nowhere where there is none."""
    if not len(rows.person):
        return np.full(len(memory.names), _NOWHERE, np.int64)
    person = {name: number for number, name in enumerate(rows.names)}
    years = {year: place for place, year in enumerate({year for year, _ in rows.cells} | {one.year for one in memory.blocks})}
    of_cell = np.array([years[year] for year, _ in rows.cells], np.int64)
    of_block = np.array([years[one.year] for one in memory.blocks], np.int64)
    named = np.fromiter((person.get(name, _NOWHERE) for name in memory.names), np.int64, len(memory.names))
    wanted = np.where(named < 0, _NOWHERE, named * len(years) + of_block[memory.block])
    there = rows.person * len(years) + of_cell[rows.cell]
    order = np.argsort(there)
    place = np.searchsorted(there, wanted, sorter=order)
    found = order[np.minimum(place, len(order) - 1)]
    return np.where(there[found] == wanted, found, _NOWHERE)


def _node(number: int, odd: int) -> int:
    return _NOWHERE if number < 0 else 2 * number + odd


def _find(piece: dict[int, int], node: int) -> int:
    while piece[node] != node:
        piece[node] = piece[piece[node]]
        node = piece[node]
    return node


def _join(piece: dict[int, int], one: int, other: int) -> None:
    piece[_find(piece, one)] = _find(piece, other)
