"""A member's session: what can be done while the keys are in memory.

Dropping keys means forgetting them: the references go, the garbage collector does the rest. Overwriting them first would be
theatre in Python, where immutable bytes, big integers and OpenSSL's own structures hold copies that no code here can reach.
Whoever needs more ends the process.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any, Self

from protocol import strict_json
from protocol.encoding import EncodingError, lp, unpad
from protocol.messages.records import Checkup, Checkups, ItemResult, PutVitals, Results, Vital, Vitals
from protocol.messages.steps import PutStepDays, StepDay, StepDays
from protocol.names import AUTHORITIES, StoreName
from protocol.record import Profile, open_profile
from protocol.sealing import OpenError

from ._authorities import Authorities
from ._first_login import Settled
from ._stores import Store
from ._wire import Wire, parse
from .errors import HostRefused, KeyMaterialRefused, LogoffIncomplete, SessionEnded, WarifuError
from .measurements import DaySteps, Measurement, next_seq, step_days, vitals

IDLE_SECONDS = 1800
_VITALS_A_CALL = 200
_STEP_DAYS_A_CALL = 62


@dataclass(frozen=True, repr=False)
class _Open:
    """Everything that reads. It is dropped as a whole."""

    authorities: Authorities
    profile: Profile | None
    records: Store
    steps: Store
    install: bytes
    """The installation whose step totals are written. All sessions of a member are one, on whichever device: this package keeps
    nothing on disk by which it could know one device from another, and a random one for each session could not correct the total
    of an earlier session downwards, because the largest of all installations counts."""
    expires: int


class MemberSession:
    """Made by :meth:`warifu.Client.sign_in`; as an async context manager it logs off at the end.

    Keys are dropped at log-off, when the first authority ends the session, and after half an hour without a call; the
    authorities are told each time.
    """

    def __init__(self, wire: Wire, authorities: Authorities, settled: Settled, *, idle_seconds: float = IDLE_SECONDS) -> None:
        bundle = settled.bundle
        steps = Store.of(wire, bundle, "programs")
        self._wire = wire
        self._idle = idle_seconds
        self._seen: dict[str, int] = {}
        self._open: _Open | None = _Open(
            authorities=authorities,
            profile=_profile(settled),
            records=Store.of(wire, bundle, "anon-data"),
            steps=steps,
            install=steps.derived("install")[:16],
            expires=settled.joined.expires,
        )
        self.unclaimed: frozenset[StoreName] = settled.unclaimed
        """Stores that were down: the next sign-in claims their mailboxes."""
        self._timer: asyncio.TimerHandle | None = None
        self._farewell: asyncio.Task[None] | None = None
        self._keys()

    async def __aenter__(self) -> Self:
        """Return the session itself."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Log off, unless that has happened."""
        if self._open is not None:
            await self.log_off()

    @property
    def ended(self) -> bool:
        """Whether the keys are gone."""
        return self._open is None

    @property
    def profile(self) -> Profile:
        """The personal record as the insurer has it."""
        profile = self._keys().profile
        if profile is None:
            raise HostRefused("identity", "no-record", 404)
        return profile

    async def checkups(self) -> Checkups:
        """Return all checkups, the newest first, with the code table entries they use."""
        return parse("anon-data", Checkups, await self._keys().records.call("GET", "/me/checkups"))

    def details(self, checkup: Checkup) -> dict[str, Any]:
        """Open what the insurer sealed to this member's mailbox: institution, doctor, free text. Empty when there is nothing."""
        seed = self._keys().records.seed
        if checkup.details is None:
            return {}
        info = lp("checkup-details", seed.token, checkup.exam_date.isoformat(), checkup.program)
        try:
            return strict_json.loads_object(unpad(seed.mailbox_key.open(checkup.details, info)))
        except (OpenError, EncodingError, strict_json.JsonRefused) as error:
            raise KeyMaterialRefused("anon-data", "details that do not open") from error

    async def put_vitals(self, measured: Iterable[Measurement]) -> tuple[ItemResult, ...]:
        """Store values measured at home; for a day and kind the newest replaces what was there. One result an item."""
        items = list(measured)
        if not items:
            return ()
        days = [item.day for item in items]
        known = await self.vitals(min(days), max(days))
        numbered = vitals(items, self._next("anon-data", [vital.seq for vital in known], len(items)))
        results: list[ItemResult] = []
        for at in range(0, len(numbered), _VITALS_A_CALL):
            message = PutVitals(items=tuple(numbered[at : at + _VITALS_A_CALL]))
            answer = await self._keys().records.call("PUT", "/me/vitals", message=message)
            results += parse("anon-data", Results, answer).results
        return tuple(results)

    async def vitals(self, since: date, until: date) -> tuple[Vital, ...]:
        """Return the values of the days from ``since`` to ``until``, both included."""
        query = {"since": since, "until": until}
        return parse("anon-data", Vitals, await self._keys().records.call("GET", "/me/vitals", query=query)).items

    async def put_steps(self, counted: Iterable[DaySteps]) -> tuple[ItemResult, ...]:
        """Store the totals of days; a newer total replaces the one before, also by less. One result an item."""
        items = list(counted)
        if not items:
            return ()
        days = [item.day for item in items]
        known = await self.steps(min(days), max(days))
        numbered = step_days(items, self._next("programs", [day.seq for day in known], len(items)))
        results: list[ItemResult] = []
        for at in range(0, len(numbered), _STEP_DAYS_A_CALL):
            opened = self._keys()
            message = PutStepDays(install=opened.install, items=tuple(numbered[at : at + _STEP_DAYS_A_CALL]))
            answer = await opened.steps.call("PUT", "/me/step-days", message=message)
            results += parse("programs", Results, answer).results
        return tuple(results)

    async def steps(self, since: date, until: date) -> tuple[StepDay, ...]:
        """Return the totals of the days from ``since`` to ``until``, both included."""
        query = {"since": since, "until": until}
        return parse("programs", StepDays, await self._keys().steps.call("GET", "/me/step-days", query=query)).items

    async def log_off(self) -> None:
        """Drop every key and tell the three authorities.

        Raises ``LogoffIncomplete`` with those that did not confirm; the keys are gone here all the same.
        """
        authorities = self._keys().authorities
        self._drop()
        if silent := await end_everywhere(authorities):
            raise LogoffIncomplete(silent)

    def _keys(self) -> _Open:
        """Return what reads, or raise ``SessionEnded``; each use starts the idle time anew."""
        opened = self._open
        if opened is None:
            raise SessionEnded
        left = opened.expires - self._wire.clock()
        if left <= 0:
            self._time_out()
            raise SessionEnded
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(min(left, self._idle), self._time_out)
        return opened

    def _time_out(self) -> None:
        """Drop the keys without being asked; the authorities are told as far as they can be reached."""
        opened = self._open
        self._drop()
        if opened is not None:
            # Kept, because the loop holds its tasks weakly.
            self._farewell = asyncio.get_running_loop().create_task(_tell(opened.authorities))

    def _drop(self) -> None:
        self._open = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next(self, host: StoreName, known: list[int], count: int) -> int:
        """Return the first of ``count`` counters above what this session wrote and what the store shows."""
        first = next_seq([*known, self._seen.get(host, -1)])
        self._seen[host] = first + count - 1
        return first


async def end_everywhere(authorities: Authorities) -> list[str]:
    """End the session at keyvault, identity and gateway; return those that did not confirm.

    A host that says the session has ended already (the gateway's own logout may be faster) has confirmed. Tokens for keyvault
    and identity are renewed before the gateway ends the session, because it renews none afterwards.
    """
    await authorities.have_tokens()
    order = tuple(reversed(AUTHORITIES))
    results = await asyncio.gather(*(authorities.end(host) for host in order), return_exceptions=True)
    silent = []
    for host, result in zip(order, results, strict=True):
        if isinstance(result, WarifuError) and not isinstance(result, SessionEnded):
            silent.append(host)
        elif isinstance(result, BaseException) and not isinstance(result, WarifuError):
            raise result
    return sorted(silent, key=AUTHORITIES.index)


async def _tell(authorities: Authorities) -> None:
    # A RuntimeError says that the HTTP client is closed already.
    with contextlib.suppress(WarifuError, RuntimeError):
        await end_everywhere(authorities)


def _profile(settled: Settled) -> Profile | None:
    identity = settled.joined.parts["identity"]
    if identity.part.record is None:
        return None
    record = identity.part.record
    try:
        return open_profile(record.record, settled.bundle.record_key, identity.ref, record.version)
    except OpenError as error:
        raise KeyMaterialRefused("identity", "a record that does not open") from error
