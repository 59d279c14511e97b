"""What of a store's database a backup holds, and how a restored one forgets whom the store erased since."""

from chassis.app import Restoring

from mailboxes.store.holding import Holding


def restoring(holding: Holding, *omitted: str) -> Restoring:
    """Return it for a store with its tables that hold a token; ``omitted`` are tables of its own whose rows stay out of backups."""
    return Restoring("SELECT token AS id FROM mailbox", holding.erase, ("registrar_window", "window_quota", *omitted), holding.keep)
