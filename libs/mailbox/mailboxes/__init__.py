"""What the two pseudonymous hosts share: mailboxes, claims, reader proofs, and the rule by which the newest write wins.

The import name is the plural, because Python's own library has a module ``mailbox``.
"""

from pathlib import Path

from fastapi import APIRouter

from mailboxes.restoring import restoring
from mailboxes.routes import life_events, mailboxes, members
from mailboxes.start import started
from mailboxes.use_cases.recover_mailboxes import purge

ROUTER = APIRouter()
for _routes in (mailboxes, members, life_events):
    ROUTER.include_router(_routes.router)

MIGRATIONS = Path(__file__).parent / "migrations"
SEALED_TABLES = ("mailbox", "reader_key", "suspension", "recovery")
"""Small tables of at most one row a member, which the daily seal rewrites in random order."""

GATE = SEALED_TABLES[0]
"""What readers of one moment hold, so that no seal changes tables under them (`chassis.database.Database.moment`)."""

__all__ = ["GATE", "MIGRATIONS", "ROUTER", "SEALED_TABLES", "purge", "restoring", "started"]
