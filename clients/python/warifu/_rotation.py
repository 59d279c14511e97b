"""From one key version to the next (docs/protocol.md section 3).

Each step can be repeated: interrupted anywhere, a later login finishes. Until the next bundle stands at the keyvault the version
before is the one that opens; from then on the next one is, and whoever comes next adopts it.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from protocol.bundle import Bundle
from protocol.jose import generate_p256, scalar_of
from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName
from protocol.release_log import LogKey

from ._authorities import Authorities
from ._evidence import Evidence
from ._parts import Joined
from .errors import HostUnavailable, KeyMaterialRefused

_ATTEMPTS = 3
"""Releases read until the three answers fit together; another device may be committing between them."""

Readers = Mapping[StoreName, tuple[bytes, ...]]
"""Reader keys by store, the newest first."""


@dataclass(frozen=True, repr=False)
class Held:
    """A bundle as the keyvault stores it, open, with the parts that opened it."""

    joined: Joined
    sealed: bytes
    bundle: Bundle

    @property
    def mailbox_seed(self) -> bytes:
        """Seed of the member's own mailbox key: the same in all versions from the first on."""
        if self.bundle.mailbox is None:
            raise KeyMaterialRefused("keyvault", "a bundle without its keys")
        return self.bundle.mailbox

    def log_key(self, host: AuthorityName) -> LogKey:
        """Return the key that reads what an authority logged about the member."""
        if self.bundle.log is None:
            raise KeyMaterialRefused("keyvault", "a bundle without its keys")
        return LogKey(self.bundle.log, host, self.joined.parts[host].ref)


async def newest(authorities: Authorities, evidence: Evidence) -> Held:
    """Release and open the bundle of the highest version that all three support."""
    for _ in range(_ATTEMPTS):
        parts = await asyncio.gather(*(authorities.release(host, evidence) for host in AUTHORITIES))
        joined = Joined(dict(zip(AUTHORITIES, parts, strict=True)))
        if (version := joined.newest()) is not None:
            sealed = joined.bundles[version]
            return Held(joined, sealed, joined.open_bundle(sealed, version))
    raise KeyMaterialRefused("keyvault", "no bundle fits the shares of all three authorities")


async def follow(authorities: Authorities, held: Held, readers: Readers) -> Held:
    """Take steps 1 to 3: pending salts, a bundle with these reader keys, and what the keyvault then has.

    Another device may have been first: then its bundle is the next one, and its reader keys are.
    """
    version = held.bundle.v + 1
    joined = await _pending(authorities, held.joined, version)
    made = _next(held.bundle, readers)
    await authorities.put_bundle(version, made.seal(joined.member_key(version), joined.parts["keyvault"].ref))
    stored = await authorities.get_bundle(version)
    return Held(joined, stored, joined.open_bundle(stored, version))


async def commit(authorities: Authorities, held: Held) -> None:
    """Take step 4 wherever an older version is still current. A host that is down is left to the next login."""
    version = held.bundle.v
    behind = [host for host in AUTHORITIES if held.joined.parts[host].version < version]
    if not behind:
        return
    try:
        word = await authorities.receipt(version, held.sealed)
    except HostUnavailable:
        return
    words = [word.model_copy(update={"log_key": held.log_key(host).public_bytes}) for host in behind]
    results = await asyncio.gather(*map(authorities.commit, behind, words), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, HostUnavailable):
            raise result


def fresh_readers(older: Readers) -> Readers:
    """Return a fresh reader key for each store, before the older ones."""
    return {store: (scalar_of(generate_p256()), *older.get(store, ())) for store in STORES}


async def _pending(authorities: Authorities, joined: Joined, version: int) -> Joined:
    parts = await asyncio.gather(*(authorities.pending(host, version) for host in AUTHORITIES))
    for host, part in zip(AUTHORITIES, parts, strict=True):
        if part.version > version or version not in part.shares:
            raise KeyMaterialRefused(host, "no pending share")
    # Bundles and record come with the release only.
    return Joined({host: replace(part, part=joined.parts[host].part) for host, part in zip(AUTHORITIES, parts, strict=True)})


def _next(bundle: Bundle, readers: Readers) -> Bundle:
    return Bundle(
        v=bundle.v + 1,
        record_key=bundle.record_key,
        seeds=bundle.seeds,
        readers=dict(readers),
        mailbox=bundle.mailbox or secrets.token_bytes(32),
        log=bundle.log or secrets.token_bytes(32),
    )
