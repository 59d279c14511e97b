"""Mailboxes of one round of people at one store, in the order of that store's tokens."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protocol.messages.mailbox import Mailbox, MailboxesOpened, OpenMailboxes
from protocol.names import AUTHORITIES, StoreName
from protocol.split_seal import SplitSealer

from .batches import batches
from .enrolments import without_refused
from .hosts import encode
from .people import attributes
from .roster_member import Member
from .session import Session
from .tokens import Seeds
from .windows import Window

_USE = "number"


@dataclass(frozen=True, repr=False)
class Owner:
    """Whose mailbox it is."""

    member: Member
    seeds: Seeds


async def open_mailboxes(
    session: Session, window: Window, store: StoreName, owners: Sequence[Owner], groups: Mapping[str, str]
) -> dict[bytes, str]:
    """Open mailboxes, or renew their attributes; return a code for each keyvault reference whose mailbox was refused."""
    keys = {host: session.deployment.authorities[host].unseal[_USE] for host in AUTHORITIES}
    sealer = SplitSealer(_USE, session.deployment.insurer_key, keys)

    async def one(batch: list[Owner]) -> None:
        body = await asyncio.to_thread(_body, store, batch, groups, sealer)
        await session.hosts.call(store, window, "/mailboxes", body, MailboxesOpened)

    refused: dict[bytes, str] = {}
    for batch in batches(owners, lambda owner: owner.seeds[store].token):
        refused |= {owner.member.refs["keyvault"]: code for owner, code in await without_refused(batch, one)}
    return refused


def _body(store: StoreName, batch: list[Owner], groups: Mapping[str, str], sealer: SplitSealer) -> bytes:
    return encode(OpenMailboxes(rows=tuple(_mailbox(store, owner, groups, sealer) for owner in batch)))


def _mailbox(store: StoreName, owner: Owner, groups: Mapping[str, str], sealer: SplitSealer) -> Mailbox:
    seed = owner.seeds[store]
    return Mailbox(
        token=seed.token,
        claim_key=seed.claim_key.public_bytes,
        mailbox_key=seed.mailbox_key.public_bytes,
        number=sealer.seal(owner.member.anchor.x, seed.token),
        attributes=attributes(owner.member, groups[owner.member.site]) if store == "anon-data" else None,
    )
