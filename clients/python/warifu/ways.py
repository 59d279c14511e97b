"""Ways to sign in: each proves a statement with a member's own root of authentication, straight to the three authorities."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from protocol.code import Code, CodeError, PinError
from protocol.deployment import Deployment, GroupIdp
from protocol.messages.release import CodeEvidence, PasskeyEvidence
from protocol.names import AUTHORITIES, AuthorityName
from protocol.statement import Statement
from protocol.times import STATEMENT_LIFETIME

from . import _group
from ._evidence import Evidence
from ._wire import Wire
from .authenticators import Authenticator
from .errors import InputRefused, SignInFailed
from .user_agents import UserAgent


class Way(Protocol):
    """How a member proves who they are. :class:`Group`, :class:`Passkey` and :class:`CodeWay` are the ways there are."""

    agent: UserAgent | None
    """Takes the person through the gateway's own sign-in, where that is the group's; ``None`` where the evidence signs in."""

    def asked(self, deployment: Deployment) -> Mapping[str, str]:
        """Return what the gateway is asked for beside a session, where it is to send the person on."""
        ...

    def check(self, deployment: Deployment) -> None:
        """Raise ``SignInFailed`` where the deployment does not offer this way; nothing is sent."""
        ...

    async def prove(self, statement: Statement, wire: Wire) -> Evidence:
        """Return the evidence for a statement, after the person's gesture."""
        ...


class Group:
    """A work account at the group's provider.

    ``issuer`` chooses among several providers, ``place`` among the accounts of a guardian: 0 the own one, 1 and up the children's.
    """

    def __init__(self, agent: UserAgent, issuer: str | None = None, *, place: int = 0) -> None:
        self.agent: UserAgent | None = agent
        self._place = place
        self._agent = agent
        self._issuer = issuer

    def asked(self, deployment: Deployment) -> Mapping[str, str]:
        """Return the account's place and its provider."""
        return {"place": str(self._place), "provider": self._idp(deployment).issuer}

    def check(self, deployment: Deployment) -> None:
        """Raise ``SignInFailed`` unless the deployment has the provider."""
        self._idp(deployment)

    async def prove(self, statement: Statement, wire: Wire) -> Evidence:
        """Send the person to the group's provider; one ID token serves all three."""
        idp = self._idp(wire.deployment)
        token, good_until = await _group.fetch(wire.http, idp, self._agent, statement, wire.clock)
        return Evidence(statement, dict.fromkeys(AUTHORITIES, token), good_until)

    def _idp(self, deployment: Deployment) -> GroupIdp:
        known = deployment.group_idps
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


class Passkey:
    """A passkey on the portal's origin; ``allow`` names credentials, any that the authenticator has where it is empty.

    What has signed in once is asked for from then on: while a new passkey is added, only the old one can prove it.
    """

    agent: UserAgent | None = None

    def __init__(self, authenticator: Authenticator, allow: Sequence[bytes] = ()) -> None:
        self._authenticator = authenticator
        self._allow = tuple(allow)

    def asked(self, deployment: Deployment) -> Mapping[str, str]:  # noqa: ARG002 - every way is called alike
        """Return nothing: the evidence signs in."""
        return {}

    def check(self, deployment: Deployment) -> None:
        """Raise ``SignInFailed`` unless the deployment has a portal."""
        if deployment.portal is None:
            raise SignInFailed("this deployment has no portal, and so no passkeys")

    async def prove(self, statement: Statement, wire: Wire) -> Evidence:
        """Let the authenticator sign the statement's hash as its challenge; one assertion serves all three."""
        portal = wire.deployment.portal
        if portal is None:
            raise SignInFailed("this deployment has no portal, and so no passkeys")
        made = await self._authenticator.get(portal.rp_id, portal.origin, challenge=statement.h, allow=self._allow)
        self._allow = (made.credential_id,)
        proof = PasskeyEvidence(
            credential_id=made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )
        return Evidence(statement, dict.fromkeys(AUTHORITIES, proof), statement.iat + STATEMENT_LIFETIME)


class CodeWay:
    """The code of a letter, or of a card with its PIN, as typed or scanned. Raises ``InputRefused`` for a text that is none."""

    agent: UserAgent | None = None

    def __init__(self, code: str | Code, pin: str | None = None) -> None:
        try:
            self._code = Code.parse(code) if isinstance(code, str) else code
        except CodeError as error:
            # The chain is cut: nothing that follows from the code goes on.
            raise InputRefused(error.fault, str(error)) from None
        self._pin = pin

    def with_pin(self, pin: str | None) -> Self:
        """Return the same code with this PIN."""
        return type(self)(self._code, pin)

    def asked(self, deployment: Deployment) -> Mapping[str, str]:  # noqa: ARG002 - every way is called alike
        """Return nothing: the evidence signs in."""
        return {}

    def check(self, deployment: Deployment) -> None:
        """Accept every deployment: all offer codes."""

    async def prove(self, statement: Statement, wire: Wire) -> Evidence:  # noqa: ARG002 - every way is called alike
        """Sign with the code's keys: each authority is shown another one."""
        proofs = await asyncio.to_thread(self._sign, statement.h)
        return Evidence(statement, proofs, statement.iat + STATEMENT_LIFETIME)

    def _sign(self, h: bytes) -> dict[AuthorityName, CodeEvidence]:
        found: dict[AuthorityName, CodeEvidence] = {}
        for host in AUTHORITIES:
            try:
                keys = self._code.keys(host, self._pin)
            except PinError as error:
                raise InputRefused("pin", str(error)) from None
            found[host] = CodeEvidence(handle=keys.handle, signature=keys.sign(h))
        return found
