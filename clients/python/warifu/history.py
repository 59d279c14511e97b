"""What checkups and claims said before they were corrected or cancelled, each beside what took its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from protocol.messages import former_versions as stored
from protocol.messages.records import Checkup, Checkups, Item

from .claims import Claim
from .fhir.results import Result, results


@dataclass(frozen=True)
class FormerCheckup:
    """A checkup as it was until `replaced` (UTC)."""

    replaced: date
    checkup: Checkup
    institution: str | None
    results: tuple[Result, ...]
    """Open and sealed ones."""
    later: tuple[Result, ...]
    """Those that took their place."""

    @property
    def changes(self) -> Iterator[tuple[Result | None, Result | None]]:
        """Yield what a result said, and what it says since; None where there was or is none."""
        before, after = ({one.code: one for one in found} for found in (self.results, self.later))
        for code in dict.fromkeys([*before, *after]):
            if before.get(code) != after.get(code):
                yield before.get(code), after.get(code)


@dataclass(frozen=True)
class FormerClaim:
    """A claim as it was until `replaced` (UTC)."""

    replaced: date
    claim: Claim
    later: Claim | None
    """What took its place, None where it was cancelled."""


Details = Callable[[Checkup], dict[str, Any]]


def former_checkups(found: stored.FormerCheckups, page: Checkups, details: Details) -> tuple[FormerCheckup, ...]:
    """Return the versions that said something else than what followed them: details are sealed anew also without a change."""
    items = {item.code: item for item in (*found.items, *page.items)}
    later = {_key(one): _said(one, items, details) for one in page.checkups}
    kept = []
    for version in found.checkups:
        said = _said(version.checkup, items, details)
        key = _key(version.checkup)
        # A checkup that the page lacks was withdrawn between the two readings.
        since = later.get(key, said)
        if said != since:
            kept.append(FormerCheckup(version.replaced, version.checkup, said.institution, said.results, since.results))
        later[key] = said
    return tuple(kept)


def former_claims(found: Iterable[tuple[date, bool, Claim]], page: Sequence[Claim]) -> tuple[FormerClaim, ...]:
    """Do the same with claims, given by when each was replaced, and whether it was cancelled."""
    later = {one.name: one for one in page}
    kept = []
    for replaced, cancelled, claim in found:
        since = None if cancelled else later.get(claim.name)
        if claim != since:
            kept.append(FormerClaim(replaced, claim, since))
        later[claim.name] = claim
    return tuple(kept)


@dataclass(frozen=True)
class _Said:
    age: int
    institution: str | None
    results: tuple[Result, ...]


def _said(checkup: Checkup, items: Mapping[str, Item], details: Details) -> _Said:
    opened = details(checkup)
    told = opened.get("institution")
    name = told.get("name") if isinstance(told, dict) else told
    return _Said(checkup.age, name if isinstance(name, str) else None, tuple(results(checkup, items, opened)))


def _key(checkup: Checkup) -> tuple[date, str]:
    return checkup.exam_date, checkup.program
