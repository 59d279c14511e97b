"""A walking contest for the drill's members: units of the insurer's roster at programs, as finely as ten members allow."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.database import Database
from local.system import System
from programs.use_cases.contests import put_contest
from protocol.deployment import Deployment
from protocol.messages.contests import Contest
from registrar.run import Desk
from registrar.units import publish_units

_LONG_AGO, _LONG = timedelta(days=40), timedelta(days=90)


async def begin_contest(system: System, deployment: Deployment, officers: Sequence[Path]) -> bytes:
    """Bring the roster's units to programs, define a contest as its manager would, and return its id."""
    now = datetime.now(UTC)
    first = now.date() - _LONG_AGO
    await publish_units(Desk(system.layout.registrar, deployment, officers), now.date() - timedelta(days=30), None)
    said = Contest(
        id=secrets.token_bytes(16),
        title="架空の歩活",
        teams="units",
        enter_from=first,
        enter_until=first + _LONG,
        first=first,
        last=first + _LONG,
    )
    db = await Database.open(system.owner_urls["programs"])
    try:
        await put_contest(db, said, now)
    finally:
        await db.close()
    return said.id
