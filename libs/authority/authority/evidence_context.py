"""What every kind of evidence is checked with."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import httpx
from chassis.clock import Clock
from chassis.database import Transaction
from protocol.deployment import Deployment, GroupIdp
from protocol.encoding import lp

from authority.errors import TooManyTries
from authority.keys import ProviderKeys
from authority.store import code_tries


@dataclass(frozen=True)
class EvidenceContext:
    """The deployment, the time, and the providers' keys as this authority fetched them itself."""

    deployment: Deployment
    clock: Clock
    verifier_key: bytes
    """HMAC key under which verifiers are found."""
    client: httpx.AsyncClient
    tries_per_day: int
    """Of one code, from one seal, or one midnight (UTC), to the next."""
    _providers: dict[str, ProviderKeys] = field(default_factory=dict)

    def idp(self, issuer: object) -> GroupIdp | None:
        """Return the group's provider of this issuer, if the deployment has one."""
        return next((idp for idp in self.deployment.group_idps if idp.issuer == issuer), None)

    def provider_keys(self, idp: GroupIdp) -> ProviderKeys:
        """Return the cache of one provider's keys."""
        if idp.issuer not in self._providers:
            self._providers[idp.issuer] = ProviderKeys(self.client, self.clock, idp.issuer)
        return self._providers[idp.issuer]

    @asynccontextmanager
    async def trying(self, tx: Transaction, code: bytes) -> AsyncIterator[bytes | None]:
        """Count a try of a code, yield its key if it is known, and uncount it when the block does not raise.

        It is counted first, so that many guesses at one instant are not more than many guesses one after the other, and whether
        the code is known here or not, so that nobody can tell. Raises TooManyTries.

        ``tx`` is a block of statements, so that the count stands whatever becomes of the rest.
        """
        today = self._today()
        counted = await code_tries.take(tx, code, today, self.tries_per_day)
        if counted is None:
            raise TooManyTries
        yield counted.public_key
        await code_tries.give_back(tx, code, today)

    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock.timestamp(), UTC).date()


def passkey_hash(key: bytes, credential_id: bytes) -> bytes:
    """Return under which hash a passkey is found (32 bytes)."""
    return hmac.digest(key, lp("passkey", credential_id), "sha256")


def code_hash(key: bytes, handle: bytes) -> bytes:
    """Return under which hash a letter or a card is found (32 bytes)."""
    return hmac.digest(key, lp("code", handle), "sha256")
