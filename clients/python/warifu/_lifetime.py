"""How long a session's keys live, and how they are changed while it does.

Dropping keys means forgetting them: the references go, the garbage collector does the rest. Overwriting them first would be
theatre in Python, where immutable bytes, big integers and OpenSSL's own structures hold copies that no code here can reach.
Whoever needs more ends the process.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType, TracebackType
from typing import Self

import httpx
from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.names import AUTHORITIES, STORES, StoreName
from pydantic import BaseModel

from ._authorities import Authorities
from ._evidence import Evidence
from ._settling import Settled, settle
from ._stores import Store
from ._verifiers import WayIn
from ._wire import Wire
from .errors import HostRefused, LogoffIncomplete, SessionEnded, WarifuError

IDLE_SECONDS = 1800


@dataclass(frozen=True, repr=False)
class Open:
    """Everything that reads. It is dropped as a whole."""

    authorities: Authorities
    evidence: Evidence
    settled: Settled
    stores: Mapping[StoreName, Store]
    install: bytes
    """The installation whose step totals are written. All sessions of a member are one, on whichever device: this package keeps
    nothing on disk by which it could know one device from another, and a random one for each session could not correct the total
    of an earlier session downwards, because the largest of all installations counts. It outlives a change of keys."""

    @classmethod
    def of(cls, wire: Wire, authorities: Authorities, evidence: Evidence, settled: Settled) -> Self:
        """Return what a settled session reads with."""
        stores = {store: Store.of(wire, settled.held.bundle, store) for store in STORES}
        install = hkdf(settled.held.mailbox_seed, lp("install", "programs"))[:16]
        return cls(authorities, evidence, settled, stores, install)

    @property
    def expires(self) -> int:
        """When the first of the three authorities ends the session."""
        return self.settled.held.joined.expires


class Lifetime:
    """A session from sign-in to log-off; as an async context manager it logs off at the end.

    Keys are dropped at log-off, when the first authority ends the session or says that it is over, and after half an hour without
    a call; the authorities are told each time.
    """

    def __init__(
        self, wire: Wire, authorities: Authorities, evidence: Evidence, settled: Settled, *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._wire = wire
        self._idle = idle_seconds
        self._open: Open | None = Open.of(wire, authorities, evidence, settled)
        self._settling = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._farewell: asyncio.Task[None] | None = None
        self.wrote_to_programs = False
        """Whether anything was sent to programs that it keeps."""
        self.unclaimed: frozenset[StoreName] = settled.unclaimed
        """Stores that were down: the next sign-in goes on there."""
        self.recoveries: tuple[WayIn, ...] = settled.recoveries
        """Recoveries that take effect soon, unless :meth:`cancel_recovery` is called: to be shown right after sign-in."""
        self.mailbox_recoveries: Mapping[StoreName, date] = settled.mailbox_recoveries
        """Stores at which whoever holds the member's keys may take the mailbox over from that day (UTC) on, because the insurer
        asked for it, unless :meth:`refuse_mailbox_recovery` is called: to be shown right after sign-in."""
        authorities.when_ended = self._time_out
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

    async def change_keys(self) -> None:
        """Go on to fresh key shares and fresh reader keys, which alone read from now on.

        Whoever copied a key of an earlier session reads nothing new with it. Interrupted anywhere, the next sign-in finishes.
        """
        opened = self._keys()
        async with self._settling:
            self._take(opened, await settle(self._wire, opened.authorities, opened.evidence, renew=True))

    async def log_off(self) -> None:
        """Drop every key and tell the three authorities.

        Raises ``LogoffIncomplete`` with those that did not confirm; the keys are gone here all the same.
        """
        await self._log_off(everywhere=False)

    async def log_off_everywhere(self) -> None:
        """Do as :meth:`log_off`, for all sessions of the member on all devices; call :meth:`change_keys` before, if one is lost."""
        await self._log_off(everywhere=True)

    async def _log_off(self, *, everywhere: bool) -> None:
        authorities = self._keys().authorities
        self._drop()
        if silent := await end_everywhere(authorities, every_session=everywhere):
            raise LogoffIncomplete(silent)

    async def _ask(
        self,
        store: StoreName,
        method: str,
        path: str,
        *,
        query: Mapping[str, date] | None = None,
        message: BaseModel | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> httpx.Response:
        """Send one request to a store, with these headers beside its proof.

        One that does not know the reader key (another device changed keys, or the store was down at sign-in) is asked again
        with the newest.
        """
        opened = self._keys()
        self.wrote_to_programs |= store == "programs" and method != "GET"
        try:
            return await opened.stores[store].call(method, path, query=query, message=message, more=headers)
        except HostRefused as error:
            if error.type != "reader-unknown":
                raise
        opened = await self._settled_again(opened)
        return await opened.stores[store].call(method, path, query=query, message=message, more=headers)

    async def _settled_again(self, seen: Open) -> Open:
        async with self._settling:
            opened = self._keys()
            if opened is seen:
                self._take(seen, await settle(self._wire, seen.authorities, seen.evidence))
        return self._keys()

    def _take(self, opened: Open, settled: Settled) -> None:
        self._keys()
        self._open = Open.of(self._wire, opened.authorities, opened.evidence, settled)
        self.unclaimed, self.recoveries = settled.unclaimed, settled.recoveries
        self.mailbox_recoveries = settled.mailbox_recoveries

    def _keys(self) -> Open:
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


async def end_everywhere(authorities: Authorities, *, every_session: bool = False) -> list[str]:
    """End the session, or every session of the member, at keyvault, identity and gateway; return those that did not confirm.

    A host that says the session has ended already (the gateway's own logout may be faster) has confirmed. Tokens for keyvault
    and identity are renewed before the gateway ends the session, because it renews none afterwards.
    """
    await authorities.have_tokens()
    order = tuple(reversed(AUTHORITIES))
    if every_session:
        # The gateway last: once it has ended this session, the others answer this device no more.
        results = [*await asyncio.gather(*(authorities.end_all(host) for host in order[:-1]), return_exceptions=True)]
        results += await asyncio.gather(authorities.end_all("gateway"), return_exceptions=True)
    else:
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
