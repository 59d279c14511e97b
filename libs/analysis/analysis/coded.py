"""Columns of few different values, and rules that are asked once about each combination of values that occurs.

So whatever decides about one person decides about millions without a second text of it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_DENSE = 1 << 20
"""Up to so many combinations, or as many as there are rows, a table of all is quicker than sorting."""
_MOST = 1 << 40


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: of each row the number of its value."""

    number: Numbers
    values: Sequence[Any]

    @classmethod
    def of(cls, values: Iterable[Hashable]) -> "Coded":
        """Return a column of these values, one for each row."""
        seen: dict[Hashable, int] = {}
        number = np.fromiter((seen.setdefault(value, len(seen)) for value in values), np.int64)
        return cls(number, tuple(seen))

    @classmethod
    def of_arrow(cls, column: pa.ChunkedArray) -> "Coded":
        """Return a column of Arrow's text; null is None."""
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        chunks = (coded if isinstance(coded, pa.ChunkedArray) else pa.chunked_array([coded])).unify_dictionaries().chunks
        words = (*(chunks[0].dictionary.to_pylist() if chunks else ()), None)
        number = np.empty(len(column), np.int64)
        end = 0
        for chunk in chunks:
            begin, end = end, end + len(chunk)
            number[begin:end] = chunk.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
        return cls(number, words)

    @classmethod
    def of_numbers(cls, numbers: Numbers) -> "Coded":
        """Return a column of numbers that are near each other, such as years."""
        lowest = int(numbers.min()) if len(numbers) else 0
        number, sample = distinct(numbers - lowest, int((numbers - lowest).max(initial=0)) + 1)
        return cls(number, tuple(numbers[sample].tolist()))

    @classmethod
    def same(cls, value: Hashable, rows: int) -> "Coded":
        """Return a column that has one value in all rows."""
        return cls(np.zeros(rows, np.int64), (value,))

    def at(self, rows: npt.NDArray[Any]) -> "Coded":
        """Return these rows: their numbers, or which of all."""
        return Coded(self.number[rows], self.values)

    def spread(self, rows: Numbers, length: int) -> "Coded":
        """Return a longer column, with these values at these rows and None elsewhere."""
        number = np.full(length, len(self.values), np.int64)
        number[rows] = self.number
        return Coded(number, (*self.values, None))

    def arrow(self) -> pa.DictionaryArray:
        """Return it as text in a dictionary; None is null."""
        words = sorted({value for value in self.values if value is not None})
        place = {word: at for at, word in enumerate(words)} | {None: -1}
        code = np.array([place[value] for value in self.values] or [-1], np.int32)[self.number]
        return pa.DictionaryArray.from_arrays(pa.array(code, mask=code < 0), pa.array(words, pa.string()))

    def numbers(self) -> Numbers:
        """Return the values of a column of integers."""
        return np.array(self.values or [0], np.int64)[self.number]

    def where(self, said: Callable[[Any], bool]) -> Flags:
        """Return which rows have a value of which this is true."""
        return cast("Flags", np.array([said(value) for value in self.values], np.bool_)[self.number])


def each(rule: Callable[..., Hashable], *columns: Coded) -> Coded:
    """Return what a rule says of each row's values, asked once for each combination that occurs."""
    key, span = columns[0].number, max(1, len(columns[0].values))
    for column in columns[1:]:
        if span * len(column.values) > _MOST:
            key, sample = distinct(key, span)
            span = len(sample)
        key, span = key * len(column.values) + column.number, span * max(1, len(column.values))
    which, sample = distinct(key, span)
    found = Coded.of(rule(*row) for row in zip(*(_values(column, sample) for column in columns), strict=True))
    return Coded(found.number[which], found.values)


def distinct(key: Numbers, span: int) -> tuple[Numbers, Numbers]:
    """Return numbers of the keys that occur, which are all below `span`: of each row, and of each number a row that has it."""
    if span > max(_DENSE, len(key)):
        _, sample, which = np.unique(key, return_index=True, return_inverse=True)
        return which.astype(np.int64), sample.astype(np.int64)
    row = np.full(span, -1, np.int64)
    row[key] = np.arange(len(key))
    there = np.flatnonzero(row >= 0)
    number = np.empty(span, np.int64)
    number[there] = np.arange(len(there))
    return number[key], row[there]


def _values(column: Coded, rows: Numbers) -> Iterable[Any]:
    return (column.values[number] for number in column.number[rows].tolist())
