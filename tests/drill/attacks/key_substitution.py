"""A live keyvault, and a live gateway, answer a member's device with key material that is not the member's.

The device is the real SDK. It must raise its alarm, and reach no store with keys that somebody else may know.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import warifu
from protocol.bundle import Bundle
from protocol.names import AUTHORITIES, STORES, AuthorityName
from protocol.release import Part, SealedPart, VersionedBundle, VersionedShare
from protocol.shares import member_key
from protocol.signing import Signer, SigningKey

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.lying_host import Kept, Lie, LyingHost, kept
from drill.people import Someone
from drill.seized_keys import authority_keys
from drill.truth import Truth
from drill.world import World

_VICTIMS = 2


@dataclass(frozen=True)
class _Known:
    """What a lying authority has of the victim before and after a change of keys, and of somebody else."""

    before: Kept
    now: Kept
    other: Kept


def _said(share: bytes, version: int, bundle: bytes | None = None) -> tuple[int, Part]:
    bundles = () if bundle is None else (VersionedBundle(v=version, bundle=bundle),)
    return version, Part(shares=(VersionedShare(v=version, share=share),), bundles=bundles)


def _always(said: tuple[int, Part]) -> Lie:
    return lambda _: said


def _chosen(share: bytes, ref: bytes, version: int) -> bytes:
    """Return a bundle with keys that the keyvault knows, sealed with what it has: its own share and nothing of the others'."""
    shares: dict[AuthorityName, bytes] = {**dict.fromkeys(AUTHORITIES, bytes(32)), "keyvault": share}
    bundle = Bundle(
        v=version,
        record_key=secrets.token_bytes(32),
        seeds=dict.fromkeys(STORES, secrets.token_bytes(32)),
        readers=dict.fromkeys(STORES, (bytes([*range(1, 33)]),)),
        mailbox=secrets.token_bytes(32),
        log=secrets.token_bytes(32),
    )
    return bundle.seal(member_key(shares, version), ref)


def _lies(known: _Known, at: AuthorityName) -> Mapping[str, Lie]:
    """Return every lie of this authority."""
    before, now = max(known.before.shares), max(known.now.shares)
    share, others = known.now.shares[now], next(iter(known.other.shares.values()))
    if at == "gateway":
        return {
            "another member's share": lambda _: _said(others, now),
            "a share of its own choice": lambda _: _said(bytes(32), now),
        }
    bundle, old = known.now.bundles[now], known.before.bundles[before]
    foreign = next(iter(known.other.bundles.values()))

    def chosen(honest: SealedPart) -> tuple[int, Part]:
        return _said(share, now, _chosen(share, honest.ref, now))

    return {
        "another member's bundle": lambda _: _said(share, now, foreign),
        "an older bundle as the newest": lambda _: _said(share, now, old),
        "an older version": lambda _: _said(known.before.shares[before], before, old),
        "another member's share": lambda _: _said(others, now, bundle),
        "a bundle of its own choice": chosen,
    }


async def _believed(world: World, victim: Someone, at: AuthorityName, lie: Lie, signing: Signer) -> bool:
    """Return whether the device did anything but raise its alarm."""
    stores = {world.deployment.origins[store] for store in STORES}
    reached = []

    async def watch(request: httpx.Request) -> None:
        if any(str(request.url).startswith(origin) for origin in stores):
            reached.append(request)

    mounts = {world.deployment.origins[at]: LyingHost(at, lie, signing)}
    http = httpx.AsyncClient(timeout=30, mounts=mounts, event_hooks={"request": [watch]})
    async with http, warifu.Client(world.deployment, http=http) as client:
        try:
            await client.sign_in(warifu.CodeWay(world.wallets[victim.number].letter))
        except warifu.KeyMaterialRefused:
            return bool(reached)
        except warifu.WarifuError:
            return True
    return True


async def _known(world: World, victim: Someone, other: Someone) -> dict[AuthorityName, _Known]:
    """Let the victim sign in and change keys, and keep what the authorities have of both members then."""
    lying: tuple[AuthorityName, ...] = ("gateway", "keyvault")
    async with world.signed_in(victim) as session:
        before = {host: await kept(world, host, victim.refs[host]) for host in lying}
        await session.change_keys()
    return {
        host: _Known(before[host], await kept(world, host, victim.refs[host]), await kept(world, host, other.refs[host]))
        for host in lying
    }


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    other, *victims = world.victims(1 + _VICTIMS)
    won = 0
    for victim in victims:
        believed = []
        for at, known in (await _known(world, victim, other)).items():
            own = authority_keys(world, at).signing
            believed += [await _believed(world, victim, at, lie, own) for lie in _lies(known, at).values()]
            # True words, but not signed by whom the device has pinned.
            version = max(known.now.shares)
            true = _said(known.now.shares[version], version, known.now.bundles.get(version))
            believed.append(await _believed(world, victim, at, _always(true), SigningKey(secrets.token_bytes(32))))
        won += any(believed)
    return exact(won, len(victims), "members whose device used keys that a host chose, or raised no alarm")


ATTACK = Live(
    "key-substitution",
    "Keyvault and gateway answer a device with bundles and shares of others, of before, and of their own choice.",
    ("keyvault",),
    _run,
)
