"""An authority that answers releases as it likes: it has its own keys, and everything that it ever stored."""

from collections.abc import Callable
from dataclasses import dataclass

import asyncpg
import httpx
from protocol.messages.release import Release
from protocol.names import AuthorityName
from protocol.release import Part, SealedPart
from protocol.signing import Signer
from protocol.statement import Statement

from drill.seized_keys import authority_keys
from drill.world import World

Lie = Callable[[SealedPart], tuple[int, Part]]
"""Takes the honest answer, sealed, and returns the version and the part that is said instead."""


class LyingHost(httpx.AsyncBaseTransport):
    """Stands in the place of one host towards a member's device; all but the release is answered honestly."""

    def __init__(self, host: AuthorityName, lie: Lie, signing: Signer) -> None:
        self._host = host
        self._lie = lie
        self._signing = signing
        self._honest = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        answer = await self._honest.handle_async_request(request)
        if request.url.path != "/release" or answer.status_code != httpx.codes.OK:
            return answer
        honest = SealedPart.model_validate_json(await answer.aread())
        asked = Release.model_validate_json(request.content)
        version, part = self._lie(honest)
        said = SealedPart.make(
            part,
            host=self._host,
            ref=honest.ref,
            sid=honest.sid,
            v=version,
            exp=honest.exp,
            jkt=Statement.parse(asked.statement).jkt,
            session_public=asked.hpke,
            signing=self._signing,
        )
        return httpx.Response(200, content=said.model_dump_json(), headers={"Content-Type": "application/json"})

    async def aclose(self) -> None:
        """Close the connections to the honest code."""
        await self._honest.aclose()


@dataclass(frozen=True)
class Kept:
    """What an authority has, or once had, of one member: shares and bundles by version."""

    shares: dict[int, bytes]
    bundles: dict[int, bytes]


async def kept(world: World, host: AuthorityName, ref: bytes) -> Kept:
    """Return what the host's database holds of a member now."""
    keys = authority_keys(world, host)
    connection = await asyncpg.connect(world.system.owner_urls[host])
    try:
        salts = await connection.fetch("SELECT version, salt, root FROM salt WHERE ref = $1", ref)
        bundles = await connection.fetch("SELECT version, bundle FROM bundle WHERE ref = $1", ref) if host == "keyvault" else []
    finally:
        await connection.close()
    shares = {row["version"]: keys.share(row["salt"], ref, row["version"], row["root"]) for row in salts}
    return Kept(shares, {row["version"]: row["bundle"] for row in bundles})
