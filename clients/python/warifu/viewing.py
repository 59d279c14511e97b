"""Reading what somebody of the household shows, without signing in: so no host sees who reads beside whose records are read."""

import asyncio
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from functools import partial
from urllib.parse import urlencode

import httpx
from joserfc.jwk import ECKey
from protocol import proof
from protocol.code import CodeError, PinError
from protocol.deployment import Deployment
from protocol.messages.medical_claims import Costs, MonthCosts
from protocol.messages.records import Checkups
from protocol.view_code import ViewCode

from ._wire import Clock, Wire, http_client, parse, system_clock
from .errors import InputRefused


class HouseholdView:
    """What a code and its PIN open. The key lives as long as this object."""

    def __init__(self, deployment: Deployment, code: ViewCode, key: ECKey, *, http: httpx.AsyncClient | None, clock: Clock) -> None:
        self._deployment = deployment
        self._handle = code.handle
        self._key = key
        self._given = http
        self._clock = clock

    @classmethod
    async def open(
        cls,
        deployment: Deployment,
        code: str | ViewCode,
        pin: str,
        *,
        http: httpx.AsyncClient | None = None,
        clock: Clock = system_clock,
    ) -> "HouseholdView":
        """Return the view of a code as typed or scanned; raises ``InputRefused`` where it cannot be one. No host is asked yet.

        Each reading makes a connection of its own unless ``http`` is given: a connection that a session used before would tell
        the host who reads.
        """
        try:
            read = ViewCode.parse(code) if isinstance(code, str) else code
            key = await asyncio.to_thread(read.key, pin)
        except CodeError:
            raise InputRefused("view-code", "this is not the code of a view") from None
        except PinError as error:
            raise InputRefused("pin", str(error)) from None
        return cls(deployment, read, key, http=http, clock=clock)

    async def checkups(self) -> Checkups:
        """Return the giver's checkups with the items they use, without what is sealed for the giver alone."""
        return parse("anon-data", Checkups, await self._read("/views/checkups"))

    async def costs(self, since: date, until: date) -> tuple[MonthCosts, ...]:
        """Return what the giver's claims of these months come to, by month and kind, the oldest first; yen."""
        query = urlencode({"since": since.replace(day=1).isoformat(), "until": until.replace(day=1).isoformat()})
        return parse("anon-data", Costs, await self._read(f"/views/costs?{query}")).months

    async def _read(self, path: str) -> httpx.Response:
        async with nullcontext(self._given) if self._given is not None else http_client(self._deployment) as http:
            wire = Wire(http, self._deployment, self._clock)
            return await wire.send("anon-data", "GET", path, headers=partial(self._headers, wire, path))

    def _headers(self, wire: Wire, path: str) -> Mapping[str, str]:
        return {proof.HEADER: proof.make(self._key, "GET", wire.url("anon-data", path), self._handle, b"", self._clock())}

    def __repr__(self) -> str:
        """Nothing of the code."""
        return "HouseholdView()"
