"""What the two pseudonymous hosts share: mailboxes, claims, reader proofs, and the rule by which the newest write wins.

The import name is the plural, because Python's own library has a module ``mailbox``.
"""

from pathlib import Path

from mailboxes.routes.mailboxes import router as ROUTER  # noqa: N812  # a constant of this package
from mailboxes.start import started

MIGRATIONS = Path(__file__).parent / "migrations"
SEALED_TABLES = ("mailbox", "reader_key", "suspension", "recovery")
"""Small tables of at most one row a member, which the daily seal rewrites in random order."""

__all__ = ["MIGRATIONS", "ROUTER", "SEALED_TABLES", "started"]
