"""The registrar opens mailboxes."""

from collections.abc import Awaitable, Callable, Sequence

from chassis.database import Database, Transaction
from protocol.messages.mailbox import Attributes, Mailbox, MailboxesOpened
from windows import RegistrarCall, RowsRefused, spend

from mailboxes.errors import MailboxDiffers
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes

NUMBER_BYTES = 1670
"""A split-sealed member number; all have one length, so that none stands out."""

KeepAttributes = Callable[[Transaction, Sequence[tuple[bytes, Attributes]]], Awaitable[None]]
"""Stores what a host may know of a person besides the mailbox."""


async def open_mailboxes(
    db: Database, caller: RegistrarCall, rows: Sequence[Mailbox], keep_attributes: KeepAttributes | None
) -> MailboxesOpened:
    """Open what is new and leave what is there; ``keep_attributes`` is None where a host must know nothing of a person."""
    _check(rows, wanted=keep_attributes is not None)
    tokens = [row.token for row in rows]
    async with db.transaction("open-mailboxes") as tx:
        await batches.share(tx)
        opened = await mailboxes.open_all(tx, rows)
        known = await mailboxes.keys(tx, [token for token in tokens if token not in opened])
        if differing := [at for at, row in enumerate(rows) if known.get(row.token, _keys(row)) != _keys(row)]:
            raise MailboxDiffers(rows=differing)
        if keep_attributes is not None:
            await keep_attributes(tx, [(row.token, row.attributes) for row in rows if row.attributes is not None])
        await spend(tx, caller, "mailbox", len(opened))
    return MailboxesOpened(opened=len(opened), unchanged=len(rows) - len(opened))


def _keys(row: Mailbox) -> tuple[bytes, bytes]:
    return row.claim_key, row.mailbox_key


def _check(rows: Sequence[Mailbox], *, wanted: bool) -> None:
    require_sorted([row.token for row in rows])
    require_unique([row.token for row in rows])
    if wrong := [at for at, row in enumerate(rows) if len(row.number) != NUMBER_BYTES]:
        raise RowsRefused(reason="number-size", rows=wrong)
    if wrong := [at for at, row in enumerate(rows) if (row.attributes is not None) != wanted]:
        raise RowsRefused(reason="attributes-missing" if wanted else "attributes-unwanted", rows=wrong)
