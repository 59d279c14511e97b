"""The part of a session in which a member sees every opening of their own keys."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from protocol import merkle
from protocol.messages.release_log import Openings as Kept
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release_log import SLOTS, Entry, Kind

from ._lifetime import Lifetime
from ._wire import parse
from .errors import HostUnavailable
from .transparency.carrying import Checked, checked_log
from .transparency.reading import Alarm, LogReader

_EPOCH = date(1970, 1, 1)
_DAY_S = 86_400
_TRIES = 4


@dataclass(frozen=True)
class Opening:
    """One deed with the member's keys."""

    day: date
    """The earliest that an authority names, UTC."""
    kind: Kind
    own: bool
    """Whether this session did it."""
    hosts: frozenset[AuthorityName]
    """Authorities whose log has it."""
    missing: frozenset[AuthorityName]
    """Authorities whose log lacks it although they answered, and although it goes back that far."""


@dataclass(frozen=True)
class OpeningsReport:
    """What the three logs say about one member, and whether that can be relied on."""

    openings: tuple[Opening, ...]
    """The newest first."""
    cosigners: Mapping[AuthorityName, frozenset[AuthorityName]]
    """By log, the other authorities who signed that nothing in it was changed."""
    unavailable: frozenset[AuthorityName]
    """Authorities that could not be asked."""
    alarms: tuple[Alarm, ...]
    begun: Mapping[AuthorityName, date]
    """Logs that began anew after a restore, with the day: what their authority did until then, they may lack."""

    @property
    def good(self) -> bool:
        """Whether all three answered, agree, prove what they say, and vouch for each other."""
        vouched = all(len(self.cosigners.get(host, ())) == len(AUTHORITIES) - 1 for host in AUTHORITIES)
        return vouched and not self.alarms and not self.unavailable and not any(one.missing for one in self.openings)


@dataclass(frozen=True)
class _Log:
    entries: tuple[Entry, ...]
    checked: Checked
    alarms: tuple[Alarm, ...]
    begun: date | None

    @property
    def since(self) -> int:
        """From which day on it can be complete: older entries are pushed out of full slots, and lost where a log began anew."""
        pushed = min(entry.day for entry in self.entries) + 1 if len(self.entries) >= SLOTS else 0
        return max(pushed, (self.begun - _EPOCH).days + 1 if self.begun else 0)


_Deed = tuple[Kind, bytes, int]
"""Kind, what it is about, and which of several alike."""


class SeesOpenings(Lifetime):
    """A session in which a member looks at the release logs."""

    async def openings(self, *, pause: float = 1.0) -> OpeningsReport:
        """Return every opening of the own keys that the three authorities logged, with proofs and cosignatures checked.

        Checkpoints are carried between the authorities on the way. What one log lacks is looked for again after a ``pause`` in
        seconds, a few times: it may have been done a moment ago.
        """
        report = await self._openings()
        for _ in range(_TRIES - 1):
            if not any(one.missing for one in report.openings):
                break
            await asyncio.sleep(pause)
            report = await self._openings()
        return report

    async def _openings(self) -> OpeningsReport:
        found = await asyncio.gather(*map(self._log, AUTHORITIES))
        logs = {host: log for host, log in zip(AUTHORITIES, found, strict=True) if log is not None}
        own = self._keys().authorities.jkt
        deeds = {host: dict(_deeds(log.entries)) for host, log in logs.items()}
        listed = {deed: min(days[deed] for days in deeds.values() if deed in days) for days in deeds.values() for deed in days}
        # What this session was released stands in the list even where no log has it.
        listed.setdefault(("release", own, 1), self._wire.clock() // _DAY_S)
        openings = [_opening(deed, day, deeds, logs, own) for deed, day in listed.items()]
        return OpeningsReport(
            tuple(sorted(openings, key=lambda one: one.day, reverse=True)),
            {host: log.checked.cosigners for host, log in logs.items()},
            frozenset(AUTHORITIES) - set(logs),
            tuple(alarm for log in logs.values() for alarm in log.alarms),
            {host: log.begun for host, log in logs.items() if log.begun},
        )

    async def _log(self, host: AuthorityName) -> _Log | None:
        opened = self._keys()
        key, ref = opened.settled.held.log_key(host), opened.settled.held.joined.parts[host].ref
        try:
            kept = parse(host, Kept, await opened.authorities.call(host, "GET", "/log/openings"))
            checked = await checked_log(self._wire, host)
            entries = tuple(sorted(key.entries(kept.slots + b"".join(kept.fresh)), key=lambda entry: entry.index))
            shown = await _proved(LogReader(self._wire, host), checked, entries, ref)
        except HostUnavailable:
            return None
        alarms = checked.alarms if shown else (*checked.alarms, Alarm(host, "not-in-log"))
        listed = self._wire.deployment.logs.get(host)
        return _Log(entries, checked, alarms, listed.since if listed else None)


async def _proved(log: LogReader, checked: Checked, entries: tuple[Entry, ...], ref: bytes) -> bool:
    """Say whether every entry is proved to be in the log."""
    size, root = checked.checkpoint.size, checked.checkpoint.root
    if any(entry.index >= size for entry in entries) or len({entry.index for entry in entries}) != len(entries):
        return False
    paths = await log.inclusion(size, [entry.index for entry in entries])
    try:
        for entry, path in zip(entries, paths, strict=True):
            merkle.verify_inclusion(root, entry.leaf(log.host, ref), entry.index, size, path)
    except merkle.MerkleRefused:
        return False
    return True


def _deeds(entries: Iterable[Entry]) -> Iterable[tuple[_Deed, int]]:
    """Yield each deed with its day; several alike, such as two changes of keys in one session, are counted."""
    seen: Counter[tuple[Kind, bytes]] = Counter()
    for entry in entries:
        seen[entry.kind, entry.about] += 1
        yield (entry.kind, entry.about, seen[entry.kind, entry.about]), entry.day


def _opening(
    deed: _Deed, day: int, deeds: Mapping[AuthorityName, Mapping[_Deed, int]], logs: Mapping[AuthorityName, _Log], own: bytes
) -> Opening:
    having = frozenset(host for host, days in deeds.items() if deed in days)
    missing = frozenset(host for host, log in logs.items() if host not in having and day >= log.since)
    return Opening(_EPOCH + timedelta(days=day), deed[0], deed[1] == own, having, missing)
