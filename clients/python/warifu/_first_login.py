"""The first login is a rotation with a claim inside; every later login repeats what is unfinished, and rotates when asked to.

Each step can be repeated: interrupted anywhere, the next login finishes.
"""

import asyncio
import contextlib
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
        joined, sealed, bundle = await _rotated(authorities, joined, _first_bundle(bundle))
    elif joined.renew(version):
        # The old keys go on working: a host that is down leaves it to the next login.
        with contextlib.suppress(HostUnavailable):
            joined, sealed, bundle = await _rotated(authorities, joined, bundle.model_copy(update={"v": version + 1}))
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


def _first_bundle(zeroth: Bundle) -> Bundle:
    """Return bundle 1, with keys that no other has seen."""
    return Bundle(
        v=1,
        record_key=zeroth.record_key,
        seeds=zeroth.seeds,
        readers={store: (scalar_of(generate_p256()),) for store in STORES},
        mailbox=secrets.token_bytes(32),
        log=secrets.token_bytes(32),
    )


async def _rotated(authorities: Authorities, joined: Joined, fresh: Bundle) -> tuple[Joined, bytes, Bundle]:
    """Insert a bundle of the next version, and use only what the keyvault then has: another device may have been first."""
    parts = await asyncio.gather(*(authorities.pending(host, fresh.v) for host in AUTHORITIES))
    for host, part in zip(AUTHORITIES, parts, strict=True):
        if part.version > fresh.v or fresh.v not in part.shares:
            raise KeyMaterialRefused(host, "no pending share")
    # Bundles and record come with the release only.
    pending = {host: replace(part, part=joined.parts[host].part) for host, part in zip(AUTHORITIES, parts, strict=True)}
    joined = Joined(pending)
    await authorities.put_bundle(fresh.v, fresh.seal(joined.member_key(fresh.v), joined.parts["keyvault"].ref))
    stored = await authorities.get_bundle(fresh.v)
    return joined, stored, joined.open_bundle(stored, fresh.v)


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
