"""The gateway's part of an enrolment: under which references the other two authorities know a member."""

from collections.abc import Sequence

from authority.extras import Extras
from chassis.database import Transaction
from protocol.messages.enrolment import Enrolment
from windows import RowsRefused

from gateway.errors import ReferencesTaken
from gateway.store import references
from gateway.store.references import References


class GatewayExtras(Extras):
    """What the gateway does beside what all authorities do."""

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
