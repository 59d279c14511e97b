"""What the gateway keeps of a member beside its account: the references at the other two authorities, and sessions."""

from collections.abc import Sequence
from datetime import UTC, datetime

from authority.extras import Extras
from chassis.database import Transaction
from protocol.messages.enrolment import Enrolment
from windows import RowsRefused

from gateway.context import Gateway
from gateway.errors import ReferencesTaken
from gateway.store import account_links, attempts, browsers, references, sessions
from gateway.store.references import References
from gateway.use_cases.end_session import finish


class GatewayExtras(Extras):
    """What the gateway does beside what all authorities do."""

    def __init__(self) -> None:
        """Begin without what the gateway knows of itself, which is made after the authority."""
        self.gateway: Gateway | None = None

    async def enrol(self, tx: Transaction, rows: Sequence[Enrolment], /) -> None:
        """Keep each member's references. Every row has both; the same again is fine, others than before are refused."""
        if wrong := [index for index, row in enumerate(rows) if row.pairwise is None or len(row.pairwise) != 2]:
            raise RowsRefused(rows=wrong)
        wanted = [
            References(row.ref, row.pairwise["keyvault"], row.pairwise["identity"]) for row in rows if row.pairwise is not None
        ]
        await references.add(tx, wanted)
        kept = await references.among(tx, [row.gateway for row in wanted])
        if taken := [index for index, row in enumerate(wanted) if row not in kept]:
            raise ReferencesTaken(rows=taken)

    async def ended(self, tx: Transaction, refs: Sequence[bytes], now: int, /) -> None:
        """End the members' sessions; the other two authorities are told."""
        assert self.gateway is not None
        at = datetime.fromtimestamp(now, UTC)
        await browsers.end_of_members(tx, refs)
        for session in await sessions.end_of_members(tx, refs):
            await finish(tx, self.gateway, session, at)
        await attempts.delete_of_members(tx, refs)

    async def erased(self, tx: Transaction, refs: Sequence[bytes], /) -> None:
        """Forget the members' references at the other authorities, and to which accounts at the group they were linked."""
        await account_links.unlink(tx, refs)
        await references.delete(tx, refs)
