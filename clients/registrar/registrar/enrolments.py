"""Enrolment of one round of people at one authority: references in, first shares out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from protocol.messages.enrolment import Enrol, Enrolled, Enrolment, enrolment_info, enrolment_signed
from protocol.names import AuthorityName
from protocol.sealing import OpenError, XWingPrivateKey
from protocol.signing import PublicKeys, SignatureRefused, verify

from .batches import batches
from .errors import AnswerRefused, RowsRefused
from .hosts import encode
from .people import Person
from .session import Session
from .windows import Window

_SHARE_BYTES = 32
_ABOUT_ONE_MEMBER = frozenset({"already-released", "verifier-taken", "reference-unknown", "mailbox-differs"})
"""Refusals that concern a row; any other names rows because the batch is wrong, and ends the import."""

T = TypeVar("T")


@dataclass
class Enrolments:
    """What one authority answered: shares by reference, and a code for each reference it refused."""

    shares: dict[bytes, bytes] = field(default_factory=dict)
    refused: dict[bytes, str] = field(default_factory=dict)


async def enrol(session: Session, window: Window, host: AuthorityName, people: Sequence[Person], *, verifiers: bool) -> Enrolments:
    """Enrol everybody at one authority, in the order of its own references."""
    found = Enrolments()

    async def one(batch: list[Person]) -> None:
        rows = [_row(person, host, verifiers=verifiers) for person in batch]
        body = await asyncio.to_thread(lambda: encode(Enrol(rows=tuple(rows))))
        answer = await session.hosts.call(host, window, "/enrolments", body, Enrolled)
        info = enrolment_info(host, window.id, body)
        shares = _open(session.deployment.authorities[host].signing_keys, window.hpke, answer, info)
        if len(shares) != len(batch):
            raise AnswerRefused(f"{host}: another number of shares")
        found.shares.update(zip((person.member.refs[host] for person in batch), shares, strict=True))

    for batch in batches(people, lambda person: person.member.refs[host]):
        for person, code in await without_refused(batch, one):
            found.refused[person.member.refs[host]] = code
    return found


async def without_refused(batch: list[T], call: Callable[[list[T]], Awaitable[None]]) -> list[tuple[T, str]]:
    """Make a call for a batch; where a host refuses some of its rows, make it again without them, and return those rows."""
    refused: list[tuple[T, str]] = []
    while batch:
        try:
            await call(batch)
        except RowsRefused as error:
            places = set(error.rows) & set(range(len(batch)))
            if not places or error.problem not in _ABOUT_ONE_MEMBER:
                raise
            refused += [(batch[place], error.problem) for place in sorted(places)]
            batch = [row for place, row in enumerate(batch) if place not in places]
        else:
            break
    return refused


def _row(person: Person, host: AuthorityName, *, verifiers: bool) -> Enrolment:
    refs = person.member.refs
    return Enrolment(
        ref=refs[host],
        verifiers=person.verifiers if verifiers else (),
        pairwise={"keyvault": refs["keyvault"], "identity": refs["identity"]} if host == "gateway" else None,
    )


def _open(signing: PublicKeys, hpke: XWingPrivateKey, answer: Enrolled, info: bytes) -> list[bytes]:
    """Return the shares, once the authority's signature and the sealed object fit window, host and request."""
    try:
        verify(signing, answer.signature, enrolment_signed(answer.sealed, info))
        joined = hpke.open(answer.sealed, info)
    except (SignatureRefused, OpenError) as error:
        raise AnswerRefused("first shares") from error
    return [joined[at : at + _SHARE_BYTES] for at in range(0, len(joined), _SHARE_BYTES)]
