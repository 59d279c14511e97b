"""The registrar erases mailboxes with everything of their tokens."""

from chassis.database import Database
from chassis.erasures import Ledger
from protocol.messages.mailbox import EraseMailboxes, MailboxesErased
from protocol.names import StoreName
from windows import RegistrarCall, require_subjects, spend

from mailboxes.order import require_sorted
from mailboxes.store import batches, reader_keys
from mailboxes.store.holding import Holding

__all__ = ["Holding", "erase_mailboxes"]


async def erase_mailboxes(
    db: Database, caller: RegistrarCall, store: StoreName, holding: Holding, ledger: Ledger, request: EraseMailboxes
) -> MailboxesErased:
    """Delete every row of these tokens, whatever table it is in; nothing of them is written any more.

    What stays for statistics, where the request says so, belongs to no token.
    """
    rows = request.rows
    tokens = [row.token for row in rows]
    require_sorted(tokens)
    require_subjects(caller, store, [(row.token, row.subject) for row in rows])
    # Before it, so that nobody is erased and not in the ledger.
    await ledger.add(tokens, kept=request.keep)
    async with db.transaction("erase-mailboxes") as tx:
        await spend(tx, caller, "erase", len(rows))
        # Whoever is writing for one of these tokens ends first, and whoever comes later finds no mailbox.
        await batches.hold(tx)
        await reader_keys.hold_all(tx, tokens)
        erased = await (holding.keep if request.keep else holding.erase)(tx, tokens)
    return MailboxesErased(erased=erased, absent=len(rows) - erased)
