"""The code table as a process remembers it: small, the same for everybody, and read by every request."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from chassis.database import Transaction
from health.fhir import OBSERVATION_CATEGORIES
from protocol.messages.records import Item

from anon_data.fhir.tokens import Token
from anon_data.fhir.written_items import WrittenItem, written_item
from anon_data.store import items

Meant = Mapping[Token, frozenset[int]]
"""Ids by everything that a search parameter can say of them."""


@dataclass(frozen=True)
class CodeTable:
    """The code table at one generation."""

    generation: int
    by_id: Mapping[int, Item]

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """The ids by code."""
        return {entry.code: number for number, entry in self.by_id.items()}

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The kinds by code."""
        return {entry.code: entry.kind for entry in self.by_id.values()}

    @cached_property
    def json(self) -> Mapping[int, str]:
        """Each entry as JSON."""
        return {number: entry.model_dump_json(exclude_none=True) for number, entry in self.by_id.items()}

    @cached_property
    def heads(self) -> Mapping[int, str]:
        """The beginning of each entry's results in JSON, up to the code."""
        return {number: f'{{"item":"{entry.code}"' for number, entry in self.by_id.items()}

    @cached_property
    def written(self) -> Mapping[int, WrittenItem]:
        """Each entry as FHIR observations say it."""
        return {number: written_item(entry) for number, entry in self.by_id.items()}

    @cached_property
    def coded(self) -> Meant:
        """The entries that each code of a FHIR search means."""
        return _meant({number: item.codings for number, item in self.written.items()})

    @cached_property
    def categorised(self) -> Meant:
        """The entries that each category of a FHIR search means."""
        return _meant({number: [(OBSERVATION_CATEGORIES, item.category)] for number, item in self.written.items()})


def _meant(codings: Mapping[int, Iterable[tuple[str, str]]]) -> Meant:
    found: defaultdict[Token, set[int]] = defaultdict(set)
    for number, its in codings.items():
        for system, code in its:
            for token in (Token(system, code), Token(None, code), Token(system, None)):
                found[token].add(number)
    return {token: frozenset(numbers) for token, numbers in found.items()}


class KnownCodes:
    """Keeps the newest code table that was read, and reads it again when the database has a newer one."""

    def __init__(self) -> None:
        self._table = CodeTable(-1, {})

    async def at(self, tx: Transaction, generation: int) -> CodeTable:
        """Return the code table of this generation or a newer one."""
        if self._table.generation < generation:
            self._table = CodeTable(generation, await items.all_items(tx))
        return self._table

    async def current(self, tx: Transaction) -> CodeTable:
        """Return the code table as it is now."""
        return await self.at(tx, await items.generation(tx))
