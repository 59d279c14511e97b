"""Signing in."""

import contextlib
from types import TracebackType
from typing import Self

import httpx
from protocol.deployment import Deployment, GroupIdp
from protocol.statement import RELEASE, Statement

from . import _evidence, _gateway
from ._authorities import Authorities
from ._first_login import settle
from ._keys import SessionKeys
from ._wire import Clock, Wire, http_client, system_clock
from .errors import SignInFailed, WarifuError
from .session import MemberSession, end_everywhere
from .user_agents import UserAgent


class Client:
    """A member's device towards one deployment: ``async with Client(Deployment.load(path)) as client``.

    ``group_issuer`` chooses among several group providers. ``http`` replaces the HTTP client, for proxies or private
    certificate authorities; it must neither keep cookies nor follow redirects, and is not closed.
    """

    def __init__(
        self,
        deployment: Deployment,
        group_issuer: str | None = None,
        *,
        client_id: str = "warifu-cli",
        http: httpx.AsyncClient | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._deployment = deployment
        self._issuer = group_issuer
        self._client_id = client_id
        self._given = http
        self._http = http
        self._clock = clock
        self._sessions: list[MemberSession] = []

    async def __aenter__(self) -> Self:
        """Open the HTTP client."""
        self._http = self._given or http_client()
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

    async def sign_in(self, agent: UserAgent) -> MemberSession:
        """Sign the person in and return the open session.

        First the group's provider vouches for a statement that names this session's fresh keys, then the gateway signs the
        person in, then the three authorities release their parts. At the very first sign-in the device also makes its own
        keys and claims both mailboxes. All of it can be repeated after any failure.
        """
        idp = self._group_idp()
        if self._http is None:
            raise RuntimeError("a Client is used inside `async with`")
        wire = Wire(self._http, self._deployment, self._clock)
        keys = SessionKeys()
        evidence = await self._evidence(wire, keys, idp, agent)
        tokens = await _gateway.sign_in(wire, self._client_id, keys, agent)
        authorities = Authorities(wire, tokens, keys)
        try:
            if not evidence.fresh(self._clock()):
                # The person took their time; the provider still knows them.
                evidence = await self._evidence(wire, keys, idp, agent)
            session = MemberSession(wire, authorities, await settle(wire, authorities, evidence))
        except BaseException:
            await end_everywhere(authorities)
            raise
        self._sessions.append(session)
        return session

    async def _evidence(self, wire: Wire, keys: SessionKeys, idp: GroupIdp, agent: UserAgent) -> _evidence.Evidence:
        origins = self._deployment.sorted_origins
        statement = Statement.make(RELEASE, origins, self._clock(), keys.jkt, keys.hpke.public_bytes)
        return await _evidence.fetch(wire.http, idp, agent, statement, self._clock)

    def _group_idp(self) -> GroupIdp:
        known = self._deployment.group_idps
        if self._issuer is None and len(known) == 1:
            return known[0]
        found = next((idp for idp in known if idp.issuer == self._issuer), None)
        if found is None:
            raise SignInFailed(
                "this deployment has several group providers: name one"
                if known and self._issuer is None
                else "this deployment has no such group provider"
            )
        return found
