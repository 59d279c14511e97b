"""What of an authority's database a backup holds, and how a restored one forgets whom the authority erased since."""

from collections.abc import Sequence

from chassis.app import Restoring
from chassis.database import Transaction

from authority.extras import Extras
from authority.store import life_events as store

_OMITTED = (
    "evidence_nonce",
    "release_count",
    "release_session",
    "code_try",
    "registrar_window",
    "window_quota",
    # Who signed in since the last seal.
    "log_queue",
    "log_inbox",
)


def restoring(extras: Extras, *omitted: str) -> Restoring:
    """Return it for an authority with its extras; ``omitted`` are tables of its own whose rows stay out of backups."""

    async def erase(tx: Transaction, refs: Sequence[bytes]) -> None:
        await extras.erased(tx, refs)
        await store.shred(tx, refs)

    return Restoring("SELECT ref AS id FROM account", erase, (*_OMITTED, *omitted))
