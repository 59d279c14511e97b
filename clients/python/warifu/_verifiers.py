"""A member's ways in as the three authorities keep them: listed, changed on the member's word, confirmed.

A device sends each authority what it made itself, and never what another one answered.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from protocol.encoding import b64u, sha256
from protocol.labels import open_label
from protocol.messages.verifiers import (
    Addition,
    AuthorisedChange,
    Cancellation,
    ConfirmVerifier,
    Removal,
    Verifier,
    VerifierChanged,
    VerifierKind,
    Verifiers,
    VerifierStored,
    change_body,
    stored_message,
)
from protocol.names import AUTHORITIES, AuthorityName
from protocol.sealing import OpenError
from protocol.signing import SignatureRefused, verify

from ._authorities import Authorities
from ._wire import Wire, dump, parse
from .errors import HostRefused, HostUnavailable, KeyMaterialRefused, WarifuError
from .ways import Way

T = TypeVar("T")
Listed = Mapping[AuthorityName, Verifiers]
Changes = Mapping[AuthorityName, Addition | Removal | Cancellation]

_CONFIRMED_BY_MEMBERS = ("passkey", "card")


@dataclass(frozen=True)
class WayIn:
    """A way to sign in, as the authorities list it. Times are aware, in UTC; ``None`` where there is no limit."""

    id: bytes
    """16 bytes."""
    kind: VerifierKind
    label: str | None
    """What the member calls it; ``None`` where nobody named it, or the name does not open."""
    confirmed: bool
    """Whether all three authorities have it and know of each other that they have."""
    effective_from: datetime | None
    """Set for a recovery: until then it opens nothing, and can be cancelled."""
    expires: datetime | None
    guardian_until: datetime | None
    """Set for a guardian's. It is the same far day for everybody: the insurer ends a guardianship on the day itself."""

    def waits(self, now: int) -> bool:
        """Tell whether this is a recovery that has not taken effect."""
        return self.effective_from is not None and self.effective_from.timestamp() > now


async def listed(authorities: Authorities, mailbox_seed: bytes) -> tuple[WayIn, ...]:
    """Return all ways in, in the order of their ids, with the names that this device can open."""
    answers = await asyncio.gather(*(_list(authorities, host) for host in AUTHORITIES))
    return _merged(dict(zip(AUTHORITIES, answers, strict=True)), mailbox_seed)


async def finish(wire: Wire, authorities: Authorities) -> tuple[WayIn, ...]:
    """Confirm what was added and not confirmed everywhere, and return the recoveries that wait.

    Authorities that are down are left to the next login.
    """
    answers = await asyncio.gather(*(_list(authorities, host) for host in AUTHORITIES), return_exceptions=True)
    found: dict[AuthorityName, Verifiers] = {}
    for host, answer in zip(AUTHORITIES, answers, strict=True):
        if isinstance(answer, Verifiers):
            found[host] = answer
        elif not isinstance(answer, HostUnavailable):
            raise answer
    if len(found) == len(AUTHORITIES):
        for verifier_id in _half_confirmed(found):
            await _confirm_again(wire, authorities, verifier_id)
    return tuple(way for way in _merged(found, None) if way.waits(wire.clock()))


async def change(wire: Wire, authorities: Authorities, changes: Changes, proving: Way) -> dict[AuthorityName, VerifierChanged]:
    """Let the member prove exactly this change, and make it at all three."""
    raw = {host: dump(changes[host]) for host in AUTHORITIES}
    hashes = {host: sha256(raw[host]) for host in AUTHORITIES}
    statement = authorities.statement(changes["gateway"].action, change_body(hashes))
    evidence = await proving.prove(statement, wire)

    async def one(host: AuthorityName) -> VerifierChanged:
        body = AuthorisedChange(
            statement=statement.raw,
            evidence=evidence.proofs[host],
            change=raw[host],
            others={other: found for other, found in hashes.items() if other != host},
        )
        return parse(host, VerifierChanged, await authorities.call(host, "POST", "/verifiers/changes", body))

    return await _at_all_three(one(host) for host in AUTHORITIES)


async def add(wire: Wire, authorities: Authorities, additions: Mapping[AuthorityName, Addition], proving: Way) -> bool:
    """Store a way in at all three and confirm it; ``False`` when some authority could not be told that the others have it.

    The next login tells it. What is stored signs in all the same.
    """
    verifier_id = additions["gateway"].id
    answers = await change(wire, authorities, additions, proving)
    receipts = {host: _receipt(wire, authorities, host, verifier_id, answers[host].stored) for host in AUTHORITIES}
    try:
        await _confirm(authorities, verifier_id, receipts)
    except HostUnavailable:
        return False
    return True


def moment(seconds: int | None) -> datetime | None:
    """Return a time of the wire as an aware one."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


async def _list(authorities: Authorities, host: AuthorityName) -> Verifiers:
    return parse(host, Verifiers, await authorities.call(host, "GET", "/verifiers"))


def _merged(found: Listed, mailbox_seed: bytes | None) -> tuple[WayIn, ...]:
    """Join the lists by id and kind: what only some of them list is not confirmed."""
    together: dict[tuple[bytes, VerifierKind], list[Verifier]] = {}
    for answer in found.values():
        for one in answer.verifiers:
            together.setdefault((one.id, one.kind), []).append(one)
    return tuple(_way_in(together[key], mailbox_seed) for key in sorted(together))


def _way_in(seen: list[Verifier], mailbox_seed: bytes | None) -> WayIn:
    first = seen[0]
    return WayIn(
        id=first.id,
        kind=first.kind,
        label=next((label for one in seen if (label := _name(one, mailbox_seed)) is not None), None),
        confirmed=len(seen) == len(AUTHORITIES) and all(one.confirmed for one in seen),
        effective_from=moment(max((one.not_before for one in seen if one.not_before is not None), default=None)),
        expires=moment(min((one.expires for one in seen if one.expires is not None), default=None)),
        guardian_until=moment(min((one.guardian_until for one in seen if one.guardian_until is not None), default=None)),
    )


def _name(one: Verifier, mailbox_seed: bytes | None) -> str | None:
    if one.label is None or mailbox_seed is None:
        return None
    try:
        return open_label(one.label, mailbox_seed, one.id)
    except OpenError:
        return None


def _half_confirmed(found: Listed) -> list[bytes]:
    """Return what all three list, of the kinds that members add, and somebody does not count yet."""
    held = [{one.id: one for one in answer.verifiers if one.kind in _CONFIRMED_BY_MEMBERS} for answer in found.values()]
    everywhere = sorted(set.intersection(*(set(one) for one in held)))
    return [verifier_id for verifier_id in everywhere if not all(one[verifier_id].confirmed for one in held)]


async def _confirm_again(wire: Wire, authorities: Authorities, verifier_id: bytes) -> None:
    """Ask for the receipts anew and confirm; a host that is down, or a removal on another device, leaves it to the next login."""

    async def one(host: AuthorityName) -> bytes:
        path = f"/verifiers/{b64u(verifier_id)}/receipt"
        stored = parse(host, VerifierStored, await authorities.call(host, "POST", path))
        return _receipt(wire, authorities, host, verifier_id, stored)

    try:
        await _confirm(authorities, verifier_id, await _at_all_three(one(host) for host in AUTHORITIES))
    except HostUnavailable:
        return
    except HostRefused as error:
        if error.type != "verifier-unknown":
            raise


def _receipt(wire: Wire, authorities: Authorities, host: AuthorityName, verifier_id: bytes, stored: VerifierStored | None) -> bytes:
    """Return the receipt once it verifies under the key pinned for ``host``, for this session and verifier."""
    pinned = wire.deployment.authorities[host].signing_keys
    try:
        if stored is None or stored.id != verifier_id:
            raise KeyMaterialRefused(host, "a receipt for another way to sign in")
        verify(pinned, stored.receipt, stored_message(host, authorities.jkt, verifier_id))
    except SignatureRefused as error:
        raise KeyMaterialRefused(host, "a receipt that does not verify") from error
    return stored.receipt


async def _confirm(authorities: Authorities, verifier_id: bytes, receipts: Mapping[AuthorityName, bytes]) -> None:
    body = ConfirmVerifier(receipts=dict(receipts))
    path = f"/verifiers/{b64u(verifier_id)}/confirmation"
    await _at_all_three(authorities.call(host, "POST", path, body) for host in AUTHORITIES)


async def _at_all_three(calls: Iterable[Coroutine[Any, Any, T]]) -> dict[AuthorityName, T]:
    """Let all three finish; then return their answers, or raise what says most: a refusal before an absence."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    errors = [answer for answer in answers if isinstance(answer, BaseException)]
    if errors:
        raise min(errors, key=_severity)
    return {host: answer for host, answer in zip(AUTHORITIES, answers, strict=True) if not isinstance(answer, BaseException)}


def _severity(error: BaseException) -> int:
    if not isinstance(error, WarifuError):
        return 0
    return 2 if isinstance(error, HostUnavailable) else 1
