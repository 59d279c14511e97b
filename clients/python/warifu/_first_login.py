"""The first login is a rotation with a claim inside; every later login repeats what is unfinished.

Each step can be repeated: interrupted anywhere, the next login finishes.
"""

import asyncio
import secrets
from dataclasses import dataclass, replace

from protocol.bundle import Bundle
from protocol.jose import generate_p256, scalar_of
from protocol.names import AUTHORITIES, STORES, StoreName

from ._authorities import Authorities
from ._evidence import Evidence
from ._parts import Joined
from ._stores import Store
from ._wire import Wire
from .errors import HostUnavailable, KeyMaterialRefused

_ATTEMPTS = 3
"""Releases read until the three answers fit together; another device may be committing between them."""


@dataclass(frozen=True, repr=False)
class Settled:
    """What a session works with."""

    joined: Joined
    bundle: Bundle
    unclaimed: frozenset[StoreName]


async def settle(wire: Wire, authorities: Authorities, evidence: Evidence) -> Settled:
    """Release, open the newest bundle or make the first one, claim both mailboxes, commit."""
    joined, version = await _release(authorities, evidence)
    sealed = joined.bundles[version]
    bundle = joined.open_bundle(sealed, version)
    if version == 0:
        joined, sealed, bundle = await _first_bundle(authorities, joined, bundle)
    claimed = await asyncio.gather(*(Store.of(wire, bundle, store).claim() for store in STORES))
    unclaimed = frozenset(store for store, done in zip(STORES, claimed, strict=True) if not done)
    await _commit(authorities, joined, bundle.v, sealed)
    return Settled(joined, bundle, unclaimed)


async def _release(authorities: Authorities, evidence: Evidence) -> tuple[Joined, int]:
    for _ in range(_ATTEMPTS):
        parts = await asyncio.gather(*(authorities.release(host, evidence) for host in AUTHORITIES))
        joined = Joined(dict(zip(AUTHORITIES, parts, strict=True)))
        if (version := joined.newest()) is not None:
            return joined, version
    raise KeyMaterialRefused("keyvault", "no bundle fits the shares of all three authorities")


async def _first_bundle(authorities: Authorities, joined: Joined, zeroth: Bundle) -> tuple[Joined, bytes, Bundle]:
    """Make bundle 1 with fresh keys, insert it, and use only what the keyvault then has: another device may have been first."""
    parts = await asyncio.gather(*(authorities.pending(host, 1) for host in AUTHORITIES))
    for host, part in zip(AUTHORITIES, parts, strict=True):
        if part.version > 1 or 1 not in part.shares:
            raise KeyMaterialRefused(host, "no pending share")
    # Bundles and record come with the release only.
    pending = {host: replace(part, part=joined.parts[host].part) for host, part in zip(AUTHORITIES, parts, strict=True)}
    joined = Joined(pending)
    fresh = Bundle(
        v=1,
        record_key=zeroth.record_key,
        seeds=zeroth.seeds,
        readers={store: (scalar_of(generate_p256()),) for store in STORES},
        mailbox=secrets.token_bytes(32),
        log=secrets.token_bytes(32),
    )
    await authorities.put_bundle(1, fresh.seal(joined.member_key(1), joined.parts["keyvault"].ref))
    stored = await authorities.get_bundle(1)
    return joined, stored, joined.open_bundle(stored, 1)


async def _commit(authorities: Authorities, joined: Joined, version: int, sealed: bytes) -> None:
    """Commit wherever an older version is still current. A host that is down is left to the next login."""
    behind = [host for host in AUTHORITIES if joined.parts[host].version < version]
    if not behind:
        return
    try:
        commit = await authorities.receipt(version, sealed)
    except HostUnavailable:
        return
    results = await asyncio.gather(*(authorities.commit(host, commit) for host in behind), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, HostUnavailable):
            raise result
