"""The registrar reads the sealed member numbers of mailboxes that two officers listed."""

from collections.abc import Sequence

from chassis.database import Database
from protocol.messages.mailbox import Numbered, Numbers
from protocol.names import StoreName
from windows import RegistrarCall, require_subjects, spend

from mailboxes.order import require_sorted
from mailboxes.store import mailboxes


async def read_numbers(db: Database, caller: RegistrarCall, store: StoreName, rows: Sequence[Numbered]) -> Numbers:
    """Return them as they are stored: this host cannot open them. A suspended mailbox keeps its own."""
    tokens = [row.token for row in rows]
    require_sorted(tokens)
    require_subjects(caller, store, [(row.token, row.subject) for row in rows])
    async with db.transaction("read-numbers") as tx:
        await spend(tx, caller, "number", len(rows))
        found = await mailboxes.numbers(tx, tokens)
    suspended = tuple(at for at, token in enumerate(tokens) if token in found and found[token] is None)
    return Numbers(numbers=tuple(found.get(token) for token in tokens), suspended=suspended)
