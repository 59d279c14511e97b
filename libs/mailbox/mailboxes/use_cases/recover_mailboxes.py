"""A mailbox whose reader key is lost: the registrar lets it be claimed once more, its member sees that and may refuse."""

from collections.abc import Sequence
from datetime import date, datetime

from chassis.database import Database
from protocol.messages.mailbox import MailboxesRecovering, MailboxState, Recovery
from protocol.names import StoreName
from windows import RegistrarCall, require_subjects, spend

from mailboxes import reopening
from mailboxes.order import require_sorted
from mailboxes.readers import Reader
from mailboxes.store import batches, mailboxes, recoveries


async def recover_mailboxes(
    db: Database, caller: RegistrarCall, store: StoreName, rows: Sequence[Recovery], today: date
) -> MailboxesRecovering:
    """Begin recoveries; one that is under way keeps its day."""
    tokens, opens = [row.token for row in rows], reopening.opens(today)
    require_sorted(tokens)
    require_subjects(caller, store, [(row.token, row.subject) for row in rows])
    async with db.transaction("recover-mailboxes") as tx:
        await spend(tx, caller, "recover", len(rows))
        await batches.share(tx)
        known = await mailboxes.known(tx, tokens)
        begun = await recoveries.begin(tx, [token for token in tokens if token in known], opens, reopening.last_over(today))
    unknown = tuple(at for at, token in enumerate(tokens) if token not in known)
    return MailboxesRecovering(begun=begun, unchanged=len(known) - begun, unknown=unknown, opens=opens)


async def read_mailbox(db: Database, reader: Reader, today: date) -> MailboxState:
    """Tell the member of a recovery that nobody has used yet."""
    async with db.statements("read-mailbox") as tx:
        first = await recoveries.opens(tx, await reader.for_reading(tx))
    return MailboxState(recovery=None if first is None or reopening.is_over(first, today) else first)


async def veto_recovery(db: Database, reader: Reader) -> None:
    """Refuse a recovery; the same again changes nothing."""
    async with db.transaction("veto-recovery") as tx:
        await recoveries.forget(tx, await reader.for_writing(tx))


async def purge(db: Database, now: datetime) -> None:
    """Delete recoveries that nobody used in time."""
    async with db.transaction("purge-recoveries") as tx:
        await recoveries.purge(tx, reopening.last_over(now.date()))
