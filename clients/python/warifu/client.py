"""Signing in."""

import contextlib
from types import TracebackType
from typing import Self

import httpx
from protocol.deployment import Deployment
from protocol.statement import RELEASE, Statement
from protocol.view_code import ViewCode

from . import _gateway
from ._authorities import Authorities
from ._evidence import Evidence
from ._keys import SessionKeys
from ._lifetime import end_everywhere
from ._settling import settle
from ._wire import Clock, Wire, http_client, system_clock
from .errors import WarifuError
from .session import MemberSession
from .viewing import HouseholdView
from .ways import Way


class Client:
    """A member's device towards one deployment: ``async with Client(Deployment.load(path)) as client``.

    ``client_id`` and ``redirect_uri`` are what the gateway knows the application by; nobody is ever sent to that address.
    ``http`` replaces the HTTP client, for proxies or private certificate authorities; it must neither keep cookies nor follow
    redirects, and is not closed.
    """

    def __init__(
        self,
        deployment: Deployment,
        *,
        client_id: str = "warifu-cli",
        redirect_uri: str = "http://127.0.0.1/callback",
        http: httpx.AsyncClient | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._deployment = deployment
        self._app = _gateway.App(client_id, redirect_uri)
        self._given = http
        self._http = http
        self._clock = clock
        self._sessions: list[MemberSession] = []

    async def __aenter__(self) -> Self:
        """Open the HTTP client."""
        self._http = self._given or http_client(self._deployment)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Log off what is still signed in, as far as hosts can be reached, and close the HTTP client."""
        for session in self._sessions:
            if not session.ended:
                with contextlib.suppress(WarifuError):
                    await session.log_off()
        self._sessions.clear()
        if self._http is not None and self._given is None:
            await self._http.aclose()
        self._http = None

    async def sign_in(self, way: Way) -> MemberSession:
        """Sign the person in and return the open session.

        First the person proves a statement that names this session's fresh keys, then the gateway signs them in, then the three
        authorities release their parts. At the very first sign-in the device also makes its own keys and claims both mailboxes.
        All of it can be repeated after any failure.
        """
        way.check(self._deployment)
        if self._http is None:
            raise RuntimeError("a Client is used inside `async with`")
        wire = Wire(self._http, self._deployment, self._clock)
        keys = SessionKeys()
        evidence = await self._evidence(wire, keys, way)
        if way.agent is None:
            tokens = await _gateway.sign_in_with(wire, self._app, keys, evidence)
        else:
            tokens = await _gateway.sign_in(wire, self._app, keys, way.agent, way.asked(self._deployment))
        authorities = Authorities(wire, tokens, keys)
        try:
            if not evidence.fresh(self._clock()):
                # The person took their time; who vouches for them still knows them.
                evidence = await self._evidence(wire, keys, way)
            session = MemberSession(wire, authorities, evidence, await settle(wire, authorities, evidence))
        except BaseException:
            await end_everywhere(authorities)
            raise
        self._sessions.append(session)
        return session

    async def household_view(self, code: str | ViewCode, pin: str) -> HouseholdView:
        """Return what somebody of the household shows, by the code and PIN that they gave. Nobody signs in for it.

        Whoever reads it in the middle of a session of their own shows anon-data, by time and network address, that the two may
        belong together.
        """
        return await HouseholdView.open(self._deployment, code, pin, http=self._given, clock=self._clock)

    async def _evidence(self, wire: Wire, keys: SessionKeys, way: Way) -> Evidence:
        origins = self._deployment.sorted_origins
        return await way.prove(Statement.make(RELEASE, origins, self._clock(), keys.jkt, keys.hpke.public_bytes), wire)
